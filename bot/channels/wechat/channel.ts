import type { ChannelStatus } from '../../../shared/channel.js'
import type { ChannelParts } from '../../conversation/inbox.js'
import type { Adapter, OutgoingMessage } from '../../delivery/channel.js'
import { SendFailure } from '../../delivery/failure.js'
import { windowed } from '../../delivery/windows.js'
import { wechatApi } from './api.js'
import type { Bot } from './bot.js'
import { ensureMenu } from './menu.js'
import { notices } from './notices.js'
import type { PuppetOfficialAccount } from './puppet.js'
import { webhook } from './router.js'
import { stableToken } from './token.js'
import { standing, stateOf } from './standing.js'
import { verifier } from './verify.js'

export interface WechatParts extends ChannelParts {
  appId?: string
  secret?: string
  token?: string
  aesKey?: string
  apiRoot: string
}

const NAME = 'wechat'
/** The platform takes 2,048 bytes of text: Chinese has three a unit. */
const MAX_TEXT = 680
/** The platform asks again after five seconds. */
const STORE_MS = 4_500

/** 公众号 客服消息: 5 within 48 h of a message, of which 3 are the human's; 3 within a minute of an event. A little less than the platform grants. */
const WINDOWS = windowed({
  message: { ms: 48 * 3_600_000 - 60_000, most: 5, bot: 2 },
  event: { ms: 55_000, most: 3 },
})

/** The 公众号 at /channels/wechat. */
export function wechatChannel(parts: WechatParts): Adapter {
  const { appId, secret, token, aesKey, apiRoot, clock, log, leases, inbox, publicUrl } = parts
  const root = apiRoot.replace(/\/$/, '')
  const missing = Object.entries({
    WECHAT_APP_ID: appId,
    WECHAT_APP_SECRET: secret,
    WECHAT_TOKEN: token,
  }).flatMap(([name, value]) => (value ? [] : [name]))
  const api = appId && secret ? wechatApi(root, stableToken({ root, appId, secret, leases, clock })) : null
  const templates = api && notices(api)
  const heard = standing()
  let running: { bot: Bot; puppet: PuppetOfficialAccount } | null = null

  const router =
    appId && token
      ? webhook({
          verify: verifier({ appId, token, aesKey }),
          clock,
          on: () => running !== null,
          hasRoom: () => running?.bot.hasRoom() === true,
          store: async (arrival) => running?.puppet.arrive(arrival, clock.now(), STORE_MS),
          seen: (what) => {
            heard.saw(what, clock.now())
            if (what !== 'believed') log.warn({ why: what }, 'wechat.refused')
          },
        })
      : null

  const channel = {
    name: NAME,
    fetches: false,
    capabilities: { maxText: MAX_TEXT, buttons: 0, cards: false, joins: true },
    allowance: WINDOWS,

    async send({ address, bubble }: OutgoingMessage): Promise<void> {
      if (!running) throw new SendFailure('temporary', undefined, 'off')
      await running.bot.say(address, bubble.text)
    },

    async notify({ address, key, bubble, template }: OutgoingMessage & { template: string }) {
      if (!templates) throw new SendFailure('temporary', undefined, 'off')
      return templates.send(
        { openId: address, template, key, text: bubble.text, url: publicUrl },
        clock.now(),
      )
    },
  }

  const status = async (): Promise<ChannelStatus> => {
    const base = { name: NAME, missing, register: registerOf(publicUrl), since: clock.now().toISOString() }
    if (missing.length > 0 || !api) return { ...base, on: false, state: 'off' }
    try {
      await api.call('/cgi-bin/get_api_domain_ip')
    } catch (error) {
      return { ...base, on: true, ...stateOf(error, root) }
    }
    const fault = heard.fault(clock.now())
    if (fault) return { ...base, on: true, state: 'failing', why: fault }
    return { ...base, on: true, state: 'ok', ...(heard.believedAt() ? {} : { why: NOTHING_YET }) }
  }

  return {
    channel,
    missing,
    register: registerOf(publicUrl),
    router,
    status,

    async start() {
      if (running || missing.length > 0 || !appId || !api) return
      // wechaty takes a second to load: only who uses it pays.
      const { wechatyBot } = await import('./bot.js')
      const { PuppetOfficialAccount } = await import('./puppet.js')
      const puppet = new PuppetOfficialAccount({
        appId,
        sendText: (openId, text) => api.sendText(openId, text),
      })
      const bot = wechatyBot({
        puppet,
        log,
        accept: (arrival) => inbox.accept({ ...arrival, channel: NAME }),
      })
      await bot.start()
      running = { bot, puppet }
      ensureMenu(api).catch((error: unknown) => log.warn({ err: error }, 'wechat.no-menu'))
    },

    async stop() {
      const was = running
      running = null
      await was?.bot.stop()
    },
  }
}

const NOTHING_YET = '还没有收到公众号的消息。请在公众平台“服务器配置”里填好下面的地址和令牌，再点“启用”。'

const registerOf = (publicUrl?: string) => [
  {
    what: '服务器地址（URL）',
    value: publicUrl
      ? `${publicUrl.replace(/\/$/, '')}/channels/${NAME}`
      : '先设 PUBLIC_URL（https 开头的外网地址）',
  },
  { what: '令牌（Token）', value: '和 WECHAT_TOKEN 一样' },
  { what: '消息加解密密钥（EncodingAESKey）', value: '和 WECHAT_AES_KEY 一样' },
  { what: '消息加解密方式', value: '安全模式' },
  { what: 'IP 白名单', value: '这台服务器的外网 IP' },
]
