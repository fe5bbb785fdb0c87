import type { InboundEvent, Unreadable } from '../../shared/channel.js'
import { expiry, type Surroundings } from './surroundings.js'

/** What a channel hands in, decoded and verified. */
export interface Inbound {
  channel: string
  address: string
  /** The network's own id of the message: unique with channel and address. */
  key: string
  /** The words; empty beside `unreadable`, and where an event brings none. */
  text: string
  /** A picture, a voice without text …: kept and handed on, never ignored. */
  unreadable?: Unreadable
  /** Something done beside writing. `subscribe` is greeted; `unsubscribe` ends what we send; the words of a `menu` are answered. */
  event?: InboundEvent
}

export interface Accepted {
  conversation: string
  /** False when it was stored before. */
  fresh: boolean
}

/** Messages stored in one go: what a batch holds beyond that waits for the next. */
const BATCH = 64

/**
 * Stores what people send, in the order it is handed in. One message at a time is stored by itself; what arrives while
 * another is being stored is stored together with all that arrives, in five round trips instead of four each.
 */
export function intake(around: Surroundings) {
  const { store, clock, log } = around
  const waiting: { inbound: Inbound; end: (outcome: Promise<Accepted>) => void }[] = []
  let storing = false

  const keyOf = ({ channel, address, key }: Inbound) => store.vault.hash(`${channel}:${address}:${key}`)
  const hasWindows = ({ channel }: Inbound) => around.channels.get(channel)?.fetches !== true

  async function storeOne(inbound: Inbound): Promise<Accepted> {
    const { channel, address, event } = inbound
    const now = clock.now()
    const expiresAt = expiry(around, now)
    const key = keyOf(inbound)
    const [conversation, known] = await Promise.all([
      store.conversations.open(channel, address, now, expiresAt),
      hasWindows(inbound) && store.messages.known(key),
    ])
    // The window first: nothing that is answered may find it closed. What is known already opens none.
    if (hasWindows(inbound) && !known) {
      if (event && event !== 'edit') await store.recipients.event(channel, address, event, now, expiresAt)
      else await store.recipients.heard(channel, address, now, expiresAt)
    }
    return { conversation, fresh: await store.messages.receive(rowOf(inbound, conversation, key, now)) }
  }

  async function storeAll(batch: readonly Inbound[]): Promise<Accepted[]> {
    const now = clock.now()
    const expiresAt = expiry(around, now)
    const keys = batch.map(keyOf)
    const [ids, known] = await Promise.all([
      store.conversations.openAll(batch, now, expiresAt),
      store.messages.knownOf(keys),
    ])
    const heard = batch.filter((inbound, i) => hasWindows(inbound) && !known.has(keys[i] as string))
    if (heard.length > 0) await store.recipients.heardAll(heard, now, expiresAt)
    const rows = batch.map((inbound, i) => rowOf(inbound, ids[i] as string, keys[i] as string, now))
    const fresh = await store.messages.receiveAll(rows)
    return batch.map((_, i) => ({ conversation: ids[i] as string, fresh: fresh[i] === true }))
  }

  const rowOf = (
    { key: clientId, text, unreadable, event }: Inbound,
    conversation: string,
    key: string,
    at: Date,
  ) => ({ conversation, key, clientId, text, unreadable, event, at, expiresAt: expiry(around, at) })

  async function work(): Promise<void> {
    if (storing) return
    storing = true
    while (waiting.length > 0) {
      const batch = waiting.splice(0, waiting.length > 1 ? BATCH : 1)
      const all = batch.length > 1 ? storeAll(batch.map(({ inbound }) => inbound)) : null
      // One that cannot be stored takes no other with it: then each is stored by itself, which is done again by its key.
      const together = await all?.catch((error: unknown) => {
        log.warn({ err: error, messages: batch.length }, 'intake.apart')
        return null
      })
      for (const [i, { inbound, end }] of batch.entries()) {
        const one = together?.[i] ? Promise.resolve(together[i]) : storeOne(inbound)
        end(one)
        // Whoever handed it in hears of its failure; here only the order is kept.
        await Promise.allSettled([one])
      }
    }
    storing = false
  }

  /** Stores one after all that was handed in before. */
  return (inbound: Inbound): Promise<Accepted> =>
    new Promise((fulfil) => {
      waiting.push({ inbound, end: fulfil })
      void work()
    })
}
