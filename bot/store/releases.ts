import { Schema, type Connection } from 'mongoose'
import { bytes } from './conversations.js'

/** A release: a snapshot of all content with the model trained on it. Exactly one is live. */
export interface Release {
  /** Hash of content and trainer version. */
  id: string
  at: Date
  /** The content files, as JSON: path → text. */
  content: string
  model: Buffer
}

interface Doc {
  _id: string
  at: Date
  content: string
  model: Buffer
  live: boolean
}

const schema = new Schema<Doc>(
  {
    _id: { type: String, required: true },
    at: { type: Date, required: true },
    content: { type: String, required: true },
    model: { type: Buffer, required: true },
    live: { type: Boolean, required: true },
  },
  { versionKey: false, strict: 'throw' },
)
schema.index({ live: 1, at: -1 })

/** How many past releases are kept to go back to. */
const KEPT = 5

export type Releases = ReturnType<typeof releases>

/** Releases, newest first. */
export function releases(connection: Connection) {
  const model = connection.model('release', schema)
  return {
    model,
    async find(id: string): Promise<Release | null> {
      const doc = await model.findById(id).lean<Doc>()
      return doc
        ? { id: doc._id, at: doc.at, content: doc.content, model: Buffer.from(bytes(doc.model)) }
        : null
    },

    /** The id of the live release, or null before the first. */
    async live(): Promise<string | null> {
      const doc = await model.findOne({ live: true }, { _id: 1 }).sort({ at: -1 }).lean()
      return doc ? doc._id : null
    },

    /** Keeps a release and makes it the live one; old ones beyond the last few are deleted. */
    async publish(release: Release): Promise<void> {
      const { id, at, content, model: trained } = release
      await model.updateOne(
        { _id: id },
        { $set: { at, content, model: trained, live: true } },
        { upsert: true },
      )
      await model.updateMany({ _id: { $ne: id }, live: true }, { $set: { live: false } })
      const old = await model.find({ live: false }, { _id: 1 }).sort({ at: -1 }).skip(KEPT).lean()
      await model.deleteMany({ _id: { $in: old.map((doc) => doc._id) } })
    },
  }
}
