import type { Types } from 'mongoose'
import { Schema, type Connection } from 'mongoose'

interface Doc {
  _id: Types.ObjectId
  topic: string
  by: string
  at: Date
}

const schema = new Schema<Doc>(
  {
    topic: { type: String, required: true },
    by: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { versionKey: false, strict: 'throw' },
)
schema.index({ at: 1 }, { expireAfterSeconds: 120 })

type Listener = () => void

/**
 * Hints between processes that something changed: a conversation (its id), or one of desk, campaigns, content, staff.
 * The collections are the truth; a hint only says where to look.
 */
export type Feed = ReturnType<typeof feed>

/** How far back each poll looks again, so that a slow writer or a skewed clock hides nothing. Milliseconds. */
const OVERLAP_MS = 3_000

/** The feed of this process, known to others as `by`. It polls only while somebody here listens. */
export function feed(connection: Connection, by: string, pollMs = 250) {
  const model = connection.model('hint', schema)
  const listeners = new Map<string, Set<Listener>>()
  const seen = new Map<string, number>()
  let newest = new Date(Date.now() - OVERLAP_MS)
  let polling = false
  let failure: unknown = null

  const tell = (topic: string) => listeners.get(topic)?.forEach((listener) => listener())

  const poll = async () => {
    const found = await model
      .find({ at: { $gt: new Date(newest.getTime() - OVERLAP_MS) }, by: { $ne: by } })
      .lean<Doc[]>()
    for (const hint of found) {
      const id = String(hint._id)
      if (seen.has(id)) continue
      seen.set(id, hint.at.getTime())
      if (hint.at > newest) newest = hint.at
      tell(hint.topic)
    }
    for (const [id, at] of seen) if (at < newest.getTime() - 2 * OVERLAP_MS) seen.delete(id)
  }

  const tick = async () => {
    if (polling || listeners.size === 0) return
    polling = true
    try {
      await poll()
      failure = null
    } catch (error) {
      // The store is away: streams read again at their heartbeat, and readiness says so.
      failure = error
    } finally {
      polling = false
    }
  }
  const timer = setInterval(() => void tick(), pollMs)
  timer.unref()

  return {
    /** Says that something changed: at once here, within a poll elsewhere. */
    async publish(topic: string): Promise<void> {
      tell(topic)
      await model.create({ topic, by, at: new Date() })
    },

    /** Calls `listener` when it may have changed. Returns how to stop. */
    follow(topic: string, listener: Listener): () => void {
      const set = listeners.get(topic) ?? new Set()
      set.add(listener)
      listeners.set(topic, set)
      return () => {
        set.delete(listener)
        if (set.size === 0) listeners.delete(topic)
      }
    },

    /** The last poll's failure, or null. */
    failure: () => failure,

    stop(): void {
      clearInterval(timer)
      listeners.clear()
    },
  }
}
