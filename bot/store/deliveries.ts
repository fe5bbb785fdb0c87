import { Schema, Types, type Connection } from 'mongoose'
import type { DeliveryOutcome, FailReason, SkipReason } from '../../shared/campaign.js'

/** A person's row in an occurrence of a campaign, as the process that claimed it sees it. */
export interface Delivery {
  id: string
  person: string
  /** Times it was claimed: more than one means that a process died, or was too slow, over it. */
  attempts: number
}

/** What became of the rows of one occurrence, counted. */
export interface TallyRow {
  occurrence: Date
  outcome: DeliveryOutcome
  reason: string | null
  deferred: boolean
  count: number
}

interface Doc {
  _id: Types.ObjectId
  campaign: Types.ObjectId
  occurrence: Date
  person: Types.ObjectId
  outcome: DeliveryOutcome
  reason: SkipReason | FailReason | null
  /** Put off to the morning by the quiet hours. */
  deferred: boolean
  notBefore: Date
  attempts: number
  claim: string | null
  claimUntil: Date
  settledAt: Date | null
  expiresAt: Date
}

const schema = new Schema<Doc>(
  {
    campaign: { type: Schema.Types.ObjectId, required: true },
    occurrence: { type: Date, required: true },
    person: { type: Schema.Types.ObjectId, required: true },
    outcome: { type: String, required: true },
    reason: { type: String, default: null },
    deferred: { type: Boolean, required: true },
    notBefore: { type: Date, required: true },
    attempts: { type: Number, required: true },
    claim: { type: String, default: null },
    claimUntil: { type: Date, required: true },
    settledAt: { type: Date, default: null },
    expiresAt: { type: Date, required: true },
  },
  { versionKey: false, strict: 'throw' },
)
schema.index({ campaign: 1, occurrence: 1, person: 1 }, { unique: true })
schema.index({ campaign: 1, occurrence: 1, outcome: 1, notBefore: 1 })
schema.index({ outcome: 1 }, { partialFilterExpression: { outcome: 'planned' } })
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 })

const DUPLICATE = 11000
/** Until the same warning of the next year can be compared with it; a row names nobody once its person is erased. */
const KEPT_DAYS = 400

export type DeliveryStore = ReturnType<typeof deliveries>

/** The ledger: one row per (campaign, occurrence, person). It holds no address and no words. */
export function deliveries(connection: Connection) {
  const model = connection.model('delivery', schema)
  const of = (campaign: string, occurrence: Date) => ({ campaign: new Types.ObjectId(campaign), occurrence })

  return {
    model,

    /** Writes persons down for an occurrence; who is written down stays as it is. */
    async plan(campaign: string, occurrence: Date, persons: string[]): Promise<void> {
      const expiresAt = new Date(occurrence.getTime() + KEPT_DAYS * 86_400_000)
      try {
        await model.insertMany(
          persons.map((person) => ({
            ...of(campaign, occurrence),
            person: new Types.ObjectId(person),
            outcome: 'planned' as const,
            deferred: false,
            notBefore: occurrence,
            attempts: 0,
            claimUntil: new Date(0),
            expiresAt,
          })),
          { ordered: false },
        )
      } catch (error) {
        if ((error as { code?: unknown }).code !== DUPLICATE) throw error
      }
    },

    /**
     * Claims up to `most` rows under `token` until `until`. A claim that ran out is taken over by the next; its holder
     * can settle nothing any more, since settling asks for the token.
     */
    async claim(
      campaign: string,
      occurrence: Date,
      token: string,
      { now, until, most }: { now: Date; until: Date; most: number },
    ): Promise<Delivery[]> {
      const free = { outcome: 'planned' as const, notBefore: { $lte: now }, claimUntil: { $lte: now } }
      const found = await model
        .find({ ...of(campaign, occurrence), ...free }, { _id: 1 })
        .sort({ _id: 1 })
        .limit(most)
        .lean()
      if (found.length === 0) return []
      const ids = found.map(({ _id }) => _id)
      await model.updateMany(
        { _id: { $in: ids }, ...free },
        { $set: { claim: token, claimUntil: until }, $inc: { attempts: 1 } },
      )
      const docs = await model
        .find({ _id: { $in: ids }, claim: token })
        .sort({ _id: 1 })
        .lean<Doc[]>()
      return docs.map(({ _id, person, attempts }) => ({ id: String(_id), person: String(person), attempts }))
    },

    /** The outcome, once. False when another process has taken the row over. */
    async settle(
      id: string,
      token: string,
      outcome: 'sent' | 'skipped' | 'failed',
      reason: SkipReason | FailReason | null,
      at: Date,
    ): Promise<boolean> {
      const result = await model.updateOne(
        { _id: new Types.ObjectId(id), outcome: 'planned', claim: token },
        { $set: { outcome, reason, settledAt: at, claim: null } },
      )
      return result.modifiedCount === 1
    },

    /** The network did not take what counted as sent: the ledger says so. Done again it changes nothing. */
    async undelivered(
      id: string,
      outcome: 'skipped' | 'failed',
      reason: SkipReason | FailReason,
      at: Date,
    ): Promise<void> {
      await model.updateOne(
        { _id: new Types.ObjectId(id), outcome: 'sent' },
        { $set: { outcome, reason, settledAt: at } },
      )
    },

    /** Gives rows back: at `notBefore` they are due again; a row put off by the quiet hours says so. */
    async giveBack(ids: string[], token: string, notBefore: Date, deferred: boolean): Promise<void> {
      await model.updateMany(
        { _id: { $in: ids.map((id) => new Types.ObjectId(id)) }, outcome: 'planned', claim: token },
        {
          $set: { claim: null, claimUntil: new Date(0), notBefore, ...(deferred ? { deferred } : {}) },
          $inc: { attempts: -1 },
        },
      )
    },

    /** How many of an occurrence are not settled. */
    async left(campaign: string, occurrence: Date): Promise<number> {
      return model.countDocuments({ ...of(campaign, occurrence), outcome: 'planned' })
    },

    /** Occurrences with rows that are not settled. */
    async unsettled(): Promise<{ campaign: string; occurrence: Date }[]> {
      const rows = await model.aggregate<{ _id: { campaign: Types.ObjectId; occurrence: Date } }>([
        { $match: { outcome: 'planned' } },
        { $group: { _id: { campaign: '$campaign', occurrence: '$occurrence' } } },
      ])
      return rows.map(({ _id }) => ({ campaign: String(_id.campaign), occurrence: _id.occurrence }))
    },

    /** What became of a campaign's rows, counted. */
    async tally(campaign: string): Promise<TallyRow[]> {
      const rows = await model.aggregate<{ _id: Omit<TallyRow, 'count'>; count: number }>([
        { $match: { campaign: new Types.ObjectId(campaign) } },
        {
          $group: {
            _id: { occurrence: '$occurrence', outcome: '$outcome', reason: '$reason', deferred: '$deferred' },
            count: { $sum: 1 },
          },
        },
      ])
      return rows.map(({ _id, count }) => ({ ..._id, count }))
    },
  }
}
