import { randomBytes, randomUUID } from 'node:crypto'
import type { Author, Bubble } from '../../shared/message.js'
import type { Channel, OutgoingMessage, Taken } from '../../bot/delivery/channel.js'
import { sendOutgoing, type SendParts } from '../../bot/delivery/send.js'
import { windowed } from '../../bot/delivery/windows.js'
import { createLog } from '../../bot/log.js'
import { createPeople } from '../../bot/people/people.js'
import { createVault } from '../../bot/store/crypto.js'
import { openStore, type Store } from '../../bot/store/store.js'

export const HOUR = 3_600_000

/** A store with one channel on it whose network does what the test says. */
export async function openHouse(open?: Store) {
  const place = process.env.MONGODB_URI ? { uri: process.env.MONGODB_URI } : { memory: true as const }
  const store = open ?? (await openStore(place, createVault(randomBytes(32))))
  let time = Date.now()
  const clock = { now: () => new Date(time) }
  const people = createPeople(store)

  /** A network that counts like the 公众号 does; `next` answers the calls to come, one each, and then all is taken. */
  function network(given: Partial<Channel> = {}) {
    const name = `net-${randomUUID()}`
    const sent: OutgoingMessage[] = []
    const noticed: (OutgoingMessage & { template: string })[] = []
    const next: (() => Promise<Taken>)[] = []
    const channel: Channel = {
      name,
      fetches: false,
      capabilities: { maxText: 600, buttons: 0, cards: false, joins: true },
      allowance: windowed({
        message: { ms: 48 * HOUR, most: 5, bot: 2 },
        event: { ms: 60_000, most: 3 },
      }),
      send: (message) => {
        sent.push(message)
        return next.shift()?.() ?? Promise.resolve({ receipt: `r${sent.length}` })
      },
      ...given,
    }
    return { channel, sent, noticed, next, name }
  }
  type Network = ReturnType<typeof network>

  /** Somebody on that network, who has just written. */
  async function someone({ channel, name }: Network) {
    const address = randomUUID()
    const far = new Date(time + 30 * 24 * HOUR)
    const id = await store.conversations.open(name, address, clock.now(), far)
    let number = 0
    const parts: SendParts = {
      store,
      clock,
      log: createLog('silent'),
      people,
      template: () => Promise.resolve(null),
      keepLease: () => Promise.resolve(true),
    }
    const writes = () => store.recipients.heard(name, address, clock.now(), far)
    await writes()
    return {
      id,
      address,
      writes,
      does: (event: 'subscribe' | 'menu' | 'scan' | 'unsubscribe') =>
        store.recipients.event(name, address, event, clock.now(), far),
      /** What is said to them in one go. */
      say: async (
        from: Author,
        bubbles: (Bubble | string)[],
        key: string = randomBytes(12).toString('hex'),
      ) => {
        const rows = bubbles.map((bubble, i) => ({
          key: bubbles.length > 1 ? `${key}:${i}` : key,
          number: ++number,
          from,
          bubble: typeof bubble === 'string' ? { text: bubble } : bubble,
        }))
        await store.messages.keep(id, rows, clock.now(), far, true)
      },
      send: (more: Partial<SendParts> = {}) => sendOutgoing({ ...parts, ...more }, channel, { id, address }),
      transits: async () =>
        (await store.messages.all(id, 100)).map(({ text, transit }) => ({ text, ...transit })),
      facts: () => store.recipients.find(name, address),
    }
  }

  return {
    store,
    clock,
    people,
    network,
    someone,
    pass: (ms: number) => (time += ms),
    close: () => store.close(),
  }
}
export type House = Awaited<ReturnType<typeof openHouse>>
