import { Schema, type Connection, Types } from 'mongoose'
import type { DangerKind, RiskLevel } from '../../shared/risk.js'

/** Why a human is wanted, in the order the desk takes them. */
export type Grade = 'attempt' | 'urgent' | 'report' | 'asked' | 'fault'

interface Doc {
  _id: Types.ObjectId
  conversation: Types.ObjectId
  grade: Grade
  level: RiskLevel
  kinds: DangerKind[]
  report: boolean
  open: boolean
  openedAt: Date
  raisedAt: Date
}

const schema = new Schema<Doc>(
  {
    conversation: { type: Schema.Types.ObjectId, required: true },
    grade: { type: String, required: true },
    level: { type: String, required: true },
    kinds: { type: [String], required: true },
    report: { type: Boolean, required: true },
    open: { type: Boolean, required: true },
    openedAt: { type: Date, required: true },
    raisedAt: { type: Date, required: true },
  },
  { versionKey: false, strict: 'throw' },
)
// One open escalation a conversation: a second cry raises the first.
schema.index({ conversation: 1 }, { unique: true, partialFilterExpression: { open: true } })
schema.index({ open: 1, openedAt: 1 })

const ORDER: Grade[] = ['fault', 'asked', 'report', 'urgent', 'attempt']

export type Escalations = ReturnType<typeof escalations>

/** Escalations: who waits for a human, and why. They hold no words of the conversation. */
export function escalations(connection: Connection) {
  const model = connection.model('escalation', schema)
  return {
    model,

    /** Opens an escalation, or raises the one that is open: never a second, never lower. */
    async open(
      conversation: string,
      why: { grade: Grade; level: RiskLevel; kinds: DangerKind[]; report: boolean },
      at: Date,
    ): Promise<void> {
      const lower = ORDER.slice(0, ORDER.indexOf(why.grade))
      const filter = { conversation: new Types.ObjectId(conversation), open: true }
      const { grade, level, kinds, report } = why
      await model.updateOne(
        filter,
        { $setOnInsert: { grade, level, kinds: [], report: false, openedAt: at, raisedAt: at } },
        { upsert: true },
      )
      await model.updateOne(filter, {
        $addToSet: { kinds: { $each: kinds } },
        ...(report ? { $set: { report: true } } : {}),
      })
      if (lower.length)
        await model.updateOne({ ...filter, grade: { $in: lower } }, { $set: { grade, level, raisedAt: at } })
    },

    /** The words are gone: what remains says only that somebody was in need, and when. */
    async close(conversation: string): Promise<void> {
      await model.updateMany(
        { conversation: new Types.ObjectId(conversation), open: true },
        { $set: { open: false } },
      )
    },

    /** How many wait, by grade. */
    async waiting(): Promise<Partial<Record<Grade, number>>> {
      const rows = await model.aggregate<{ _id: Grade; n: number }>([
        { $match: { open: true } },
        { $group: { _id: '$grade', n: { $sum: 1 } } },
      ])
      return Object.fromEntries(rows.map((row) => [row._id, row.n]))
    },
  }
}
