import { randomUUID } from 'node:crypto'
import { Schema, type Connection } from 'mongoose'
import type { LawVersion } from '../../shared/law.js'

/** One text of one version, as it was once imported. A text that was replaced later is kept. */
export interface LawRevision {
  law: LawVersion
  hash: string
  importedAt: Date
}

interface RevisionDoc {
  _id: string
  batch: string
  statute: string
  version: string
  hash: string
  /** The whole version as JSON: the longest statute has about half a megabyte. */
  law: string
}

interface BatchDoc {
  _id: string
  /** Counts the imports: the order of the revisions. */
  number: number
  at: Date
}

const revisionSchema = new Schema<RevisionDoc>(
  {
    _id: { type: String, required: true },
    batch: { type: String, required: true },
    statute: { type: String, required: true },
    version: { type: String, required: true },
    hash: { type: String, required: true },
    law: { type: String, required: true },
  },
  { versionKey: false, strict: 'throw' },
)
revisionSchema.index({ batch: 1 })

const batchSchema = new Schema<BatchDoc>(
  {
    _id: { type: String, required: true },
    number: { type: Number, required: true },
    at: { type: Date, required: true },
  },
  { versionKey: false, strict: 'throw' },
)
batchSchema.index({ number: 1 }, { unique: true })

export type Statutes = ReturnType<typeof statutes>

/**
 * Imported texts of statutes. An import is many documents and becomes real by one: what belongs to no batch is
 * not read, so a process may die anywhere and nothing is half imported. Nothing is ever changed or deleted.
 */
export function statutes(connection: Connection) {
  const revisions = connection.model('statute', revisionSchema)
  const batches = connection.model('statute-import', batchSchema)

  return {
    revisions,

    /** Changes with every import: how many there were. */
    stamp: (): Promise<number> => batches.countDocuments(),

    /** Every imported text, the earliest import first. */
    async all(): Promise<LawRevision[]> {
      const known = await batches.find().sort({ number: 1 }).lean<BatchDoc[]>()
      const order = new Map(known.map((batch) => [batch._id, batch]))
      const docs = await revisions
        .find({ batch: { $in: [...order.keys()] } })
        .sort({ _id: 1 })
        .lean<RevisionDoc[]>()
      return docs
        .map((doc) => ({ doc, batch: order.get(doc.batch) as BatchDoc }))
        .sort((a, b) => a.batch.number - b.batch.number)
        .map(({ doc, batch }) => ({
          law: JSON.parse(doc.law) as LawVersion,
          hash: doc.hash,
          importedAt: batch.at,
        }))
    },

    /** Takes a set of texts over, all or none. `before` is the stamp they were compared with: false when it is no longer true. */
    async commit(laws: { law: LawVersion; hash: string }[], at: Date, before: number): Promise<boolean> {
      const batch = randomUUID()
      for (const { law, hash } of laws) {
        const { statute, version } = law
        const _id = `${batch}:${statute}@${version}`
        await revisions.create({ _id, batch, statute, version, hash, law: JSON.stringify(law) })
      }
      try {
        await batches.create({ _id: batch, number: before + 1, at })
        return true
      } catch (error) {
        if ((error as { code?: unknown }).code !== 11000) throw error
        await revisions.deleteMany({ batch })
        return false
      }
    },
  }
}
