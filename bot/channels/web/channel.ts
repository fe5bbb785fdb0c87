import type { Channel } from '../../delivery/channel.js'

/** The web chat as a channel: the page fetches by itself, so nothing is handed out. */
export const webChannel: Channel = {
  name: 'web',
  fetches: true,
  capabilities: { maxText: 20_000, buttons: 8, cards: true },
  send: () => Promise.resolve(),
}
