import { Types, type Connection } from 'mongoose'
import type { InboundEvent, Unreadable } from '../../shared/channel.js'
import type { Author, Bubble, ChatMessage } from '../../shared/message.js'
import type { Counselor } from './counselor.js'
import type { Vault } from './crypto.js'
import {
  messageModel,
  messageSeals,
  type DeskRow,
  type MessageDoc,
  type Waiting,
} from './message-document.js'
import { outbox } from './outbox.js'

const DUPLICATE = 11000
const isDuplicate = (error: unknown) => (error as { code?: unknown }).code === DUPLICATE

/** What a person sent, on its way into the store. */
export interface InboundRow {
  conversation: string
  key: string
  clientId?: string
  text: string
  unreadable?: Unreadable
  event?: InboundEvent
  at: Date
  expiresAt: Date
}

export type Messages = ReturnType<typeof messages>

/** Messages: the truth of a conversation. */
export function messages(connection: Connection, vault: Vault) {
  const model = messageModel(connection)
  const seals = messageSeals(vault)
  const { seal, openWaiting, rowOf } = seals

  type Fresh = Omit<MessageDoc, '_id' | 'attempts' | 'number' | 'waiting' | 'sending'>
  const waitingRow = (row: Fresh) => ({ ...row, number: null, waiting: true, sending: false, attempts: 0 })

  const insert = async (row: Fresh) => {
    try {
      await model.create(waitingRow(row))
      return true
    } catch (error) {
      if (isDuplicate(error)) return false
      throw error
    }
  }

  const rowOfPerson = (inbound: InboundRow): Fresh => {
    const { conversation, key, clientId, text, unreadable, event, at, expiresAt } = inbound
    const body = seal({ text, unreadable, event, id: clientId }, conversation)
    return { conversation: new Types.ObjectId(conversation), key, from: 'person', body, at, expiresAt }
  }

  return {
    model,
    ...outbox(model, seals),

    /** Stores what a person sent. False when this key was stored before: the platform or the page repeated itself. */
    receive: (inbound: InboundRow): Promise<boolean> => insert(rowOfPerson(inbound)),

    /** The same for many in one round trip, in their order; for each whether it was stored now. */
    async receiveAll(inbound: readonly InboundRow[]): Promise<boolean[]> {
      const rows = inbound.map((each) => ({ insertOne: { document: waitingRow(rowOfPerson(each)) } }))
      try {
        await model.bulkWrite(rows, { ordered: false })
        return inbound.map(() => true)
      } catch (error) {
        const { writeErrors } = error as { writeErrors?: { code: number; index: number }[] }
        if (!writeErrors?.length || writeErrors.some(({ code }) => code !== DUPLICATE)) throw error
        const known = new Set(writeErrors.map(({ index }) => index))
        return inbound.map((_, i) => !known.has(i))
      }
    },

    /**
     * Stores what a counselor or the system says to the person; the conversation's next look numbers it and hands
     * it to the channel. False when this key was stored before.
     */
    async submit(outward: {
      conversation: string
      key: string
      from: 'counselor' | 'system'
      bubble: Bubble
      staff?: Counselor
      at: Date
      expiresAt: Date
    }): Promise<boolean> {
      const { conversation, key, from, bubble, staff, at, expiresAt } = outward
      const body = seal({ ...bubble, ...(staff ? { staff } : {}) }, conversation)
      return insert({ conversation: new Types.ObjectId(conversation), key, from, body, at, expiresAt })
    },

    /** Whether a message is kept under this key. */
    async known(key: string): Promise<boolean> {
      return (await model.exists({ key })) !== null
    },

    /** Those of these keys under which a message is kept. */
    async knownOf(keys: readonly string[]): Promise<Set<string>> {
      const docs = await model.find({ key: { $in: keys } }, { key: 1, _id: 0 }).lean<{ key: string }[]>()
      return new Set(docs.map(({ key }) => key))
    },

    /** What waits for its number, oldest first. */
    async waiting(conversation: string): Promise<Waiting[]> {
      const docs = await model
        .find({ conversation, waiting: true })
        .sort({ at: 1, _id: 1 })
        .lean<MessageDoc[]>()
      return docs.map((doc) => {
        const { text, unreadable = null, event = null } = openWaiting(doc)
        const { from, at: receivedAt, attempts } = doc
        return { id: String(doc._id), from, text, unreadable, event, receivedAt, attempts }
      })
    },

    /** Counts a failed try to answer. */
    async tried(ids: string[]): Promise<void> {
      await model.updateMany({ _id: { $in: ids } }, { $inc: { attempts: 1 } })
    },

    /**
     * Gives messages their numbers: a person's are answered, outward ones are on their way. `sending`: the channel
     * must be handed those. Done again it changes nothing.
     */
    async answered(
      handled: { messageId: string; number: number; outward?: boolean }[],
      sending: boolean,
    ): Promise<void> {
      if (handled.length === 0) return
      await model.bulkWrite(
        handled.map(({ messageId, number, outward }) => ({
          updateOne: {
            filter: { _id: new Types.ObjectId(messageId), waiting: true },
            update: { $set: { waiting: false, number, ...(outward && sending ? { sending } : {}) } },
          },
        })),
      )
    },

    /** Keeps replies under their keys; those kept before stay as they are. `sending`: the channel must be handed them. */
    async keep(
      conversation: string,
      replies: { key: string; number: number; from: Author; bubble: Bubble }[],
      at: Date,
      expiresAt: Date,
      sending: boolean,
    ): Promise<void> {
      const owner = new Types.ObjectId(conversation)
      try {
        await model.insertMany(
          replies.map(({ key, number, from, bubble }) => ({
            conversation: owner,
            number,
            key,
            from,
            body: seal(bubble, conversation),
            at,
            waiting: false,
            sending,
            attempts: 0,
            expiresAt,
          })),
          { ordered: false },
        )
      } catch (error) {
        if (!isDuplicate(error)) throw error
      }
    },

    /** Numbered messages after `after`, oldest first, as the web chat shows them. */
    async after(conversation: string, after: number, most: number): Promise<ChatMessage[]> {
      const docs = await model
        .find({ conversation, number: { $gt: after } })
        .sort({ number: 1 })
        .limit(most)
        .lean<MessageDoc[]>()
      return docs.map((doc) => {
        const { unreadable: _, event: __, staff: ___, transit: ____, ...row } = rowOf(doc)
        return row
      })
    },

    /** The whole conversation as the desk reads it, oldest first; what waits for its number stands last. */
    async all(conversation: string, most: number): Promise<DeskRow[]> {
      const owner = new Types.ObjectId(conversation)
      const [numbered, waiting] = await Promise.all([
        model
          .find({ conversation: owner, number: { $gt: 0 } })
          .sort({ number: -1 })
          .limit(most)
          .lean<MessageDoc[]>(),
        model.find({ conversation: owner, waiting: true }).sort({ at: 1, _id: 1 }).lean<MessageDoc[]>(),
      ])
      return [...numbered.reverse(), ...waiting].map(rowOf)
    },

    /** Conversations with a message that waits or a reply that is due to be sent, received before `before`. */
    async unfinished(before: Date, most: number, now = before): Promise<string[]> {
      const found = await Promise.all([
        model
          .find({ waiting: true, at: { $lte: before } }, { conversation: 1 })
          .sort({ at: 1 })
          .limit(most)
          .lean(),
        model
          .find(
            { sending: true, at: { $lte: before }, $or: [{ retryAt: null }, { retryAt: { $lte: now } }] },
            { conversation: 1 },
          )
          .sort({ at: 1 })
          .limit(most)
          .lean(),
      ])
      return [...new Set(found.flat().map((doc) => String(doc.conversation)))]
    },

    /** Deletes what was said: all numbered messages up to `upTo`, and those just handled. */
    async erase(conversation: string, upTo: number, handled: string[]): Promise<void> {
      const owner = new Types.ObjectId(conversation)
      const ids = handled.map((id) => new Types.ObjectId(id))
      await model.deleteMany({
        conversation: owner,
        $or: [{ number: { $ne: null, $lte: upTo } }, { _id: { $in: ids } }],
      })
    },

    /** Deletes every message of a conversation. */
    async eraseAll(conversation: string): Promise<void> {
      await model.deleteMany({ conversation: new Types.ObjectId(conversation) })
    },
  }
}
