import { Schema, Types, type Connection } from 'mongoose'
import type { Consent } from '../../shared/campaign.js'

/** How a subscription ended: 退订 to everything, one topic stopped, or asked anew in other words. */
export type Ending = 'opt-out' | 'stopped' | 'renewed'

export interface Subscription extends Consent {
  id: string
  person: string
  since: Date
}

interface Doc {
  _id: Types.ObjectId
  person: Types.ObjectId
  topic: string
  /** Version of the question that was answered with 要. */
  wording: string
  parent: boolean
  since: Date
  /** The message by which it was agreed. */
  key: string
  /** Where it was agreed; the only way there is. */
  how: 'chat'
  active: boolean
  endedAt: Date | null
  endedHow: Ending | null
  /** The message by which it ended. */
  endedKey: string | null
  expiresAt: Date | null
}

const schema = new Schema<Doc>(
  {
    person: { type: Schema.Types.ObjectId, required: true },
    topic: { type: String, required: true },
    wording: { type: String, required: true },
    parent: { type: Boolean, required: true },
    since: { type: Date, required: true },
    key: { type: String, required: true },
    how: { type: String, required: true },
    active: { type: Boolean, required: true },
    endedAt: { type: Date, default: null },
    endedHow: { type: String, default: null },
    endedKey: { type: String, default: null },
    expiresAt: { type: Date, default: null },
  },
  { versionKey: false, strict: 'throw' },
)
// One consent a message and topic: carried out twice it is given once, also when it has ended since.
schema.index({ person: 1, key: 1, topic: 1 }, { unique: true })
schema.index({ person: 1, topic: 1 }, { unique: true, partialFilterExpression: { active: true } })
schema.index({ topic: 1, active: 1, _id: 1 })
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 })

const read = ({ _id, person, topic, wording, parent, since }: Doc): Subscription => ({
  id: String(_id),
  person: String(person),
  topic,
  wording,
  parent,
  since,
})

const DUPLICATE = 11000

export type SubscriptionStore = ReturnType<typeof subscriptions>

/** Consents, one row per (person, topic) and time it was given; ended rows stay for a while as the proof of both. */
export function subscriptions(connection: Connection) {
  const model = connection.model('subscription', schema)
  return {
    model,

    /** Gives consent. False when this key gave it before, or it is given already. */
    async add(person: string, consent: Consent, key: string, since: Date): Promise<boolean> {
      try {
        await model.create({
          person: new Types.ObjectId(person),
          ...consent,
          since,
          key,
          how: 'chat',
          active: true,
        })
        return true
      } catch (error) {
        if ((error as { code?: unknown }).code === DUPLICATE) return false
        throw error
      }
    },

    /** Ends what is given: one topic, or all of them. Rows under `key` itself were given by this very message and stay. */
    async end(
      person: string,
      topic: string | null,
      ending: { how: Ending; key: string; at: Date; expiresAt: Date },
    ): Promise<number> {
      const { how, key, at, expiresAt } = ending
      const result = await model.updateMany(
        {
          person: new Types.ObjectId(person),
          active: true,
          key: { $ne: key },
          ...(topic ? { topic } : {}),
        },
        { $set: { active: false, endedAt: at, endedHow: how, endedKey: key, expiresAt } },
      )
      return result.modifiedCount
    },

    /** What a person is subscribed to now. */
    async of(person: string): Promise<Subscription[]> {
      const docs = await model
        .find({ person: new Types.ObjectId(person), active: true })
        .sort({ since: 1 })
        .lean<Doc[]>()
      return docs.map(read)
    },

    /** Whether this consent holds now. */
    async holds(person: string, topic: string): Promise<Subscription | null> {
      const filter = { person: new Types.ObjectId(person), topic, active: true }
      const doc = await model.findOne(filter).lean<Doc>()
      return doc ? read(doc) : null
    },

    /** The subscribers of a topic after the one whose row is `after`, in the order of their rows. */
    async page(topic: string, after: string | null, most: number): Promise<Subscription[]> {
      const docs = await model
        .find({ topic, active: true, ...(after ? { _id: { $gt: new Types.ObjectId(after) } } : {}) })
        .sort({ _id: 1 })
        .limit(most)
        .lean<Doc[]>()
      return docs.map(read)
    },

    /** How many are subscribed, by topic. */
    async counts(): Promise<Record<string, number>> {
      const rows = await model.aggregate<{ _id: string; n: number }>([
        { $match: { active: true } },
        { $group: { _id: '$topic', n: { $sum: 1 } } },
      ])
      return Object.fromEntries(rows.map((row) => [row._id, row.n]))
    },

    /** How many have ended this topic and not taken it up again, as far back as ended rows are kept. */
    async endedCount(topic: string): Promise<number> {
      const [ended, active] = await Promise.all([
        model.distinct('person', { topic, active: false, endedHow: { $in: ['opt-out', 'stopped'] } }),
        model.distinct('person', { topic, active: true }),
      ])
      const back = new Set(active.map(String))
      return ended.filter((person) => !back.has(String(person))).length
    },

    /** Newest first, for the list of persons. */
    async list(
      filter: { topic?: string },
      { page, perPage }: { page: number; perPage: number },
    ): Promise<{ items: Subscription[]; total: number }> {
      const where = { ...filter, active: true }
      const [docs, total] = await Promise.all([
        model
          .find(where)
          .sort({ since: -1, _id: -1 })
          .skip((page - 1) * perPage)
          .limit(perPage)
          .lean<Doc[]>(),
        model.countDocuments(where),
      ])
      return { items: docs.map(read), total }
    },

    /** Erases every row of a person, ended ones too. */
    async removeAll(person: string): Promise<void> {
      await model.deleteMany({ person: new Types.ObjectId(person) })
    },
  }
}
