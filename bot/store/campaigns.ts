import { Schema, Types, type Connection } from 'mongoose'
import type {
  Audience,
  CampaignDraft,
  CampaignState,
  CampaignStep,
  PushText,
  Schedule,
} from '../../shared/campaign.js'
import { counselorSchema, type Counselor } from './counselor.js'

export interface HistoryEntry {
  at: Date
  by: Counselor
  did: CampaignStep
  note: string | null
}

/** A warning to the subscribers of a topic. The record is the schedule: `nextAt` says when it is due. */
export interface StoredCampaign {
  id: string
  topic: string
  text: PushText
  audience: Audience
  schedule: Schedule
  channels: string[]
  template: string | null
  state: CampaignState
  version: number
  author: Counselor
  editor: Counselor
  approver: Counselor | null
  nextAt: Date | null
  /** The occurrence whose audience is written down, one row a person. */
  plannedFor: Date | null
  history: HistoryEntry[]
  createdAt: Date
}

interface Doc extends Omit<StoredCampaign, 'id'> {
  _id: Types.ObjectId
  /** Done or stopped. */
  closed: boolean
  leaseHolder: string | null
  leaseUntil: Date
  /** Grows with every lease: who has an older one writes nothing any more. */
  fence: number
}

const entry = new Schema<HistoryEntry>(
  {
    at: { type: Date, required: true },
    by: { type: counselorSchema, required: true },
    did: { type: String, required: true },
    note: { type: String, default: null },
  },
  { _id: false, id: false },
)
const schema = new Schema<Doc>(
  {
    topic: { type: String, required: true },
    text: {
      type: new Schema({ zh: String, mn: { type: String, default: null } }, { _id: false }),
      required: true,
    },
    audience: { type: String, required: true },
    schedule: {
      type: new Schema(
        { start: String, repeat: String, until: { type: String, default: null } },
        { _id: false },
      ),
      required: true,
    },
    channels: { type: [String], required: true },
    template: { type: String, default: null },
    state: { type: String, required: true },
    version: { type: Number, required: true },
    author: { type: counselorSchema, required: true },
    editor: { type: counselorSchema, required: true },
    approver: { type: counselorSchema, default: null },
    nextAt: { type: Date, default: null },
    plannedFor: { type: Date, default: null },
    history: { type: [entry], required: true },
    createdAt: { type: Date, required: true },
    closed: { type: Boolean, required: true },
    leaseHolder: { type: String, default: null },
    leaseUntil: { type: Date, required: true },
    fence: { type: Number, required: true },
  },
  { versionKey: false, strict: 'throw' },
)
schema.index({ state: 1, nextAt: 1 })
schema.index({ closed: 1, nextAt: 1 })

const read = ({
  _id,
  closed: _,
  leaseHolder: __,
  leaseUntil: ___,
  fence: ____,
  ...rest
}: Doc): StoredCampaign => ({
  id: String(_id),
  ...rest,
})

export type CampaignStore = ReturnType<typeof campaigns>

