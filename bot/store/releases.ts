import { Schema, type Connection } from 'mongoose'
import { packed, unpacked } from './packed.js'

/** A release: a snapshot of all content with the model trained on it. Exactly one is live. */
export interface Release {
  /** Names content and trainer. */
  id: string
  /** When it was last made live; before that, when it was made. */
  at: Date
  /** The content files, as JSON: path → text. */
  content: string
  /** Names what the model was learnt from, and by which version of the trainer. */
  lesson: string
  trainer: number
  model: Buffer
  /** What was measured of it, as JSON; null for the first one of an installation. */
  figures: string | null
}

/** A release without its bulk. */
export interface ReleaseHead {
  id: string
  at: Date
  /** Staff id of who published it; null when a start did. */
  by: string | null
  live: boolean
  trainer: number
  figures: string | null
}

/** As the database keeps it, the bulk packed. */
interface Doc extends Omit<Release, 'id' | 'content'> {
  _id: string
  content: Buffer
  by: string | null
  live: boolean
  /** False: a candidate nobody has published. */
  published: boolean
}

const schema = new Schema<Doc>(
  {
    _id: { type: String, required: true },
    at: { type: Date, required: true },
    content: { type: Buffer, required: true },
    lesson: { type: String, required: true },
    trainer: { type: Number, required: true },
    model: { type: Buffer, required: true },
    figures: { type: String, default: null },
    by: { type: String, default: null },
    live: { type: Boolean, required: true },
    published: { type: Boolean, required: true },
  },
  { versionKey: false, strict: 'throw' },
)
schema.index({ live: 1, at: -1 })

/** How many past releases are kept to go back to. */
const KEPT = 5

export type Releases = ReturnType<typeof releases>

/** Releases: what the bot says and knows, now and before. */
export function releases(connection: Connection) {
  const model = connection.model('release', schema)
  const head = ({ _id, at, by, live, trainer, figures }: Doc): ReleaseHead => ({
    id: _id,
    at,
    by,
    live,
    trainer,
    figures,
  })
  const bulk = { content: 0, model: 0 } as const

  const parts = {
    model,

    async find(id: string): Promise<Release | null> {
      const doc = await model.findById(id).lean<Doc>()
      if (!doc) return null
      const { at, lesson, trainer, figures } = doc
      const [content, learnt] = await Promise.all([unpacked(doc.content), unpacked(doc.model)])
      return { id, at, content: content.toString(), lesson, trainer, figures, model: learnt }
    },

    /** The live release, or null before the first. The one made live last: between two writes there may be two. */
    async live(): Promise<ReleaseHead | null> {
      const doc = await model.findOne({ live: true }, bulk).sort({ at: -1 }).lean<Doc>()
      return doc ? head(doc) : null
    },

    /** Those that are or were live, the newest first. */
    async list(): Promise<ReleaseHead[]> {
      const docs = await model.find({ published: true }, bulk).sort({ at: -1 }).lean<Doc[]>()
      const live = docs.find((doc) => doc.live)?._id
      return docs.map((doc) => ({ ...head(doc), live: doc._id === live }))
    },

    /** A model learnt from this lesson, or null. */
    async modelOf(lesson: string): Promise<Buffer | null> {
      const doc = await model.findOne({ lesson }, { model: 1 }).lean<Pick<Doc, 'model'>>()
      return doc ? unpacked(doc.model) : null
    },

    /** Keeps a release that is not live yet; earlier ones that never were are forgotten. */
    async keep({ id, ...release }: Release): Promise<void> {
      const [content, learnt] = await Promise.all([packed(release.content), packed(release.model)])
      await model.updateOne(
        { _id: id },
        { $setOnInsert: { ...release, content, model: learnt, live: false, published: false } },
        { upsert: true },
      )
      await model.deleteMany({ published: false, _id: { $ne: id } })
    },

    /** Makes a kept release the live one: one write, then the tidying. False when there is no such release. */
    async makeLive(id: string, at: Date, by: string | null): Promise<boolean> {
      const made = await model.updateOne({ _id: id }, { $set: { live: true, published: true, at, by } })
      if (made.matchedCount === 0) return false
      await model.updateMany({ _id: { $ne: id }, live: true, at: { $lte: at } }, { $set: { live: false } })
      const old = await model
        .find({ live: false, published: true }, { _id: 1 })
        .sort({ at: -1 })
        .skip(KEPT)
        .lean()
      await model.deleteMany({ _id: { $in: old.map((doc) => doc._id) } })
      return true
    },

    /** Keeps a release and makes it live, by nobody's click. */
    async publish(release: Release): Promise<void> {
      await parts.keep(release)
      await parts.makeLive(release.id, release.at, null)
    },
  }
  return parts
}
