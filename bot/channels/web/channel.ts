import type { Channel } from '../../delivery/channel.js'

/** The web chat as a channel: the page fetches by itself, so a recorded message is on its way. */
export const webChannel: Channel = {
  name: 'web',
  capabilities: { maxText: 20_000, buttons: 8, cards: true },
  send: () => Promise.resolve(),
}
