import type { Types } from 'mongoose'
import { Schema, type Connection } from 'mongoose'

interface Doc {
  _id: Types.ObjectId
  conversation: string
  by: string
  at: Date
}

const schema = new Schema<Doc>(
  {
    conversation: { type: String, required: true },
    by: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { versionKey: false, strict: 'throw' },
)
schema.index({ at: 1 }, { expireAfterSeconds: 120 })

type Listener = () => void

/** Hints that a conversation changed, between processes. Messages are the truth; a hint only says where to look. */
export type Feed = ReturnType<typeof feed>

/** How far back each poll looks again, so that a slow writer or a skewed clock hides nothing. Milliseconds. */
const OVERLAP_MS = 3_000

/** The feed of this process, known to others as `by`. It polls only while somebody here listens. */
export function feed(connection: Connection, by: string, pollMs = 500) {
  const model = connection.model('hint', schema)
  const listeners = new Map<string, Set<Listener>>()
  const seen = new Map<string, number>()
  let newest = new Date(Date.now() - OVERLAP_MS)
  let polling = false
  let failure: unknown = null

  const tell = (conversation: string) => listeners.get(conversation)?.forEach((listener) => listener())

  const poll = async () => {
    const found = await model
      .find({ at: { $gt: new Date(newest.getTime() - OVERLAP_MS) }, by: { $ne: by } })
      .lean<Doc[]>()
    for (const hint of found) {
      const id = String(hint._id)
      if (seen.has(id)) continue
      seen.set(id, hint.at.getTime())
      if (hint.at > newest) newest = hint.at
      tell(hint.conversation)
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
    /** Says that a conversation changed: at once here, within a poll elsewhere. */
    async publish(conversation: string): Promise<void> {
      tell(conversation)
      await model.create({ conversation, by, at: new Date() })
    },

    /** Calls `listener` when the conversation may have changed. Returns how to stop. */
    follow(conversation: string, listener: Listener): () => void {
      const set = listeners.get(conversation) ?? new Set()
      set.add(listener)
      listeners.set(conversation, set)
      return () => {
        set.delete(listener)
        if (set.size === 0) listeners.delete(conversation)
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
