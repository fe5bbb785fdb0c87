import { Schema, type Connection, type Types } from 'mongoose'
import { Grade, type EscalationState, type Outcome } from '../../shared/desk.js'
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
  /** Since when the person has written to a human who has not answered. */
  unansweredSince: Date | null
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

/** As the database keeps it. */
export interface EscalationDoc extends Omit<StoredEscalation, 'id' | 'conversation'> {
  _id: Types.ObjectId
  conversation: Types.ObjectId
  open: boolean
  /** Place in the order of the desk: 0 = most pressing. */
  rank: number
}

const schema = new Schema<EscalationDoc>(
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
    unansweredSince: { type: Date, default: null },
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

/** Place in the order of the desk: 0 = most pressing. */
export const rankOf = (grade: Grade) => Grade.options.indexOf(grade)

export const readEscalation = ({
  _id,
  conversation,
  open: _,
  rank: __,
  ...rest
}: EscalationDoc): StoredEscalation => ({
  id: String(_id),
  conversation: String(conversation),
  ...rest,
})

export const escalationModel = (connection: Connection) => connection.model('escalation', schema)
export type EscalationModel = ReturnType<typeof escalationModel>
