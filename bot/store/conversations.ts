import type { Connection } from 'mongoose'
import type { DangerKind, RiskLevel } from '../../shared/risk.js'
import {
  conversationModel,
  conversationSeals,
  type Conversation,
  type ConversationDoc,
  type Pending,
} from './conversation-document.js'
import type { Vault } from './crypto.js'
import { handover } from './handover.js'

export type Conversations = ReturnType<typeof conversations>

/** Conversations: one per (channel, address). */
export function conversations(connection: Connection, vault: Vault) {
  const model = conversationModel(connection)
  const seals = conversationSeals(vault)
  const { hashOf, read } = seals

  const opening = (channel: string, address: string, now: Date, expiresAt: Date) => {
    const addressHash = hashOf(channel, address)
    const fresh = {
      address: seals.sealAddress(address, addressHash),
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
    return {
      filter: { channel, addressHash },
      update: { $setOnInsert: fresh, $set: { lastAt: now, expiresAt } },
    }
  }

  return {
    model,
    ...handover(model, seals),

    /** The conversation's id, made at the first word. Idempotent by (channel, address). */
    async open(channel: string, address: string, now: Date, expiresAt: Date): Promise<string> {
      const { filter, update } = opening(channel, address, now, expiresAt)
      const doc = await model
        .findOneAndUpdate(filter, update, { upsert: true, returnDocument: 'after', projection: { _id: 1 } })
        .orFail()
        .lean()
      return String(doc._id)
    },

    /** The same for many, in their order, in two round trips. */
    async openAll(
      persons: readonly { channel: string; address: string }[],
      now: Date,
      expiresAt: Date,
    ): Promise<string[]> {
      const hashes = persons.map(({ channel, address }) => hashOf(channel, address))
      const first = new Map(persons.map((person, i) => [hashes[i] as string, person]))
      await model.bulkWrite(
        [...first.values()].map(({ channel, address }) => ({
          updateOne: { ...opening(channel, address, now, expiresAt), upsert: true },
        })),
      )
      const docs = await model
        .find({ addressHash: { $in: [...first.keys()] } }, { addressHash: 1 })
        .lean<Pick<ConversationDoc, '_id' | 'addressHash'>[]>()
      const ids = new Map(docs.map((doc) => [doc.addressHash, String(doc._id)]))
      return hashes.map((hash) => ids.get(hash) as string)
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
        .lean<ConversationDoc>()
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
      const doc = await model.findById(id).lean<ConversationDoc>()
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
      const erased = next.pending.erase
      const result = await model.updateOne(
        { _id: was.id, turn: was.turn, owner: was.owner, pendingTurn: null },
        {
          $set: {
            state: seals.seal(was, erased ? null : next.state),
            level: erased ? 'none' : next.level,
            kinds: erased ? [] : next.kinds,
            report: erased ? false : next.report,
            pending: seals.seal(was, next.pending),
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
        .lean<ConversationDoc[]>()
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
