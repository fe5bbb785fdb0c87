import type { Router } from 'express'
import type { ChannelStatus } from '../../../shared/channel.js'
import type { Adapter, Channel } from '../../delivery/channel.js'

/** The web chat as a channel: the page fetches by itself, so nothing is handed out. */
export const webChannel: Channel = {
  name: 'web',
  fetches: true,
  capabilities: { maxText: 20_000, buttons: 8, cards: true },
  send: () => Promise.resolve(),
}

/** The web chat with its interface: it needs no platform, and is there as long as the server is. */
export function webAdapter(router: Router, publicUrl?: string): Adapter {
  const register = publicUrl ? [{ what: '网页聊天的地址', value: publicUrl }] : []
  const status: ChannelStatus = {
    ...{ name: webChannel.name, on: true, missing: [], register, state: 'ok' },
    since: new Date(0).toISOString(),
  }
  return {
    channel: webChannel,
    missing: [],
    register,
    router,
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    status: () => Promise.resolve(status),
  }
}
