import { Schema, type Connection, type Types } from 'mongoose'
import type { InboundEvent, Transit, Undelivered, Unreadable } from '../../shared/channel.js'
import type { Author, Bubble, ChatMessage } from '../../shared/message.js'
import { AppError } from '../errors.js'
import type { Counselor } from './counselor.js'
import { bytes, type Vault } from './crypto.js'

/** A message as it waits for its number: a person's, to be answered; or a human's or the system's, to be sent. */
export interface Waiting {
  id: string
  from: Author
  text: string
  /** What kind of thing arrived: text, or something the machine cannot read. */
  unreadable: Unreadable | null
  /** What was done beside writing, or instead of it. */
  event: InboundEvent | null
  receivedAt: Date
  attempts: number
}

/** As the database keeps it. */
export interface MessageDoc {
  _id: Types.ObjectId
  conversation: Types.ObjectId
  /** Position in the conversation, given under the lease; null while a message waits. */
  number: number | null
  /** Unique: what makes receiving twice and answering twice impossible. */
  key: string
  from: Author
  body: Buffer
  at: Date
  /** Has no number yet: a person's is not answered, a counselor's not on its way. */
  waiting: boolean
  /** Outbound: not handed to the channel yet. */
  sending: boolean
  attempts: number
  /** The rest is absent until the first call, and where a channel fetches: see outbox.ts. */
  inFlight?: boolean
  pieces?: number
  most?: number | null
  retryAt?: Date | null
  held?: boolean
  /** It may have arrived twice. */
  doubled?: boolean
  sentAt?: Date
  /** The network's own id of it. */
  receipt?: string | null
  why?: Undelivered
  expiresAt: Date
}

const schema = new Schema<MessageDoc>(
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
    inFlight: { type: Boolean },
    pieces: { type: Number },
    most: { type: Number },
    retryAt: { type: Date },
    held: { type: Boolean },
    doubled: { type: Boolean },
    sentAt: { type: Date },
    receipt: { type: String },
    why: { type: String },
    expiresAt: { type: Date, required: true },
  },
  { versionKey: false, strict: 'throw' },
)
schema.index({ key: 1 }, { unique: true })
schema.index({ conversation: 1, number: 1 })
schema.index({ waiting: 1, at: 1 }, { partialFilterExpression: { waiting: true } })
schema.index({ sending: 1, at: 1 }, { partialFilterExpression: { sending: true } })
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 })

/** What is sealed. */
interface Body extends Bubble {
  unreadable?: Unreadable
  event?: InboundEvent
  /** The client's own id. */
  id?: string
  /** Whose words they are, on a counselor's message. */
  staff?: Counselor
}

/** A message as the desk reads it. */
export interface DeskRow extends ChatMessage {
  unreadable: Unreadable | null
  event: InboundEvent | null
  staff: Counselor | null
  /** Where it is on its way; null for what is fetched, and for what came in. */
  transit: Transit | null
}

/** Where a message is on its way, where a channel has to be handed it. */
function transitOf({ from, sending, inFlight, why, sentAt, doubled = false }: MessageDoc): Transit | null {
  if (from === 'person') return null
  if (sending) return { state: inFlight ? 'in-flight' : 'waiting', why: null, doubled }
  if (why) return { state: 'undelivered', why, doubled }
  return sentAt ? { state: 'sent', why: null, doubled } : null
}

export const messageModel = (connection: Connection) => connection.model('message', schema)

/** What is sealed in a message, bound to its conversation. */
export function messageSeals(vault: Vault) {
  const seal = (body: Body, conversation: string) =>
    vault.seal(JSON.stringify(body), `message:${conversation}`)
  const open = (doc: MessageDoc) =>
    JSON.parse(vault.open(bytes(doc.body), `message:${String(doc.conversation)}`)) as Body

  /** A damaged row must not silence its conversation: it goes to the desk as what the machine cannot read. */
  const openWaiting = (doc: MessageDoc): Body => {
    try {
      return open(doc)
    } catch (error) {
      if (error instanceof AppError && error.code === 'store.key-wrong')
        return { text: '', unreadable: 'other' }
      throw error
    }
  }

  const rowOf = (doc: MessageDoc): DeskRow => {
    const { text, buttons, citations, lines, cleared, id, staff, ...arrived } = openWaiting(doc)
    return {
      number: doc.number ?? 0,
      from: doc.from,
      at: doc.at.toISOString(),
      id,
      ...(staff ? { name: staff.workName } : {}),
      text,
      buttons,
      citations,
      lines,
      cleared,
      unreadable: arrived.unreadable ?? null,
      event: arrived.event ?? null,
      staff: staff ?? null,
      transit: transitOf(doc),
    }
  }

  return { seal, open, openWaiting, rowOf }
}
