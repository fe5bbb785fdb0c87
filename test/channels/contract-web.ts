import { randomUUID } from 'node:crypto'
import { webAdapter } from '../../bot/channels/web/channel.js'
import { webRouter } from '../../bot/channels/web/router.js'
import { client } from '../server.js'
import type { Driver, Someone } from './contract.js'

/** The web chat: a browser is the network. */
export const web: Driver = {
  name: 'web',
  has: {
    handed: false,
    receipts: false,
    window: null,
    refuses: null,
    leaving: false,
    fails: [],
    repeats: true,
    buttons: true,
    outside: true,
    abroad: false,
  },

  open({ url }) {
    const someone = async (): Promise<Someone> => {
      const browser = await client(url)
      return {
        // A token is the address, its day and a seal.
        address: browser.token.split('.')[0] as string,
        says: (text) => browser.say(text),
        async repeats(text) {
          const id = randomUUID()
          await Promise.all([browser.say(text, id), browser.say(text, id)])
          await browser.say(text, id)
        },
        reads: async () =>
          (await browser.history())
            .filter(({ from }) => from !== 'person')
            .map(({ text, buttons }) => ({ text, ...(buttons ? { buttons } : {}) })),
        presses: (label) => browser.say(label),
      }
    }

    const post = (token: string, body: string | Uint8Array, type = 'application/json') =>
      fetch(`${url}/channels/web/messages`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': type },
        body,
      })
    const good = () => JSON.stringify({ id: randomUUID(), text: '你好' })

    return Promise.resolve({
      make: ({ inbox, clock, store, publicUrl }) =>
        webAdapter(
          webRouter({
            inbox,
            clock,
            feed: store.feed,
            sign: (text) => store.vault.hash(text),
            hello: () => ({
              ...{ demo: true, demoText: '', hello: [], buttons: [], lines: [] },
              notice: { short: '', full: [] },
            }),
            say: () => '读不懂',
            onError: () => undefined,
          }),
          publicUrl,
        ),
      someone,
      fail: () => undefined,
      hostile: ({ address }) => {
        const forged = `${address}.zzz.${'0'.repeat(32)}`
        const fresh = async () => (await client(url)).token
        return [
          { what: 'a forged session', send: () => post(forged, good()), status: 401 },
          {
            what: 'a huge body',
            send: async () =>
              post(await fresh(), JSON.stringify({ id: randomUUID(), text: '字'.repeat(200_000) })),
            status: 413,
          },
          {
            what: 'deep nesting',
            send: async () => post(await fresh(), '['.repeat(100_000)),
            status: 400,
          },
          {
            what: 'another encoding',
            send: async () => post(await fresh(), Buffer.from(good(), 'utf16le')),
            status: 400,
          },
          {
            what: 'an encoding nobody knows',
            send: async () => post(await fresh(), good(), 'application/json; charset=gbk'),
            status: 400,
          },
          {
            what: 'fields of a database query',
            send: async () => post(await fresh(), JSON.stringify({ id: { $ne: null }, text: 'x' })),
            status: 400,
          },
        ]
      },
      stop: () => Promise.resolve(),
    })
  },
}
