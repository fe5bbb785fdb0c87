import type { ChannelStatus } from '../../../shared/channel.js'
import type { SendFailure } from '../../delivery/failure.js'

/** How the channel stands, and in plain words why. */
export type Standing = Pick<ChannelStatus, 'state' | 'why'>

/** What getWebhookInfo says, as far as it concerns us. */
export interface WebhookInfo {
  url?: string
  pending_update_count: number
  /** Telegram's newest failure to reach us, in seconds since 1970, and its words. */
  last_error_date?: number
  last_error_message?: string
}

/** How long a failure to reach us counts, while something waits. */
const REMEMBER_MS = 60 * 60_000

/** Why Telegram could not hand a message over (the wording of its answers), and what helps. */
const REACH: [said: RegExp, why: string][] = [
  [/ssl|certificate|tls/i, '证书不对。请给 PUBLIC_URL 的网址换上正规、没过期的 https 证书'],
  [/timed? ?out/i, '等太久没有回音。请检查这台服务器能不能从外网打开'],
  [/refused|unreachable|reset/i, '连不上。请检查防火墙和反向代理'],
  [/resolve|name/i, '网址找不到。请核对 PUBLIC_URL 的域名'],
  [/401|403/, '密钥对不上。请重启这台服务器，让它重新登记'],
  [/404/, '地址不对。反向代理要把 /channels/telegram 原样转过来'],
  [/50\d/, '这台服务器出错了。请看它的日志'],
]

/** What a failed call to Telegram means for the channel, in plain words. */
export function standingOf({ kind, code = '', retryAfterMs = 0 }: SendFailure, apiRoot: string): Standing {
  if (code === 'http-401')
    return {
      state: 'dead',
      why: '令牌不对，或者已经作废。请在 BotFather 里发 /token 重新取，再改 TELEGRAM_BOT_TOKEN。',
    }
  if (code === 'http-404')
    return {
      state: 'dead',
      why: '没有这个机器人。请核对 TELEGRAM_BOT_TOKEN（像 123456:ABC…），也看看 TELEGRAM_API_ROOT 有没有指错。',
    }
  if (code === 'http-409')
    return { state: 'failing', why: '有别的程序在用同一个机器人收消息。请停掉那一个，或者换一个令牌。' }
  if (kind === 'limited')
    return {
      state: 'failing',
      why: `Telegram 说请求太多，要等 ${Math.ceil(retryAfterMs / 1000)} 秒。会自己好。`,
    }
  if (code === 'http-400')
    return {
      state: 'dead',
      why: 'Telegram 不收这个地址。PUBLIC_URL 要用 https 开头，端口只能是 443、80、88、8443。',
    }
  if (code.startsWith('http-'))
    return { state: 'failing', why: `Telegram 接口回了 ${code.slice(5)}，过一会儿再看。` }
  const host = new URL(apiRoot).host
  return {
    state: 'failing',
    why: `连不上 ${host}。有的网络到不了 Telegram：请设 HTTPS_PROXY（代理），或把 TELEGRAM_API_ROOT 指到能到的地址。`,
  }
}

/** Whether Telegram brings its messages to us, in plain words. */
export function hookStanding(info: WebhookInfo, expected: string, now: Date): Standing {
  const { url, pending_update_count: pending, last_error_date: failedAt = 0, last_error_message = '' } = info
  if (!url) return { state: 'failing', why: '还没有在 Telegram 登记好接收消息的地址，正在重试。' }
  if (url !== expected)
    return {
      state: 'failing',
      why: '这个机器人的消息送到了别的服务器。一个机器人只能给一台用：请停掉那一台，再重启这一台。',
    }
  if (pending === 0 || now.getTime() - failedAt * 1000 > REMEMBER_MS) return { state: 'ok' }
  const why = REACH.find(([said]) => said.test(last_error_message))?.[1] ?? '请检查这台服务器能不能从外网打开'
  return { state: 'failing', why: `有 ${pending} 条消息送不到这里：${why}。` }
}