export function campaigns(connection: Connection) {
  const model = connection.model('campaign', schema)
  const idOf = (id: string) => new Types.ObjectId(id)

  return {
    model,

    async create(
      draft: CampaignDraft,
      by: Counselor,
      nextAt: Date | null,
      at: Date,
    ): Promise<StoredCampaign> {
      const doc = await model.create({
        ...draft,
        state: 'draft',
        version: 1,
        author: by,
        editor: by,
        nextAt,
        history: [{ at, by, did: 'created' }],
        createdAt: at,
        closed: false,
        leaseUntil: new Date(0),
        fence: 0,
      })
      return read(doc.toObject<Doc>())
    },

    async find(id: string): Promise<StoredCampaign | null> {
      const doc = await model.findById(idOf(id)).lean<Doc>()
      return doc ? read(doc) : null
    },

    /** What is due next stands first; what is over stands last. */
    async list(
      filter: { state?: CampaignState; topic?: string },
      { page, perPage }: { page: number; perPage: number },
    ): Promise<{ items: StoredCampaign[]; total: number }> {
      const [docs, total] = await Promise.all([
        model
          .find(filter)
          .sort({ closed: 1, nextAt: 1, _id: -1 })
          .skip((page - 1) * perPage)
          .limit(perPage)
          .lean<Doc[]>(),
        model.countDocuments(filter),
      ])
      return { items: docs.map(read), total }
    },

    /**
     * One step of a campaign's life in one conditional write: only from these states, and only the version the
     * person at the console saw. Null when it has changed meanwhile.
     */
    async step(
      id: string,
      from: { states: CampaignState[]; version: number },
      entry: HistoryEntry,
      set: Partial<Omit<StoredCampaign, 'id' | 'history'>>,
    ): Promise<StoredCampaign | null> {
      const closed = set.state === undefined ? {} : { closed: isClosed(set.state) }
      const doc = await model
        .findOneAndUpdate(
          { _id: idOf(id), state: { $in: from.states }, version: from.version },
          { $set: { ...set, ...closed }, $push: { history: entry } },
          { returnDocument: 'after' },
        )
        .lean<Doc>()
      return doc ? read(doc) : null
    },

    /** Approved ones whose time has come, and those being sent, the longest due first. */
    async due(now: Date, most: number): Promise<StoredCampaign[]> {
      const docs = await model
        .find({ state: { $in: ['approved', 'running'] }, nextAt: { $lte: now } })
        .sort({ nextAt: 1 })
        .limit(most)
        .lean<Doc[]>()
      return docs.map(read)
    },

    /**
     * Takes a due campaign for `holder` until `until`: its fence, and whether the audience is written down already.
     * Null: another has it, or it is not due any more.
     */
    async lease(
      { id, version, nextAt }: StoredCampaign,
      holder: string,
      now: Date,
      until: Date,
    ): Promise<{ fence: number; planned: boolean } | null> {
      const doc = await model
        .findOneAndUpdate(
          {
            _id: idOf(id),
            version,
            nextAt,
            state: { $in: ['approved', 'running'] },
            $or: [{ leaseUntil: { $lte: now } }, { leaseHolder: holder }],
          },
          { $set: { leaseHolder: holder, leaseUntil: until, state: 'running' }, $inc: { fence: 1 } },
          { returnDocument: 'after', projection: { fence: 1, plannedFor: 1 } },
        )
        .lean<Doc>()
      return doc ? { fence: doc.fence, planned: doc.plannedFor?.getTime() === nextAt?.getTime() } : null
    },

    /** Keeps the lease, if it is still held under this fence and the campaign still runs. */
    async keepLease(id: string, fence: number, until: Date): Promise<boolean> {
      const result = await model.updateOne(
        { _id: idOf(id), fence, state: 'running' },
        { $set: { leaseUntil: until } },
      )
      return result.matchedCount === 1
    },

    /** The audience of `occurrence` is written down; the lease is given back. */
    async planned(id: string, fence: number, occurrence: Date): Promise<boolean> {
      const result = await model.updateOne(
        { _id: idOf(id), fence, state: 'running', nextAt: occurrence },
        { $set: { plannedFor: occurrence, leaseHolder: null, leaseUntil: new Date(0) } },
      )
      return result.matchedCount === 1
    },

    /** Everybody of `occurrence` has been seen to: on to the next one, or done. */
    async advance({ id, version }: StoredCampaign, occurrence: Date, next: Date | null): Promise<boolean> {
      const result = await model.updateOne(
        { _id: idOf(id), version, state: 'running', nextAt: occurrence },
        { $set: { nextAt: next, state: next ? 'approved' : 'done', closed: next === null } },
      )
      return result.modifiedCount === 1
    },
  }
}

const isClosed = (state: CampaignState) => state === 'done' || state === 'stopped'
