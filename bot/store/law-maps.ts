import { Schema, type Connection } from 'mongoose'
import type { RenumberedPair } from '../../shared/law.js'

/** Which article took which one's place between two versions of a statute, confirmed by an editor. */
export interface LawMap {
  statute: string
  from: string
  to: string
  pairs: RenumberedPair[]
  by: string
  at: Date
}

interface Doc extends Omit<LawMap, 'pairs'> {
  _id: string
  /** JSON: read and written whole. */
  pairs: string
  /** How often it was confirmed anew. */
  times: number
}

const schema = new Schema<Doc>(
  {
    _id: { type: String, required: true },
    statute: { type: String, required: true },
    from: { type: String, required: true },
    to: { type: String, required: true },
    pairs: { type: String, required: true },
    by: { type: String, required: true },
    at: { type: Date, required: true },
    times: { type: Number, required: true },
  },
  { versionKey: false, strict: 'throw' },
)

export type LawMaps = ReturnType<typeof lawMaps>

/** Renumbering maps, one per statute and pair of versions. */
export function lawMaps(connection: Connection) {
  const model = connection.model('law-map', schema)
  return {
    /** Changes with every confirmation. */
    async stamp(): Promise<number> {
      const docs = await model.find({}, { times: 1 }).lean<Pick<Doc, 'times'>[]>()
      return docs.reduce((sum, { times }) => sum + times, 0)
    },

    async all(): Promise<LawMap[]> {
      const docs = await model.find().sort({ _id: 1 }).lean<Doc[]>()
      return docs.map(({ statute, from, to, pairs, by, at }) => ({
        statute,
        from,
        to,
        pairs: JSON.parse(pairs) as RenumberedPair[],
        by,
        at,
      }))
    },

    async confirm(map: LawMap): Promise<void> {
      const { statute, from, to, pairs, by, at } = map
      await model.updateOne(
        { _id: `${statute}@${from}>${to}` },
        { $set: { statute, from, to, pairs: JSON.stringify(pairs), by, at }, $inc: { times: 1 } },
        { upsert: true },
      )
    },
  }
}
