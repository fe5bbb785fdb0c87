import { Schema, type Connection } from 'mongoose'

interface Doc {
  _id: string
  /** JSON. */
  value: string
  version: number
}

const schema = new Schema<Doc>(
  {
    _id: { type: String, required: true },
    value: { type: String, required: true },
    version: { type: Number, required: true },
  },
  { versionKey: false, strict: 'throw' },
)

export type SettingStore = ReturnType<typeof settings>

/** What the people who run an installation have decided, by name. */
export function settings(connection: Connection) {
  const model = connection.model('setting', schema)
  return {
    model,

    /** The value and its version; null and 0 before it was ever set. */
    async read(name: string): Promise<{ value: unknown; version: number }> {
      const doc = await model.findById(name).lean<Doc>()
      return doc
        ? { value: JSON.parse(doc.value) as unknown, version: doc.version }
        : { value: null, version: 0 }
    },

    /** Writes the value read as `version` anew; false when somebody else has since. */
    async write(name: string, value: unknown, version: number): Promise<boolean> {
      if (version === 0)
        await model.updateOne(
          { _id: name },
          { $setOnInsert: { value: 'null', version: 0 } },
          { upsert: true },
        )
      const written = await model.updateOne(
        { _id: name, version },
        { $set: { value: JSON.stringify(value), version: version + 1 } },
      )
      return written.matchedCount === 1
    },
  }
}
