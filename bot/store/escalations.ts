import { Schema, type Connection, Types } from 'mongoose'
import { Grade, type EscalationState, type Outcome, type Resolution } from '../../shared/desk.js'
import type { DangerKind, RiskLevel } from '../../shared/risk.js'
import { counselorSchema, type Counselor } from './counselor.js'

/** What the desk decided and has not been carried out in the conversation yet. */
export type Due = 'claim' | 'release' | 'resolve'

/** Who waits for a human, and why; the desk's decisions are written here first. */
export interface StoredEscalation {
  id: string
  conversation: string
  channel: string
  grade: Grade
  level: RiskLevel
  kinds: DangerKind[]
  report: boolean
  state: EscalationState
  openedAt: Date
  raisedAt: Date
  /** Since when it waits without a human: opened, or given back. */
  waitingSince: Date
  risen: boolean
  overdueAt: Date | null
  claimedBy: Counselor | null
  claimedAt: Date | null
  resolvedAt: Date | null
  outcome: Outcome | null
  topic: string | null
  /** The risk from here on, as the human who resolved it saw it. */
  levelAfter: RiskLevel | null
  /** Number of the last decision, from the conversation's own count: an older one never undoes a newer. */
  move: number
  due: Due | null
}

interface Doc extends Omit<StoredEscalation, 'id' | 'conversation'> {
  _id: Types.ObjectId
  conversation: Types.ObjectId
  open: boolean
  /** Place in the order of the desk: 0 = most pressing. */
  rank: number
}

const schema = new Schema<Doc>(
  {
    conversation: { type: Schema.Types.ObjectId, required: true },
    channel: { type: String, required: true },
    grade: { type: String, required: true },
    rank: { type: Number, required: true },
    level: { type: String, required: true },
    kinds: { type: [String], required: true },
    report: { type: Boolean, required: true },
    open: { type: Boolean, required: true },
    state: { type: String, required: true },
    openedAt: { type: Date, required: true },
    raisedAt: { type: Date, required: true },
    waitingSince: { type: Date, required: true },
    risen: { type: Boolean, required: true },
    overdueAt: { type: Date, default: null },
    claimedBy: { type: counselorSchema, default: null },
    claimedAt: { type: Date, default: null },
    resolvedAt: { type: Date, default: null },
    outcome: { type: String, default: null },
    topic: { type: String, default: null },
    levelAfter: { type: String, default: null },
    move: { type: Number, required: true },
    due: { type: String, default: null },
  },
  { versionKey: false, strict: 'throw' },
)
// One open escalation a conversation: a second cry raises the first.
schema.index({ conversation: 1 }, { unique: true, partialFilterExpression: { open: true } })
schema.index({ state: 1, rank: 1, waitingSince: 1 })
schema.index({ 'claimedBy.id': 1, state: 1 })
schema.index({ due: 1 })

const rankOf = (grade: Grade) => Grade.options.indexOf(grade)

const read = ({ _id, conversation, open: _, rank: __, ...rest }: Doc): StoredEscalation => ({
  id: String(_id),
  conversation: String(conversation),
  ...rest,
})

export interface Why {
  grade: Grade
  level: RiskLevel
  kinds: DangerKind[]
  report: boolean
}

export interface EscalationFilter {
  state?: EscalationState
  grade?: Grade
  /** Only what this member of the desk has or had. */
  claimedBy?: string
  /** What waits, and what this member has or had. */
  visibleTo?: string
}

export type Escalations = ReturnType<typeof escalations>

