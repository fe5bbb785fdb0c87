import { Types, type Connection } from 'mongoose'
import type { EscalationState, Grade } from '../../shared/desk.js'
import type { DangerKind, RiskLevel } from '../../shared/risk.js'
import { decisions } from './escalation-decisions.js'
import {
  escalationModel,
  rankOf,
  readEscalation,
  type EscalationDoc,
  type StoredEscalation,
} from './escalation-document.js'

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
  const model = escalationModel(connection)

  return {
    model,
    ...decisions(model),

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
      const doc = await model.findById(new Types.ObjectId(id)).lean<EscalationDoc>()
      return doc ? readEscalation(doc) : null
    },

    /** The newest escalation of a conversation, open or not. */
    async ofConversation(conversation: string): Promise<StoredEscalation | null> {
      const doc = await model
        .findOne({ conversation: new Types.ObjectId(conversation) })
        .sort({ openedAt: -1, _id: -1 })
        .lean<EscalationDoc>()
      return doc ? readEscalation(doc) : null
    },

    /** The open escalation of a conversation. */
    async openOf(conversation: string): Promise<StoredEscalation | null> {
      const doc = await model
        .findOne({ conversation: new Types.ObjectId(conversation), open: true })
        .lean<EscalationDoc>()
      return doc ? readEscalation(doc) : null
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
          .lean<EscalationDoc[]>(),
        model.countDocuments(where),
      ])
      return { items: docs.map(readEscalation), total }
    },

    /** The person has written to the human who has the conversation. The first unanswered word counts. */
    async heard(conversation: string, at: Date): Promise<void> {
      await model.updateOne(
        {
          conversation: new Types.ObjectId(conversation),
          open: true,
          state: 'claimed',
          unansweredSince: null,
        },
        { $set: { unansweredSince: at } },
      )
    },

    /** The human who has the conversation has written: nothing in it is unanswered any more. */
    async answered(conversation: string): Promise<boolean> {
      const result = await model.updateOne(
        {
          conversation: new Types.ObjectId(conversation),
          open: true,
          $or: [{ risen: true }, { unansweredSince: { $ne: null } }],
        },
        { $set: { risen: false, unansweredSince: null, overdueAt: null } },
      )
      return result.modifiedCount === 1
    },

    /** What waits unclaimed, what rose unanswered, and what was written unanswered, each since before its time. */
    async late(
      before: { waiting: Date; risen: Date; unanswered: Date },
      most: number,
    ): Promise<StoredEscalation[]> {
      const docs = await model
        .find({
          overdueAt: null,
          $or: [
            { state: 'waiting', waitingSince: { $lte: before.waiting } },
            { state: 'claimed', risen: true, raisedAt: { $lte: before.risen } },
            { state: 'claimed', unansweredSince: { $ne: null, $lte: before.unanswered } },
          ],
        })
        .limit(most)
        .lean<EscalationDoc[]>()
      return docs.map(readEscalation)
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
        .lean<EscalationDoc[]>()
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
