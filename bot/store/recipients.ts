import { Schema, type Connection } from 'mongoose'
import type { InboundEvent } from '../../shared/channel.js'
import type { Vault } from './crypto.js'

/** What is known of somebody's windows on a channel. It holds no address and no word. */
export interface Recipient {
  /** Their newest message: opens the long window. */
  lastInboundAt: Date | null
  /** Handed out since then, by anybody; and of these by the machine. */
  sentSince: number
  botSince: number
  /** Their newest event (follow, menu, scan): opens the short window. */
  lastEventAt: Date | null
  lastEvent: InboundEvent | null
  /** Handed out in the short window. */
  eventSince: number
  /** False once they have blocked or left us; true again when they write. */
  reachable: boolean
}

/** Somebody of whom nothing is known. */
export const unknownRecipient: Recipient = {
  lastInboundAt: null,
  sentSince: 0,
  botSince: 0,
  lastEventAt: null,
  lastEvent: null,
  eventSince: 0,
  reachable: true,
}

interface Doc extends Recipient {
  channel: string
  addressHash: string
  expiresAt: Date
}

const schema = new Schema<Doc>(
  {
    channel: { type: String, required: true },
    addressHash: { type: String, required: true },
    lastInboundAt: { type: Date, default: null },
    sentSince: { type: Number, required: true },
    botSince: { type: Number, required: true },
    lastEventAt: { type: Date, default: null },
    lastEvent: { type: String, default: null },
    eventSince: { type: Number, required: true },
    reachable: { type: Boolean, required: true },
    expiresAt: { type: Date, required: true },
  },
  { versionKey: false, strict: 'throw' },
)
schema.index({ channel: 1, addressHash: 1 }, { unique: true })
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 })

/** More than any network lets through. */
const EXHAUSTED = 1_000_000

/** Somebody of whom we have heard: a message, or an event. */
export interface Heard {
  channel: string
  address: string
  event?: InboundEvent
}

const isDuplicate = (error: unknown) => (error as { code?: unknown }).code === 11000

export type Recipients = ReturnType<typeof recipients>

/** Windows and quotas, one row per (channel, address): counted before a message is handed out, never after. */
export function recipients(connection: Connection, vault: Vault) {
  const model = connection.model('recipient', schema)
  const hashOf = (channel: string, address: string) => vault.hash(`${channel}:${address}`)
  const where = (channel: string, address: string) => ({ channel, addressHash: hashOf(channel, address) })
  const read = (doc: Doc): Recipient => {
    const { lastInboundAt, sentSince, botSince, lastEventAt, lastEvent, eventSince, reachable } = doc
    return { lastInboundAt, sentSince, botSince, lastEventAt, lastEvent, eventSince, reachable }
  }

  /** The write by which a window opens. */
  const opened = ({ channel, address, event }: Heard, at: Date, expiresAt: Date) => {
    const isEvent = event !== undefined && event !== 'edit'
    const reachable = event !== 'unsubscribe'
    const field = isEvent ? 'lastEventAt' : 'lastInboundAt'
    const facts = isEvent
      ? { lastEvent: event, ...(reachable ? { eventSince: 0 } : {}) }
      : { sentSince: 0, botSince: 0 }
    const set: Partial<Doc> = { ...facts, [field]: at, reachable, expiresAt }
    const blank = Object.fromEntries(Object.entries(unknownRecipient).filter(([name]) => !(name in set)))
    const older = { ...where(channel, address), $or: [{ [field]: null }, { [field]: { $lt: at } }] }
    return { older, set, blank }
  }

  const open = async (heard: Heard, at: Date, expiresAt: Date): Promise<void> => {
    const { older, set, blank } = opened(heard, at, expiresAt)
    try {
      await model.updateOne(older, { $set: set, $setOnInsert: blank }, { upsert: true })
    } catch (error) {
      // The upsert met a row that is newer, or has just been made by another process.
      if (!isDuplicate(error)) throw error
      await model.updateOne(older, { $set: set })
    }
  }

  return {
    model,

    /** What is known; a stranger's blank facts before the first word. */
    async find(channel: string, address: string): Promise<Recipient> {
      const doc = await model.findOne(where(channel, address)).lean<Doc>()
      return doc ? read(doc) : unknownRecipient
    },

    /** The same for many at once, by address. */
    async findAll(channel: string, addresses: string[]): Promise<Map<string, Recipient>> {
      const byHash = new Map(addresses.map((address) => [hashOf(channel, address), address]))
      const docs = await model.find({ channel, addressHash: { $in: [...byHash.keys()] } }).lean<Doc[]>()
      return new Map(docs.map((doc) => [byHash.get(doc.addressHash) as string, read(doc)]))
    },

    /** They wrote: the long window opens with all its messages. Older than what is known it changes nothing. */
    heard: (channel: string, address: string, at: Date, expiresAt: Date): Promise<void> =>
      open({ channel, address }, at, expiresAt),

    /** They followed, pressed the menu, scanned: the short window opens. `unsubscribe`: no way to them any more. */
    event: (
      channel: string,
      address: string,
      event: InboundEvent,
      at: Date,
      expiresAt: Date,
    ): Promise<void> => open({ channel, address, event }, at, expiresAt),

    /** The same for many in one round trip. */
    async heardAll(all: readonly Heard[], at: Date, expiresAt: Date): Promise<void> {
      const writes = all.map((each) => {
        const { older, set, blank } = opened(each, at, expiresAt)
        return { updateOne: { filter: older, update: { $set: set, $setOnInsert: blank }, upsert: true } }
      })
      try {
        await model.bulkWrite(writes, { ordered: false })
      } catch (error) {
        const { writeErrors } = error as { writeErrors?: { code: number; index: number }[] }
        if (!writeErrors?.length || writeErrors.some((each) => !isDuplicate(each))) throw error
        for (const { index } of writeErrors) await open(all[index] as Heard, at, expiresAt)
      }
    },

    /** A message is about to be handed out. */
    async spend(
      channel: string,
      address: string,
      from: { window: 'message' | 'event'; bot: boolean },
    ): Promise<void> {
      const counts =
        from.window === 'event' ? { eventSince: 1 } : { sentSince: 1, ...(from.bot ? { botSince: 1 } : {}) }
      await model.updateOne(where(channel, address), { $inc: counts })
    },

    /** The network did not take it for certain: it is not counted. */
    async refund(
      channel: string,
      address: string,
      from: { window: 'message' | 'event'; bot: boolean },
    ): Promise<void> {
      const field = from.window === 'event' ? 'eventSince' : 'sentSince'
      const counts =
        from.window === 'event'
          ? { eventSince: -1 }
          : { sentSince: -1, ...(from.bot ? { botSince: -1 } : {}) }
      await model.updateOne({ ...where(channel, address), [field]: { $gt: 0 } }, { $inc: counts })
    },

    /** The network says that the window is used up or over: nothing more goes through it. */
    async exhausted(channel: string, address: string, window: 'message' | 'event'): Promise<void> {
      const change =
        window === 'event'
          ? { $max: { eventSince: EXHAUSTED } }
          : { $max: { sentSince: EXHAUSTED, botSince: EXHAUSTED } }
      await model.updateOne(where(channel, address), change)
    },

    /** They have blocked or left us. */
    async lost(channel: string, address: string): Promise<void> {
      await model.updateOne(where(channel, address), { $set: { reachable: false } })
    },

    /** Deletes what is known of an address. */
    async forget(channel: string, address: string): Promise<void> {
      await model.deleteOne(where(channel, address))
    },
  }
}
