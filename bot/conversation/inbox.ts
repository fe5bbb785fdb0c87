import type { InboundEvent, Unreadable } from '../../shared/channel.js'
import type { ChatMessage } from '../../shared/message.js'
import type { Clock } from '../clock.js'
import type { Leases } from '../delivery/channel.js'
import type { Log } from '../log.js'
import type { createHandle } from './handle.js'
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

/** What every channel's folder is given, beside its own settings. */
export interface ChannelParts {
  inbox: Inbox
  clock: Clock
  log: Log
  /** What only one process does at a time, and the sealed value they share: long polling, a token. */
  leases: Leases
  /** How the outside reaches this server; absent: no webhook can. */
  publicUrl?: string
}

/** A channel's way in, and the person's own view of the conversation. */
export type Inbox = ReturnType<typeof createInbox>

/** How much history one page of a stream reads. */
const PAGE = 200

export function createInbox(around: Surroundings, handle: ReturnType<typeof createHandle>) {
  const { store, clock } = around
  const isUrgent = (text: string) => around.knowledge().brain.assess(text).level === 'urgent'
  const inTurn = queues()

  async function accept(inbound: Inbound): Promise<{ conversation: string; fresh: boolean }> {
    const { channel, address, key: id, text, unreadable, event } = inbound
    const now = clock.now()
    const expiresAt = expiry(around, now)
    const key = store.vault.hash(`${channel}:${address}:${id}`)
    const windows = around.channels.get(channel)?.fetches !== true
    const [conversation, known] = await Promise.all([
      store.conversations.open(channel, address, now, expiresAt),
      windows && store.messages.known(key),
    ])
    // The window first: nothing that is answered may find it closed. What is known already opens none.
    if (windows && !known) {
      if (event && event !== 'edit') await store.recipients.event(channel, address, event, now, expiresAt)
      else await store.recipients.heard(channel, address, now, expiresAt)
    }
    const row = { conversation, key, clientId: id, text, unreadable, event, at: now, expiresAt }
    const fresh = await store.messages.receive(row)
    if (fresh) handle.background(conversation, () => isUrgent(text))
    return { conversation, fresh }
  }

  return {
    /**
     * Stores a message; when this resolves it is safe and will be answered, whatever happens to this process.
     * `fresh` is false when it was stored before. What one person says is stored in the order it is handed in.
     */
    async accept(inbound: Inbound): Promise<{ conversation: string; fresh: boolean }> {
      handle.storing(1)
      try {
        return await inTurn(`${inbound.channel}:${inbound.address}`, () => accept(inbound))
      } finally {
        handle.storing(-1)
      }
    },

    /** The conversation at an address, or null before the first word. */
    find: (channel: string, address: string): Promise<string | null> =>
      store.conversations.find(channel, address),

    /** What was said after message number `after`, oldest first, at most a page. */
    after: (conversation: string, after: number): Promise<ChatMessage[]> =>
      store.messages.after(conversation, after, PAGE),

    /** Deletes the conversation at an address with all its words (个人信息保护法 第四十七条). */
    async forget(channel: string, address: string): Promise<void> {
      const conversation = await store.conversations.find(channel, address)
      if (!conversation) return
      const erase = async () => {
        await store.messages.eraseAll(conversation)
        await store.escalations.close(conversation, clock.now())
      }
      await erase()
      await store.conversations.remove(conversation)
      await around.people.forget(channel, address)
      await store.recipients.forget(channel, address)
      // What an answer in flight kept meanwhile; what it keeps after this it takes back itself.
      await erase()
      await store.feed.publish(conversation)
      await store.feed.publish('desk')
    },
  }
}

/** Work of the same name is done one after the other, whether it succeeds or fails. */
function queues() {
  const last = new Map<string, Promise<unknown>>()
  return async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const before = last.get(name)
    const done = before ? before.then(work, work) : work()
    last.set(name, done)
    try {
      return await done
    } finally {
      if (last.get(name) === done) last.delete(name)
    }
  }
}
