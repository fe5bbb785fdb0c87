import { randomInt } from 'node:crypto'
import { Schema, type Connection, type Types } from 'mongoose'
import { bytes, type Vault } from './crypto.js'
import { AppError } from '../errors.js'

/** A person who subscribed to something: made only then, one per (channel, address). */
export interface Person {
  id: string
  /** What staff see instead of an address. */
  code: string
  channel: string
  /** As the channel needs it to reach the person; null when its seal does not open. */
  address: string | null
}

interface Doc {
  _id: Types.ObjectId
  code: string
  channel: string
  addressHash: string
  address: Buffer
  /** Warnings of the last days, for the caps on how often. */
  pushes: { key: string; topic: string; at: Date }[]
  /** Counts changes of `pushes`: two processes never both pass the same cap. */
  pushed: number
  createdAt: Date
  /** Set when nothing is subscribed to any more. */
  expiresAt: Date | null
}

const schema = new Schema<Doc>(
  {
    code: { type: String, required: true },
    channel: { type: String, required: true },
    addressHash: { type: String, required: true },
    address: { type: Buffer, required: true },
    pushes: { type: [{ _id: false, key: String, topic: String, at: Date }], required: true },
    pushed: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, default: null },
  },
  { versionKey: false, strict: 'throw' },
)
schema.index({ channel: 1, addressHash: 1 }, { unique: true })
schema.index({ code: 1 }, { unique: true })
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 })

/** Crockford's base 32: nothing in it is taken for something else. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const newCode = () => Array.from({ length: 6 }, () => LETTERS.charAt(randomInt(LETTERS.length))).join('')

const context = (hash: string) => `person:${hash}`
const DUPLICATE = 11000
const TRIES = 5

export type PeopleStore = ReturnType<typeof people>

/** Persons, found by the keyed hash of their address as conversations are. */
export function people(connection: Connection, vault: Vault) {
  const model = connection.model('person', schema)
  const hashOf = (channel: string, address: string) => vault.hash(`${channel}:${address}`)

  const read = (doc: Doc): Person => ({
    id: String(doc._id),
    code: doc.code,
    channel: doc.channel,
    address: open(doc),
  })
  const open = ({ address, addressHash }: Doc): string | null => {
    try {
      return vault.open(bytes(address), context(addressHash))
    } catch (error) {
      if (error instanceof AppError && error.code === 'store.key-wrong') return null
      throw error
    }
  }

  return {
    model,

    /** The person's id, made at the first subscription. Idempotent by (channel, address). */
    async open(channel: string, address: string, now: Date): Promise<string> {
      const addressHash = hashOf(channel, address)
      for (let tried = 1; ; tried++) {
        try {
          const doc = await model
            .findOneAndUpdate(
              { channel, addressHash },
              {
                $setOnInsert: {
                  code: newCode(),
                  address: vault.seal(address, context(addressHash)),
                  pushes: [],
                  pushed: 0,
                  createdAt: now,
                },
                $set: { expiresAt: null },
              },
              { upsert: true, returnDocument: 'after', projection: { _id: 1 } },
            )
            .orFail()
            .lean()
          return String(doc._id)
        } catch (error) {
          // A code somebody has already, or the same person made by another process at this moment.
          if ((error as { code?: unknown }).code !== DUPLICATE || tried === TRIES) throw error
        }
      }
    },

    /** The id of the person at this address, or null. */
    async find(channel: string, address: string): Promise<string | null> {
      const doc = await model.findOne({ channel, addressHash: hashOf(channel, address) }, { _id: 1 }).lean()
      return doc ? String(doc._id) : null
    },

    /** Those of these ids who are still remembered. */
    async byIds(ids: string[]): Promise<Map<string, Person>> {
      const docs = await model.find({ _id: { $in: ids } }).lean<Doc[]>()
      return new Map(docs.map((doc) => [String(doc._id), read(doc)]))
    },

    /** A person without subscriptions is erased at this time; said again, the first time stands. */
    async expire(id: string, at: Date): Promise<void> {
      await model.updateOne({ _id: id, expiresAt: null }, { $set: { expiresAt: at } })
    },

    /**
     * Notes a warning to this person under `key`, unless `tooOften` says so of those noted since `since`. True also
     * when the key was noted before. One conditional write: of two processes, the second sees what the first noted.
     */
    async note(
      id: string,
      push: { key: string; topic: string; at: Date },
      since: Date,
      tooOften: (recent: { topic: string; at: Date }[]) => boolean,
    ): Promise<boolean> {
      for (;;) {
        const doc = await model.findById(id, { pushes: 1, pushed: 1 }).lean<Doc>()
        if (!doc) return false
        if (doc.pushes.some(({ key }) => key === push.key)) return true
        const recent = doc.pushes.filter(({ at }) => at >= since)
        if (tooOften(recent)) return false
        const { modifiedCount } = await model.updateOne(
          { _id: id, pushed: doc.pushed },
          { $set: { pushes: [...recent, push] }, $inc: { pushed: 1 } },
        )
        if (modifiedCount === 1) return true
      }
    },

    /** Erases the person. */
    async remove(id: string): Promise<void> {
      await model.deleteOne({ _id: id })
    },
  }
}
