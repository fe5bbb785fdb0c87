import { Schema, type Connection } from 'mongoose'
import type { Counselor } from './counselor.js'

/** A member of the desk whose console was connected within this time is there (milliseconds). */
export const PRESENT_MS = 30_000

interface Doc {
  /** The member's id. */
  _id: string
  workName: string
  onDuty: boolean
  seenAt: Date
}

const schema = new Schema<Doc>(
  {
    _id: { type: String, required: true },
    workName: { type: String, required: true },
    onDuty: { type: Boolean, required: true },
    seenAt: { type: Date, required: true },
  },
  { versionKey: false, strict: 'throw' },
)
schema.index({ onDuty: 1, seenAt: 1 })

export type PresenceStore = ReturnType<typeof presence>

/** Who is there: on duty, and connected within the last 30 seconds. Only members of the desk have a row. */
export function presence(connection: Connection) {
  const model = connection.model('presence', schema)
  const there = (now: Date) => ({ onDuty: true, seenAt: { $gt: new Date(now.getTime() - PRESENT_MS) } })
  return {
    model,

    /** A console of this member is connected. Those who never went on duty have no row and need none. */
    async beat(staff: string, now: Date): Promise<void> {
      await model.updateOne({ _id: staff }, { $max: { seenAt: now } })
    },

    /** Goes on duty or off duty. */
    async duty(staff: Counselor, onDuty: boolean, now: Date): Promise<void> {
      await model.updateOne(
        { _id: staff.id },
        { $set: { onDuty, workName: staff.workName, seenAt: now } },
        { upsert: true },
      )
    },

    /** A member that may not sit at the desk any more, or signed out. */
    async remove(staff: string): Promise<void> {
      await model.deleteOne({ _id: staff })
    },

    /** Whether this member is on duty, connected or not. */
    async onDuty(staff: string): Promise<boolean> {
      return (await model.exists({ _id: staff, onDuty: true })) !== null
    },

    /** Whether anybody is there now. */
    async anyone(now: Date): Promise<boolean> {
      return (await model.exists(there(now))) !== null
    },

    /** Who is there now. */
    async list(now: Date): Promise<Counselor[]> {
      const docs = await model.find(there(now)).sort({ _id: 1 }).lean<Doc[]>()
      return docs.map(({ _id, workName }) => ({ id: _id, workName }))
    },
  }
}
