import type { Response } from 'express'
import { LIVE_TOPICS, type Changed, type LiveTopic } from '../../shared/api/live.js'
import { DESK_ROLES, type Role, type SignedIn } from '../../shared/staff.js'
import type { Clock } from '../clock.js'
import { AppError } from '../errors.js'
import type { LiveSession } from '../staff/sessions.js'

/** Between heartbeats, milliseconds: presence lasts for three of them. */
const HEARTBEAT_MS = 10_000
/** A stream ends by itself after this long and the console opens the next: no proxy sees it as stuck. */
const LIFETIME_MS = 5 * 60_000
/** Streams of one member at the same time: several windows on several screens. */
const STREAMS_MAX = 8
/** At most one batch of hints in this time; each hint makes a console read again. Milliseconds. */
const BATCH_MS = 100
/** A reader this far behind (bytes) is gone or asleep; it comes back and reads anew. */
const BEHIND_MAX = 64 * 1024

export interface LiveParts {
  clock: Clock
  follow(topic: string, listener: () => void): () => void
  /** The session as it is now; null when it has ended. */
  alive(session: LiveSession): Promise<LiveSession | null>
  /** Whether this member may read this conversation. */
  mayRead(staff: SignedIn, conversation: string): Promise<boolean>
  /** A console of this member of the desk is connected. */
  beat(staff: string, now: Date): Promise<void>
  onError(error: unknown): void
}

export type Live = ReturnType<typeof createLive>

const topicsOf = (roles: Role[]): LiveTopic[] =>
  (Object.keys(LIVE_TOPICS) as LiveTopic[]).filter((topic) =>
    LIVE_TOPICS[topic].some((role) => roles.includes(role)),
  )

/** Streams that tell open consoles what changed. They carry no content: the console reads it by the usual way. */
export function createLive(parts: LiveParts) {
  const { clock, follow, alive, mayRead, beat, onError } = parts
  const open = new Map<string, number>()

  return {
    /** Opens a stream for a signed-in member. Throws `record.unknown` for a conversation not theirs, `live.too-many`. */
    async open(
      res: Response,
      session: LiveSession,
      staff: SignedIn,
      conversation: string | undefined,
    ): Promise<void> {
      if (conversation && !(await mayRead(staff, conversation))) throw new AppError('record.unknown')
      const count = open.get(staff.id) ?? 0
      if (count >= STREAMS_MAX) throw new AppError('live.too-many')
      open.set(staff.id, count + 1)

      const waiting = new Map<string, Changed>()
      let batch: NodeJS.Timeout | undefined
      let ended = false

      const end = () => {
        if (ended) return
        ended = true
        for (const stop of stops) stop()
        clearInterval(heartbeat)
        clearTimeout(lifetime)
        clearTimeout(batch)
        const left = (open.get(staff.id) ?? 1) - 1
        if (left) open.set(staff.id, left)
        else open.delete(staff.id)
        res.end()
      }
      const write = (text: string) => {
        if (ended) return
        res.write(text)
        if (res.writableLength > BEHIND_MAX) end()
      }
      const flush = () => {
        batch = undefined
        if (waiting.size === 0) return
        write(
          [...waiting.values()].map((each) => `event: changed\ndata: ${JSON.stringify(each)}\n\n`).join(''),
        )
        waiting.clear()
        batch = setTimeout(flush, BATCH_MS)
      }
      const tell = (changed: Changed) => {
        waiting.set(changed.topic, changed)
        if (!batch && !ended) flush()
      }

      /** Ends the stream of a session that has ended, or of a member who may not read the conversation any more. */
      const check = async () => {
        const live = await alive(session)
        const may =
          live && (!conversation || (await mayRead({ ...staff, roles: live.staff.roles }, conversation)))
        if (!may) return end()
        if (!ended && DESK_ROLES.some((role) => staff.roles.includes(role))) await beat(staff.id, clock.now())
      }
      const checked = () =>
        void check().catch((error: unknown) => {
          onError(error)
          end()
        })

      res.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      res.write(': open\n\n')
      const stops = topicsOf(staff.roles).map((topic) => follow(topic, () => tell({ topic })))
      // Whoever is signed out or switched off is told at once, not at the next heartbeat.
      stops.push(follow('staff', checked))
      if (conversation)
        stops.push(follow(conversation, () => tell({ topic: 'conversation', id: conversation })))
      const heartbeat = setInterval(() => {
        // An event, not a comment: the console must see that a line is alive, and that it no longer is.
        write('event: here\ndata: {}\n\n')
        checked()
      }, HEARTBEAT_MS)
      const lifetime = setTimeout(end, LIFETIME_MS)
      res.on('close', end)
      res.on('error', end)
      checked()
    },
  }
}
