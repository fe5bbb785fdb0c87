import { Schema, type Connection, type Types } from 'mongoose'
import type { Consent } from '../../shared/campaign.js'
import type { Grade } from '../../shared/desk.js'
import type { Bubble } from '../../shared/message.js'
import type { DangerKind, RiskLevel } from '../../shared/risk.js'
import { counselorSchema, type Counselor } from './counselor.js'
import { bytes, type Vault } from './crypto.js'

/** What a turn decided, written into the conversation first and carried out after: see `record`. */
export interface Pending {
  turn: number
  /** The messages this turn takes in, with the numbers they get; `outward` ones go to the person. */
  handled: { messageId: string; number: number; outward?: boolean }[]
  replies: { key: string; number: number; from: 'bot' | 'system'; bubble: Bubble }[]
  escalation?: {
    level: RiskLevel
    kinds: DangerKind[]
    report: boolean
    grade: Grade
  }
  /** The person asked for everything to be deleted: done before the replies are kept. */
  erase?: boolean
  /** The person agreed to warnings of a topic, in this version of the wording. */
  subscribe?: Consent
  /** The person wants no more warnings of this topic. */
  unsubscribe?: string
  /** The person wants no messages that the bot starts. */
  optOut?: boolean
}

export interface Conversation {
  id: string
  channel: string
  /** As the channel needs it to reach the person; opened from its sealed form. */
  address: string
  owner: 'bot' | 'human'
  /** Whose it is while the owner is a human. */
  staff: Counselor | null
  turn: number
  /** Number of the newest numbered message. */
  number: number
  /** Running maximum of the risk: a floor that only a human lowers. */
  level: RiskLevel
  kinds: DangerKind[]
  report: boolean
  /** What `decide` remembers between turns, as JSON. */
  state: unknown
  pending: Pending | null
  lastAt: Date
}

/** As the database keeps it. */
export interface ConversationDoc extends Pick<
  Conversation,
  'channel' | 'owner' | 'staff' | 'turn' | 'number' | 'level' | 'kinds' | 'report' | 'lastAt'
> {
  _id: Types.ObjectId
  addressHash: string
  address: Buffer
  /** When danger was last read in it, a watch or more. */
  riskAt: Date | null
  state: Buffer | null
  pending: Buffer | null
  /** The recorded turn that is not carried out yet, or null. */
  pendingTurn: number | null
  /** Counts the desk's decisions. */
  moves: number
  /** The newest decision carried out here: an older one comes too late. */
  move: number
  leaseHolder: string | null
  leaseUntil: Date
  expiresAt: Date
}

const schema = new Schema<ConversationDoc>(
  {
    channel: { type: String, required: true },
    addressHash: { type: String, required: true },
    address: { type: Buffer, required: true },
    owner: { type: String, required: true },
    staff: { type: counselorSchema, default: null },
    turn: { type: Number, required: true },
    number: { type: Number, required: true },
    level: { type: String, required: true },
    kinds: { type: [String], required: true },
    report: { type: Boolean, required: true },
    riskAt: { type: Date, default: null },
    state: { type: Buffer, default: null },
    pending: { type: Buffer, default: null },
    pendingTurn: { type: Number, default: null },
    moves: { type: Number, required: true },
    move: { type: Number, required: true },
    leaseHolder: { type: String, default: null },
    leaseUntil: { type: Date, required: true },
    lastAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { versionKey: false, strict: 'throw' },
)
schema.index({ channel: 1, addressHash: 1 }, { unique: true })
schema.index({ pendingTurn: 1 })
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 })

export const conversationModel = (connection: Connection) => connection.model('conversation', schema)
export type ConversationModel = ReturnType<typeof conversationModel>

/**
 * What is sealed in a conversation. Sealed parts are bound to it by its address hash, known before the id is.
 */
export function conversationSeals(vault: Vault) {
  const hashOf = (channel: string, address: string) => vault.hash(`${channel}:${address}`)
  const place = (hash: string) => `conversation:${hash}`
  return {
    hashOf,
    sealAddress: (address: string, hash: string) => vault.seal(address, place(hash)),
    /** State or pending turn, as JSON. */
    seal: ({ channel, address }: { channel: string; address: string }, value: unknown) =>
      vault.seal(JSON.stringify(value), place(hashOf(channel, address))),

    read(doc: ConversationDoc): Conversation {
      const at = place(doc.addressHash)
      const open = (sealed: Buffer | null) =>
        sealed ? (JSON.parse(vault.open(bytes(sealed), at)) as unknown) : null
      const { channel, owner, turn, number, level, kinds, report, lastAt } = doc
      return {
        ...{ channel, owner, turn, number, level, kinds, report, lastAt },
        id: String(doc._id),
        address: vault.open(bytes(doc.address), at),
        staff: doc.staff ?? null,
        state: open(doc.state),
        pending: open(doc.pending) as Pending | null,
      }
    },
  }
}
