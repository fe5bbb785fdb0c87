import { Schema, Types, type Connection } from 'mongoose'

/** A session of the console. Its secret id stands only in the browser's cookie; here is a keyed hash of it. */
export interface StoredSession {
  id: string
  key: string
  staff: string
  /** The account's number when the session began. */
  epoch: number
  csrf: string
  agent: string
  startedAt: Date
  seenAt: Date
  endsAt: Date
}

type Doc = Omit<StoredSession, 'id' | 'staff'> & { _id: Types.ObjectId; staff: Types.ObjectId }

const schema = new Schema<Doc>(
  {
    key: { type: String, required: true },
    staff: { type: Schema.Types.ObjectId, required: true },
    epoch: { type: Number, required: true },
    csrf: { type: String, required: true },
    agent: { type: String, default: '' },
    startedAt: { type: Date, required: true },
    seenAt: { type: Date, required: true },
    endsAt: { type: Date, required: true },
  },
  { versionKey: false, strict: 'throw' },
)
schema.index({ key: 1 }, { unique: true })
schema.index({ staff: 1, startedAt: -1 })
schema.index({ endsAt: 1 }, { expireAfterSeconds: 0 })

const read = ({ _id, staff, ...rest }: Doc): StoredSession => ({
  id: String(_id),
  staff: String(staff),
  ...rest,
})

export type SessionStore = ReturnType<typeof sessions>

/** Sessions of staff. Written once when they begin; after that only `seenAt` moves. */
export function sessions(connection: Connection) {
  const model = connection.model('session', schema)
  const alive = (now: Date, idleSince: Date) => ({ endsAt: { $gt: now }, seenAt: { $gt: idleSince } })
  return {
    model,

    async begin(session: Omit<StoredSession, 'id'>): Promise<void> {
      await model.create({ ...session, staff: new Types.ObjectId(session.staff) })
    },

    /** The session of this key, unless it has ended or nobody was there since `idleSince`. */
    async find(key: string, now: Date, idleSince: Date): Promise<StoredSession | null> {
      const doc = await model.findOne({ key, ...alive(now, idleSince) }).lean<Doc>()
      return doc ? read(doc) : null
    },

    async seen(key: string, at: Date): Promise<void> {
      await model.updateOne({ key }, { $max: { seenAt: at } })
    },

    async end(key: string): Promise<void> {
      await model.deleteOne({ key })
    },

    /** Ends one session of this account; false when there is none such. */
    async endOne(staff: string, id: string): Promise<boolean> {
      const result = await model.deleteOne({ _id: new Types.ObjectId(id), staff: new Types.ObjectId(staff) })
      return result.deletedCount === 1
    },

    async endAll(staff: string): Promise<void> {
      await model.deleteMany({ staff: new Types.ObjectId(staff) })
    },

    /** Sessions of an account that live, newest first. */
    async list(staff: string, epoch: number, now: Date, idleSince: Date): Promise<StoredSession[]> {
      const docs = await model
        .find({ staff: new Types.ObjectId(staff), epoch, ...alive(now, idleSince) })
        .sort({ startedAt: -1, _id: -1 })
        .limit(100)
        .lean<Doc[]>()
      return docs.map(read)
    },
  }
}
