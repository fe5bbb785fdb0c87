import type { ChatMessage } from '../../shared/message.js'
import type { Clock } from '../clock.js'
import type { Leases } from '../delivery/channel.js'
import type { Log } from '../log.js'
import type { createHandle } from './handle.js'
import { intake, type Accepted, type Inbound } from './intake.js'
import type { Surroundings } from './surroundings.js'

export type { Inbound }

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
  const takeIn = intake(around)

  return {
    /**
     * Stores a message; when this resolves it is safe and will be answered, whatever happens to this process.
     * `fresh` is false when it was stored before. What one person says is stored in the order it is handed in.
     */
    async accept(inbound: Inbound): Promise<Accepted> {
      handle.storing(1)
      try {
        const accepted = await takeIn(inbound)
        if (accepted.fresh) handle.background(accepted.conversation, () => isUrgent(inbound.text))
        return accepted
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
