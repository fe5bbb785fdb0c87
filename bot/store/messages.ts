import { Schema, type Connection, Types } from 'mongoose'
import type { Author, Bubble, ChatMessage } from '../../shared/message.js'
import { bytes } from './conversations.js'
import type { Vault } from './crypto.js'

/** A person's message as it waits to be answered. */
export interface Waiting {
  id: string
  text: string
  /** What kind of thing arrived: text, or something the machine cannot read. */
  unreadable: boolean
  receivedAt: Date
  attempts: number
}

/** A reply on its way out. */
export interface Outgoing {
  id: string
  number: number
  key: string
  from: Author
  bubble: Bubble
  attempts: number
}

interface Doc {
  _id: Types.ObjectId
  conversation: Types.ObjectId
  /** Position in the conversation, given under the lease; null while a message waits. */
  number: number | null
  /** Unique: what makes receiving twice and answering twice impossible. */
  key: string
  from: Author
  body: Buffer
  at: Date
  /** Inbound: not answered yet. */
  waiting: boolean
  /** Outbound: not handed to the channel yet. */
  sending: boolean
  attempts: number
  expiresAt: Date
}

const schema = new Schema<Doc>(
  {
    conversation: { type: Schema.Types.ObjectId, required: true },
    number: { type: Number, default: null },
    key: { type: String, required: true },
    from: { type: String, required: true },
    body: { type: Buffer, required: true },
    at: { type: Date, required: true },
    waiting: { type: Boolean, required: true },
    sending: { type: Boolean, required: true },
    attempts: { type: Number, required: true },
    expiresAt: { type: Date, required: true },
  },
  { versionKey: false, strict: 'throw' },
)
schema.index({ key: 1 }, { unique: true })
schema.index({ conversation: 1, number: 1 })
schema.index({ waiting: 1, at: 1 }, { partialFilterExpression: { waiting: true } })
schema.index({ sending: 1, at: 1 }, { partialFilterExpression: { sending: true } })
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 })

interface Body extends Bubble {
  unreadable?: boolean
  /** The client's own id. */
  id?: string
}

const DUPLICATE = 11000
const isDuplicate = (error: unknown) => (error as { code?: unknown }).code === DUPLICATE

export type Messages = ReturnType<typeof messages>

/** Messages: the truth of a conversation. */
export function messages(connection: Connection, vault: Vault) {
  const model = connection.model('message', schema)
  const seal = (body: Body, conversation: string) =>
    vault.seal(JSON.stringify(body), `message:${conversation}`)
  const open = (doc: Doc) =>
    JSON.parse(vault.open(bytes(doc.body), `message:${String(doc.conversation)}`)) as Body

  return {
    model,

    /** Stores what a person sent. False when this key was stored before: the platform or the page repeated itself. */
    async receive(inbound: {
      conversation: string
      key: string
      clientId?: string
      text: string
      unreadable: boolean
      at: Date
      expiresAt: Date
    }): Promise<boolean> {
      const { conversation, key, clientId, text, unreadable, at, expiresAt } = inbound
      const body = seal({ text, unreadable, id: clientId }, conversation)
      try {
        const owner = new Types.ObjectId(conversation)
        const row = { conversation: owner, number: null, key, from: 'person' as const, body, at }
        await model.create({ ...row, waiting: true, sending: false, attempts: 0, expiresAt })
        return true
      } catch (error) {
        if (isDuplicate(error)) return false
        throw error
      }
    },

    /** The person's messages that wait for an answer, oldest first. */
    async waiting(conversation: string): Promise<Waiting[]> {
      const docs = await model.find({ conversation, waiting: true }).sort({ at: 1, _id: 1 }).lean<Doc[]>()
      return docs.map((doc) => {
        const body = open(doc)
        const { text, unreadable = false } = body
        return { id: String(doc._id), text, unreadable, receivedAt: doc.at, attempts: doc.attempts }
      })
    },

    /** Counts a failed try to answer. */
    async tried(ids: string[]): Promise<void> {
      await model.updateMany({ _id: { $in: ids } }, { $inc: { attempts: 1 } })
    },

    /** Marks the person's messages as answered and gives them their numbers. */
    async answered(handled: { messageId: string; number: number }[]): Promise<void> {
      await model.bulkWrite(
        handled.map(({ messageId, number }) => ({
          updateOne: {
            filter: { _id: new Types.ObjectId(messageId) },
            update: { $set: { waiting: false, number } },
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

    /** Replies not handed to their channel yet, in order. */
    async outgoing(conversation: string): Promise<Outgoing[]> {
      const docs = await model.find({ conversation, sending: true }).sort({ number: 1 }).lean<Doc[]>()
      return docs.map((doc) => ({
        id: String(doc._id),
        number: doc.number ?? 0,
        key: doc.key,
        from: doc.from,
        bubble: open(doc),
        attempts: doc.attempts,
      }))
    },

    /** Handed to the channel. */
    async sent(ids: string[]): Promise<void> {
      await model.updateMany({ _id: { $in: ids } }, { $set: { sending: false } })
    },

    /** Numbered messages after `after`, oldest first, as the web chat shows them. */
    async after(conversation: string, after: number, most: number): Promise<ChatMessage[]> {
      const docs = await model
        .find({ conversation, number: { $gt: after } })
        .sort({ number: 1 })
        .limit(most)
        .lean<Doc[]>()
      return docs.map((doc) => {
        const { text, buttons, citations, lines, cleared, id } = open(doc)
        const place = { number: doc.number ?? 0, from: doc.from, at: doc.at.toISOString(), id }
        return { ...place, text, buttons, citations, lines, cleared }
      })
    },

    /** Conversations with a message that waits or a reply that was not sent, received before `before`. */
    async unfinished(before: Date, most: number): Promise<string[]> {
      const found = await Promise.all([
        model
          .find({ waiting: true, at: { $lte: before } }, { conversation: 1 })
          .sort({ at: 1 })
          .limit(most)
          .lean(),
        model
          .find({ sending: true, at: { $lte: before } }, { conversation: 1 })
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