/** Escalations: who waits for a human, and why. They hold no words of the conversation. */
export function escalations(connection: Connection) {
  const model = connection.model('escalation', schema)

  /** A decision of the desk in one conditional write; null when the escalation was not as the decision needs it. */
  const decide = async (
    id: string,
    move: number,
    when: Record<string, unknown>,
    set: Partial<Doc> & { due: Due },
  ): Promise<StoredEscalation | null> => {
    const doc = await model
      .findOneAndUpdate(
        { _id: new Types.ObjectId(id), open: true, move: { $lt: move }, ...when },
        { $set: { ...set, move } },
        { returnDocument: 'after' },
      )
      .lean<Doc>()
    return doc ? read(doc) : null
  }

  return {
    model,

    /**
     * Opens an escalation, or raises the one that is open: never a second, never lower. While a human has the
     * conversation, danger in it marks the escalation as risen until that human writes. Idempotent.
     */
    async open(conversation: string, channel: string, why: Why, at: Date): Promise<void> {
      const filter = { conversation: new Types.ObjectId(conversation), open: true }
      const { grade, level, kinds, report } = why
      const rank = rankOf(grade)
      await model.updateOne(
        filter,
        {
          $setOnInsert: {
            channel,
            grade,
            rank,
            level,
            kinds: [],
            report: false,
            state: 'waiting',
            openedAt: at,
            raisedAt: at,
            waitingSince: at,
            risen: false,
            move: 0,
          },
        },
        { upsert: true },
      )
      await model.updateOne(filter, {
        $addToSet: { kinds: { $each: kinds } },
        ...(report ? { $set: { report: true } } : {}),
      })
      await model.updateOne(
        { ...filter, rank: { $gt: rank } },
        { $set: { grade, rank, level, raisedAt: at } },
      )
      if (rank <= rankOf('urgent'))
        await model.updateOne(
          { ...filter, state: 'claimed', risen: false, claimedAt: { $lt: at } },
          { $set: { risen: true, raisedAt: at, overdueAt: null } },
        )
    },

    async find(id: string): Promise<StoredEscalation | null> {
      const doc = await model.findById(new Types.ObjectId(id)).lean<Doc>()
      return doc ? read(doc) : null
    },

    /** The newest escalation of a conversation, open or not. */
    async ofConversation(conversation: string): Promise<StoredEscalation | null> {
      const doc = await model
        .findOne({ conversation: new Types.ObjectId(conversation) })
        .sort({ openedAt: -1, _id: -1 })
        .lean<Doc>()
      return doc ? read(doc) : null
    },

    /** The open escalation of a conversation. */
    async openOf(conversation: string): Promise<StoredEscalation | null> {
      const doc = await model
        .findOne({ conversation: new Types.ObjectId(conversation), open: true })
        .lean<Doc>()
      return doc ? read(doc) : null
    },

    /** Whether this member of staff has had the conversation at some time. */
    async handledBy(conversation: string, staff: string): Promise<boolean> {
      const filter = { conversation: new Types.ObjectId(conversation), 'claimedBy.id': staff }
      return (await model.exists(filter)) !== null
    },

    /** In the order of the desk: most pressing first, then longest waiting; `recent` puts the newest first. */
    async list(
      filter: EscalationFilter,
      page: { page: number; perPage: number; recent?: boolean },
    ): Promise<{ items: StoredEscalation[]; total: number }> {
      const { claimedBy, visibleTo, ...exact } = filter
      const where: Record<string, unknown> = { ...exact }
      if (claimedBy) where['claimedBy.id'] = claimedBy
      if (visibleTo) where.$or = [{ state: 'waiting' }, { 'claimedBy.id': visibleTo }]
      const [docs, total] = await Promise.all([
        model
          .find(where)
          .sort(page.recent ? { openedAt: -1, _id: -1 } : { rank: 1, waitingSince: 1, _id: 1 })
          .skip((page.page - 1) * page.perPage)
          .limit(page.perPage)
          .lean<Doc[]>(),
        model.countDocuments(where),
      ])
      return { items: docs.map(read), total }
    },

    claim: (id: string, move: number, by: Counselor, at: Date) =>
      decide(
        id,
        move,
        { state: 'waiting' },
        {
          state: 'claimed',
          claimedBy: by,
          claimedAt: at,
          risen: false,
          overdueAt: null,
          due: 'claim',
        },
      ),

    /** `by` null: whoever has it. */
    release: (id: string, move: number, by: string | null, at: Date) =>
      decide(
        id,
        move,
        { state: 'claimed', ...(by ? { 'claimedBy.id': by } : {}) },
        {
          state: 'waiting',
          claimedBy: null,
          claimedAt: null,
          waitingSince: at,
          risen: false,
          overdueAt: null,
          due: 'release',
        },
      ),

    resolve: (id: string, move: number, by: string, resolution: Resolution, at: Date) =>
      decide(
        id,
        move,
        { state: 'claimed', 'claimedBy.id': by },
        {
          state: 'resolved',
          open: false,
          resolvedAt: at,
          outcome: resolution.outcome,
          topic: resolution.topic,
          levelAfter: resolution.level,
          risen: false,
          overdueAt: null,
          due: 'resolve',
        },
      ),

    /** The decision has been carried out in the conversation. */
    async settled(id: string, move: number): Promise<void> {
      await model.updateOne({ _id: new Types.ObjectId(id), move }, { $set: { due: null } })
    },

    /** Decisions a dead process did not carry out. */
    async unsettled(most: number): Promise<StoredEscalation[]> {
      const docs = await model
        .find({ due: { $in: ['claim', 'release', 'resolve'] } })
        .limit(most)
        .lean<Doc[]>()
      return docs.map(read)
    },

    /** The human who has the conversation has written: danger there is not unanswered any more. */
    async answered(conversation: string): Promise<boolean> {
      const result = await model.updateOne(
        { conversation: new Types.ObjectId(conversation), open: true, risen: true },
        { $set: { risen: false, overdueAt: null } },
      )
      return result.modifiedCount === 1
    },

    /** What waits unclaimed since before `waitingBefore`, and what rose unanswered before `risenBefore`. */
    async late(waitingBefore: Date, risenBefore: Date, most: number): Promise<StoredEscalation[]> {
      const docs = await model
        .find({
          overdueAt: null,
          $or: [
            { state: 'waiting', waitingSince: { $lte: waitingBefore } },
            { state: 'claimed', risen: true, raisedAt: { $lte: risenBefore } },
          ],
        })
        .limit(most)
        .lean<Doc[]>()
      return docs.map(read)
    },

    /** Marks as overdue, unless it changed meanwhile. */
    async overdue(escalation: StoredEscalation, at: Date): Promise<void> {
      const { id, move, state } = escalation
      await model.updateOne({ _id: new Types.ObjectId(id), move, state }, { $set: { overdueAt: at } })
    },

    /** The words are gone: what remains says only that somebody was in need, and when. */
    async close(conversation: string, at: Date): Promise<void> {
      await model.updateMany(
        { conversation: new Types.ObjectId(conversation), open: true },
        {
          $set: { open: false, state: 'resolved', outcome: 'left', resolvedAt: at, risen: false, due: null },
        },
      )
    },

    /** Of these conversations, those with an open escalation. */
    async openAmong(conversations: string[]): Promise<Set<string>> {
      const ids = conversations.map((id) => new Types.ObjectId(id))
      const docs = await model
        .find({ conversation: { $in: ids }, open: true }, { conversation: 1 })
        .lean<Doc[]>()
      return new Set(docs.map((doc) => String(doc.conversation)))
    },

    /** How many are open, by grade. */
    async waiting(): Promise<Partial<Record<Grade, number>>> {
      const rows = await model.aggregate<{ _id: Grade; n: number }>([
        { $match: { open: true } },
        { $group: { _id: '$grade', n: { $sum: 1 } } },
      ])
      return Object.fromEntries(rows.map((row) => [row._id, row.n]))
    },
  }
}
