import { Schema, type Connection } from 'mongoose'

interface Doc {
  /** Keyed hash of the name: known and unknown names look the same here. */
  _id: string
  failures: number
  /** Before this no attempt is made. */
  nextAt: Date
  expiresAt: Date
}

const schema = new Schema<Doc>(
  {
    _id: { type: String, required: true },
    failures: { type: Number, required: true },
    nextAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { versionKey: false, strict: 'throw' },
)
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 })

export type SignInStore = ReturnType<typeof signIns>

/** Attempts to sign in, by name; forgotten a day after the last. */
export function signIns(connection: Connection) {
  const model = connection.model('signin', schema)
  return {
    model,

    async find(key: string, now: Date): Promise<{ failures: number; nextAt: Date }> {
      const doc = await model.findOne({ _id: key, expiresAt: { $gt: now } }).lean<Doc>()
      return doc ? { failures: doc.failures, nextAt: doc.nextAt } : { failures: 0, nextAt: new Date(0) }
    },

    /** Counts an attempt before it is made. False when another one was counted since `failures` was read. */
    async count(key: string, failures: number, nextAt: Date, expiresAt: Date): Promise<boolean> {
      const blank = { failures: 0, nextAt: new Date(0), expiresAt }
      await model.updateOne({ _id: key }, { $setOnInsert: blank }, { upsert: true })
      const result = await model.updateOne(
        { _id: key, failures },
        { $set: { failures: failures + 1, nextAt, expiresAt } },
      )
      return result.modifiedCount === 1
    },

    async forget(key: string): Promise<void> {
      await model.deleteOne({ _id: key })
    },
  }
}
