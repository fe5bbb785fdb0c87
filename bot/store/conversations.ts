import { Schema, type Connection, type Types } from 'mongoose'
import type { Consent } from '../../shared/campaign.js'
import type { Grade } from '../../shared/desk.js'
import type { DangerKind, RiskLevel } from '../../shared/risk.js'
import type { Bubble } from '../../shared/message.js'
import type { Vault } from './crypto.js'
import { counselorSchema, type Counselor } from './counselor.js'

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

interface Doc {
  _id: Types.ObjectId
  channel: string
  addressHash: string
  address: Buffer
  owner: 'bot' | 'human'
  staff: Counselor | null
  turn: number
  number: number
  level: RiskLevel
  kinds: DangerKind[]
  report: boolean
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
  lastAt: Date
  expiresAt: Date
}

const schema = new Schema<Doc>(
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

/** Sealed parts are bound to their conversation by its address hash, known before the id is. */
const context = (hash: string) => `conversation:${hash}`

export type Conversations = ReturnType<typeof conversations>

/** Conversations: one per (channel, address). */
export function conversations(connection: Connection, vault: Vault) {
  const model = connection.model('conversation', schema)
  const hashOf = (channel: string, address: string) => vault.hash(`${channel}:${address}`)

  const read = (doc: Doc): Conversation => {
    const place = context(doc.addressHash)
    const open = (sealed: Buffer | null) =>
      sealed ? (JSON.parse(vault.open(bytes(sealed), place)) as unknown) : null
    return {
      id: String(doc._id),
      channel: doc.channel,
      address: vault.open(bytes(doc.address), place),
      owner: doc.owner,
      staff: doc.staff ?? null,
      turn: doc.turn,
      number: doc.number,
      level: doc.level,
      kinds: doc.kinds,
      report: doc.report,
      state: open(doc.state),
      pending: open(doc.pending) as Pending | null,
      lastAt: doc.lastAt,
    }
  }

  return {
    model,

    /** The conversation's id, made at the first word. Idempotent by (channel, address). */
    async open(channel: string, address: string, now: Date, expiresAt: Date): Promise<string> {
      const addressHash = hashOf(channel, address)
      const fresh = {
        address: vault.seal(address, context(addressHash)),
        owner: 'bot' as const,
        turn: 0,
        number: 0,
        level: 'none' as const,
        kinds: [],
        report: false,
        riskAt: null,
        pendingTurn: null,
        moves: 0,
        move: 0,
        leaseUntil: new Date(0),
      }
      const doc = await model
        .findOneAndUpdate(
          { channel, addressHash },
          { $setOnInsert: fresh, $set: { lastAt: now, expiresAt } },
          { upsert: true, returnDocument: 'after', projection: { _id: 1 } },
        )
        .orFail()
        .lean()
      return String(doc._id)
    },

    /** The id of the conversation at this address, or null. */
    async find(channel: string, address: string): Promise<string | null> {
      const doc = await model.findOne({ channel, addressHash: hashOf(channel, address) }, { _id: 1 }).lean()
      return doc ? String(doc._id) : null
    },

    /** Takes the conversation for `holder` until `until`, or returns null when another has it. */
    async lease(id: string, holder: string, now: Date, until: Date): Promise<Conversation | null> {
      const doc = await model
        .findOneAndUpdate(
          { _id: id, $or: [{ leaseUntil: { $lte: now } }, { leaseHolder: holder }] },
          { $set: { leaseHolder: holder, leaseUntil: until } },
          { returnDocument: 'after' },
        )
        .lean<Doc>()
      return doc ? read(doc) : null
    },

    /** Gives the lease back, if still held. */
    async release(id: string, holder: string): Promise<void> {
      await model.updateOne(
        { _id: id, leaseHolder: holder },
        { $set: { leaseHolder: null, leaseUntil: new Date(0) } },
      )
    },

    /** The conversation as it stands; null when it is gone. Without the lease: for reading, and for conditional writes. */
    async read(id: string): Promise<Conversation | null> {
      const doc = await model.findById(id).lean<Doc>()
      return doc ? read(doc) : null
    },

    /**
     * Records a turn in one conditional write: only while the conversation is still its owner's, its turn number
     * unchanged and nothing pending. False means somebody else (a counselor, another process) was first.
     */
    async record(
      was: Conversation,
      next: {
        state: unknown
        level: RiskLevel
        kinds: DangerKind[]
        report: boolean
        pending: Pending
        /** Danger was read in this turn. */
        risky: boolean
        at: Date
        expiresAt: Date
      },
    ): Promise<boolean> {
      const place = context(hashOf(was.channel, was.address))
      const erased = next.pending.erase
      const result = await model.updateOne(
        { _id: was.id, turn: was.turn, owner: was.owner, pendingTurn: null },
        {
          $set: {
            state: vault.seal(JSON.stringify(erased ? null : next.state), place),
            level: erased ? 'none' : next.level,
            kinds: erased ? [] : next.kinds,
            report: erased ? false : next.report,
            pending: vault.seal(JSON.stringify(next.pending), place),
            pendingTurn: next.pending.turn,
            ...(next.risky && !erased ? { riskAt: next.at } : {}),
            number: was.number + next.pending.handled.length + next.pending.replies.length,
            lastAt: next.at,
            expiresAt: next.expiresAt,
          },
          $inc: { turn: 1 },
        },
      )
      return result.modifiedCount === 1
    },

    /** Frees every conversation: only for a database that no other process can have open. */
    async releaseAll(): Promise<void> {
      await model.updateMany(
        { leaseHolder: { $ne: null } },
        { $set: { leaseHolder: null, leaseUntil: new Date(0) } },
      )
    },

    /** The recorded turn has been carried out. False when the conversation is gone, or is at another turn already. */
    async settle(id: string, turn: number): Promise<boolean> {
      const result = await model.updateOne(
        { _id: id, pendingTurn: turn },
        { $set: { pending: null, pendingTurn: null } },
      )
      return result.matchedCount === 1
    },

    /** A number for the desk's next decision about this conversation; null when it is gone. */
    async nextMove(id: string): Promise<number | null> {
      const doc = await model
        .findOneAndUpdate(
          { _id: id },
          { $inc: { moves: 1 } },
          { returnDocument: 'after', projection: { moves: 1 } },
        )
        .lean<Doc>()
      return doc ? doc.moves : null
    },

    /**
     * Hands the conversation to a human at once, whatever the bot is about to say: the turn number changes, so that
     * a reply being thought of cannot be recorded. False when a newer decision was carried out before; done again
     * it stays as it is.
     */
    async giveToHuman(id: string, move: number, staff: Counselor): Promise<boolean> {
      const result = await model.updateOne(
        { _id: id, move: { $lte: move } },
        { $set: { owner: 'human', staff, move }, $inc: { turn: 1 } },
      )
      return result.matchedCount === 1
    },

    /**
     * Hands it back to the bot, as it stood at `was` and with nothing pending; the bot's first word, that it is back,
     * stands in the same write, so that no answer can come before it. `after` is the risk as the human left it and
     * what the bot remembers; without it both stay. False: it changed meanwhile, look again.
     */
    async giveToBot(
      was: Conversation,
      move: number,
      card: { key: string; bubble: Bubble },
      after: { level: RiskLevel; kinds: DangerKind[]; report: boolean; state: unknown } | null,
    ): Promise<boolean> {
      const place = context(hashOf(was.channel, was.address))
      const number = was.number + 1
      const pending: Pending = {
        turn: was.turn + 1,
        handled: [],
        replies: [{ ...card, number, from: 'system' }],
      }
      const set = after ? { ...after, state: vault.seal(JSON.stringify(after.state), place) } : {}
      const recorded = {
        number,
        pending: vault.seal(JSON.stringify(pending), place),
        pendingTurn: pending.turn,
      }
      const result = await model.updateOne(
        { _id: was.id, turn: was.turn, pendingTurn: null, move: { $lt: move } },
        { $set: { owner: 'bot', staff: null, move, ...recorded, ...set }, $inc: { turn: 1 } },
      )
      return result.modifiedCount === 1
    },

    /** Newest decision of the desk carried out here; null when the conversation is gone. */
    async lastMove(id: string): Promise<number | null> {
      const doc = await model.findById(id, { move: 1 }).lean<Doc>()
      return doc ? doc.move : null
    },

    /** Of these addresses, who must not be sent a message the bot starts: danger since `since`, or with a human now. */
    async unsuitable(
      channel: string,
      addresses: string[],
      since: Date,
    ): Promise<Map<string, { id: string; reason: 'recent-risk' | 'with-human' | null }>> {
      const byHash = new Map(addresses.map((address) => [hashOf(channel, address), address]))
      const docs = await model
        .find(
          { channel, addressHash: { $in: [...byHash.keys()] } },
          { addressHash: 1, owner: 1, level: 1, riskAt: 1 },
        )
        .lean<Doc[]>()
      return new Map(
        docs.map((doc) => {
          const risky = doc.level !== 'none' || (doc.riskAt !== null && doc.riskAt >= since)
          const reason = doc.owner === 'human' ? 'with-human' : risky ? 'recent-risk' : null
          return [byHash.get(doc.addressHash) as string, { id: String(doc._id), reason }]
        }),
      )
    },

    /** Whether there still is such a conversation. */
    async exists(id: string): Promise<boolean> {
      return (await model.exists({ _id: id })) !== null
    },

    /** Ids of conversations whose recorded turn was not carried out (the process died between). */
    async unsettled(most: number): Promise<string[]> {
      const docs = await model
        .find({ pendingTurn: { $gt: 0 } }, { _id: 1 })
        .limit(most)
        .lean()
      return docs.map((doc) => String(doc._id))
    },

    /** Deletes the conversation itself: the next word from this address begins a new one. */
    async remove(id: string): Promise<void> {
      await model.deleteOne({ _id: id })
    },
  }
}

/** lean() hands out BSON Binary or Buffer, depending on the driver: bytes either way. */
export function bytes(value: Uint8Array | { buffer: Uint8Array }): Uint8Array {
  return value instanceof Uint8Array ? value : value.buffer
}
