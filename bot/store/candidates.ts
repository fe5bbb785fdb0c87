import { Schema, type Connection } from 'mongoose'

export type CandidateState = 'none' | 'training' | 'evaluating' | 'ready' | 'failed' | 'published'

/** The release in the making: there is at most one. */
export interface StoredCandidate {
  state: CandidateState
  /** Names this attempt: who lost the lease writes nothing more. */
  run: string
  /** Staff id of who began it. */
  by: string
  startedAt: Date
  /** While it is being made: until when its maker is believed to be alive. */
  leaseUntil: Date
  /** The release it became, and the one it was compared with. */
  release: string | null
  before: string | null
  /** What was measured, as JSON. */
  figures: string | null
  /** Why it failed. */
  reason: string | null
  /** Mistakes found in the content, as JSON. */
  faults: string | null
}

type Doc = StoredCandidate & { _id: string }

const ONE = 'candidate'
const MAKING: CandidateState[] = ['training', 'evaluating']

const schema = new Schema<Doc>(
  {
    _id: { type: String, required: true },
    state: { type: String, required: true },
    run: { type: String, default: '' },
    by: { type: String, default: '' },
    startedAt: { type: Date, required: true },
    leaseUntil: { type: Date, required: true },
    release: { type: String, default: null },
    before: { type: String, default: null },
    figures: { type: String, default: null },
    reason: { type: String, default: null },
    faults: { type: String, default: null },
  },
  { versionKey: false, strict: 'throw' },
)

export type CandidateStore = ReturnType<typeof candidates>

/** The release in the making, one for all processes. */
export function candidates(connection: Connection) {
  const model = connection.model('candidate', schema)
  return {
    model,

    /** As it stands; null before the first. A maker whose lease ran out is dead: `failed`, `interrupted`. */
    async read(now: Date): Promise<StoredCandidate | null> {
      const doc = await model.findById(ONE).lean<Doc>()
      if (!doc || doc.state === 'none') return null
      const { _id: _, ...candidate } = doc
      const dead = MAKING.includes(doc.state) && doc.leaseUntil <= now
      return dead ? { ...candidate, state: 'failed', reason: 'interrupted' } : candidate
    },

    /** Begins a new one, unless one is being made. False: somebody else's is. */
    async begin(run: string, by: string, now: Date, leaseUntil: Date): Promise<boolean> {
      const never = new Date(0)
      await model.updateOne(
        { _id: ONE },
        { $setOnInsert: { state: 'none', startedAt: never, leaseUntil: never } },
        { upsert: true },
      )
      const nothing = { release: null, before: null, figures: null, reason: null, faults: null }
      const taken = await model.updateOne(
        { _id: ONE, $or: [{ state: { $nin: MAKING } }, { leaseUntil: { $lte: now } }] },
        { $set: { ...nothing, state: 'training', run, by, startedAt: now, leaseUntil } },
      )
      return taken.matchedCount === 1
    },

    /** Writes progress or the end; false when another attempt has begun since. */
    async advance(
      run: string,
      step: Partial<Omit<StoredCandidate, 'run' | 'by' | 'startedAt'>>,
    ): Promise<boolean> {
      return (await model.updateOne({ _id: ONE, run }, { $set: step })).matchedCount === 1
    },

    /** The built-in database has one process at a time: whoever was making one before it is dead. */
    async releaseAll(): Promise<void> {
      await model.updateMany({ state: { $in: MAKING } }, { $set: { leaseUntil: new Date(0) } })
    },
  }
}
