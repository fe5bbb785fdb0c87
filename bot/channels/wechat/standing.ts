import type { ChannelStatus } from '../../../shared/channel.js'
import { SendFailure } from '../../delivery/failure.js'
import { deadBy } from './errcodes.js'
import type { Refusal } from './refused.js'

/** How long a refused request counts, without a believed one since. */
const REMEMBER_MS = 60 * 60_000

/** What helps when the platform's requests are refused. What strangers send (stale, replayed, no XML) says nothing. */
const REFUSED: Partial<Record<Refusal, string>> = {
  signature: '收到的消息签名不对。请核对：公众平台“服务器配置”里的令牌要和 WECHAT_TOKEN 一样。',
  appid: '收到的消息是发给别的公众号的。请核对 WECHAT_APP_ID。',
  plain: '公众平台用的是明文模式，这里设了 WECHAT_AES_KEY。请在公众平台改成“安全模式”。',
  key: '消息解不开。请核对 WECHAT_AES_KEY 和公众平台的消息加解密密钥是否一样。',
}

/** Remembers what the webhook believed and what not. */
export function standing() {
  let believedAt: Date | null = null
  let refused: { why: Refusal; at: Date } | null = null

  return {
    saw(what: 'believed' | Refusal, at: Date): void {
      if (what === 'believed') believedAt = at
      else if (REFUSED[what]) refused = { why: what, at }
    },

    /** What is wrong with what comes in, in plain words; undefined while the newest was believed. */
    fault(now: Date): string | undefined {
      if (!refused || (believedAt && believedAt >= refused.at)) return undefined
      return now.getTime() - refused.at.getTime() < REMEMBER_MS ? REFUSED[refused.why] : undefined
    },

    believedAt: (): Date | null => believedAt,
  }
}

/** What a failed call to the platform means for the channel, in plain words. */
export function stateOf(error: unknown, apiRoot: string): Pick<ChannelStatus, 'state' | 'why'> {
  const code = error instanceof SendFailure ? (error.code ?? '') : ''
  const dead = /^-?\d+$/.test(code) ? deadBy(Number(code)) : undefined
  if (dead) return { state: 'dead', why: `${dead}（${code}）` }
  if (code.startsWith('unreachable'))
    return { state: 'failing', why: `连不上 ${new URL(apiRoot).host}。请检查这台服务器的网络。` }
  if (code.startsWith('http-'))
    return { state: 'failing', why: `微信接口回了 ${code.slice(5)}，过一会儿再看。` }
  if (error instanceof SendFailure && error.kind === 'limited')
    return { state: 'failing', why: `今天或这一分钟调用微信接口太多，消息会晚一点发出（${code}）。` }
  return { state: 'failing', why: `微信没有正常回答，过一会儿再看${code ? `（${code}）` : ''}。` }
}
