import type { Router } from 'express'
import { telegramChannel } from './channels/telegram/channel.js'
import { webAdapter } from './channels/web/channel.js'
import { wechatChannel } from './channels/wechat/channel.js'
import { wechatyChannel } from './channels/wechat/other-puppet.js'
import type { Config } from './config.js'
import type { ChannelParts } from './conversation/inbox.js'
import type { Adapter } from './delivery/channel.js'

/** What a network shows of the content that is live. */
export interface Shown {
  /** The web chat's routes. */
  web: Router
  /** The topics a menu of commands offers. */
  topics: Parameters<typeof telegramChannel>[0]['topics']
  /** A sentence of intents/system/. */
  say: (name: string) => string
}

/** Every network: a new one is one folder in channels/ and one line here. */
export function networks(config: Config, parts: ChannelParts, { web, topics, say }: Shown): Adapter[] {
  return [
    webAdapter(web, config.PUBLIC_URL),
    wechatChannel({
      ...parts,
      appId: config.WECHAT_APP_ID,
      secret: config.WECHAT_APP_SECRET,
      token: config.WECHAT_TOKEN,
      aesKey: config.WECHAT_AES_KEY,
      apiRoot: config.WECHAT_API_ROOT,
    }),
    ...(config.WECHATY_PUPPET
      ? [wechatyChannel({ ...parts, puppet: config.WECHATY_PUPPET, token: config.WECHATY_TOKEN })]
      : []),
    telegramChannel({
      ...parts,
      token: config.TELEGRAM_BOT_TOKEN,
      secret: config.TELEGRAM_WEBHOOK_SECRET,
      apiRoot: config.TELEGRAM_API_ROOT,
      proxy: config.HTTPS_PROXY,
      topics,
      about: () => ['talk.hello', 'talk.first-time', 'notice.short', 'notice.abroad'].map(say).join(''),
    }),
  ]
}
