import { Schema, type Connection } from 'mongoose'
import { bytes, type Vault } from './crypto.js'

interface Doc {
  _id: string
  holder: string | null
  until: Date
  value: Buffer | null
}

const schema = new Schema<Doc>(
  {
    _id: { type: String, required: true },
    holder: { type: String, default: null },
    until: { type: Date, required: true },
    value: { type: Buffer, default: null },
  },
  { versionKey: false, strict: 'throw' },
)

export type Leases = ReturnType<typeof leases>

/** What only one process does at a time (long polling, fetching a token), and the sealed value they share: cursor, token. */
export function leases(connection: Connection, vault: Vault, process: string) {
  const model = connection.model('lease', schema)
  const place = (name: string) => `lease:${name}`

  return {
    model,

    /** Takes or keeps the lease of this name until `until`; false while another process has it. */
    async take(name: string, now: Date, until: Date): Promise<boolean> {
      try {
        const taken = await model.findOneAndUpdate(
          { _id: name, $or: [{ until: { $lte: now } }, { holder: process }, { holder: null }] },
          { $set: { holder: process, until }, $setOnInsert: { value: null } },
          { upsert: true, returnDocument: 'after', projection: { _id: 1 } },
        )
        return taken !== null
      } catch (error) {
        // Another's: the upsert met its row.
        if ((error as { code?: unknown }).code === 11000) return false
        throw error
      }
    },

    /** Gives it back, if still held. The value stays. */
    async release(name: string): Promise<void> {
      await model.updateOne({ _id: name, holder: process }, { $set: { holder: null, until: new Date(0) } })
    },

    /** The value last written under this name, by any process; null before. */
    async read(name: string): Promise<unknown> {
      const doc = await model.findById(name).lean<Doc>()
      return doc?.value ? (JSON.parse(vault.open(bytes(doc.value), place(name))) as unknown) : null
    },

    /** Writes the value, JSON, sealed. With `held`, only while this process holds the lease; false when it does not. */
    async write(name: string, value: unknown, held = false): Promise<boolean> {
      const sealed = vault.seal(JSON.stringify(value), place(name))
      const result = await model.updateOne(
        { _id: name, ...(held ? { holder: process } : {}) },
        { $set: { value: sealed }, ...(held ? {} : { $setOnInsert: { holder: null, until: new Date(0) } }) },
        { upsert: !held },
      )
      return result.matchedCount + result.upsertedCount === 1
    },

    /** Frees every lease: only for a database that no other process can have open. */
    async releaseAll(): Promise<void> {
      await model.updateMany({ holder: { $ne: null } }, { $set: { holder: null, until: new Date(0) } })
    },
  }
}
