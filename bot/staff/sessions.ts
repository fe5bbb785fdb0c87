import type { SessionView } from '../../shared/api/auth.js'
import { AppError } from '../errors.js'
import type { StoredSession } from '../store/sessions.js'
import type { StoredStaff } from '../store/staff.js'
import type { Store } from '../store/store.js'

/** Without a request or an open console for this long, a session has ended (milliseconds). */
export const IDLE_MS = 30 * 60_000
/** The longest shift: after it everybody signs in again. */
export const SESSION_MS = 12 * 3_600_000
/** How exactly `seenAt` is kept: one write a minute, not one a request. */
const SEEN_MS = 60_000

/** A session and whose it is. */
export interface LiveSession {
  session: StoredSession
  staff: StoredStaff
}

export type Sessions = ReturnType<typeof createSessions>

/** Sessions of staff, found by the secret in the cookie (`sid`), which is stored nowhere. */
export function createSessions(store: Pick<Store, 'sessions' | 'staff' | 'vault' | 'feed'>) {
  const keyOf = (sid: string) => store.vault.hash(`session:${sid}`)
  const idleSince = (now: Date) => new Date(now.getTime() - IDLE_MS)

  const find = async (key: string, now: Date): Promise<LiveSession | null> => {
    const session = await store.sessions.find(key, now, idleSince(now))
    if (!session) return null
    const staff = await store.staff.find(session.staff)
    return staff?.active && staff.epoch === session.epoch ? { session, staff } : null
  }

  /** Somebody is there. */
  const seen = async ({ session, staff }: LiveSession, now: Date): Promise<void> => {
    if (now.getTime() - session.seenAt.getTime() < SEEN_MS) return
    await store.sessions.seen(session.key, now)
    await store.staff.seen(staff.id, now)
  }

  return {
    async begin(
      sid: string,
      staff: Pick<StoredStaff, 'id' | 'epoch'>,
      csrf: string,
      agent: string,
      now: Date,
    ) {
      await store.sessions.begin({
        key: keyOf(sid),
        staff: staff.id,
        epoch: staff.epoch,
        csrf,
        agent: agent.slice(0, 200),
        startedAt: now,
        seenAt: now,
        endsAt: new Date(now.getTime() + SESSION_MS),
      })
      await store.staff.seen(staff.id, now)
    },

    /** The session of this cookie and its account as they are now; null when it has ended or the account changed. */
    find: (sid: string, now: Date) => find(keyOf(sid), now),

    /** The same session as it is now; null when it has ended. Somebody's console is open, so it is not idle. */
    async again({ session: { key } }: LiveSession, now: Date): Promise<LiveSession | null> {
      const live = await find(key, now)
      if (live) await seen(live, now)
      return live
    },

    seen,

    end: (sid: string) => store.sessions.end(keyOf(sid)),

    async list(staff: StoredStaff, current: string | null, now: Date): Promise<SessionView[]> {
      const found = await store.sessions.list(staff.id, staff.epoch, now, idleSince(now))
      return found.map(({ id, startedAt, seenAt, endsAt, agent }) => ({
        id,
        startedAt: startedAt.toISOString(),
        seenAt: seenAt.toISOString(),
        endsAt: endsAt.toISOString(),
        agent,
        current: id === current,
      }))
    },

    /** Ends one of an account's sessions. Throws `record.unknown` when it is not one of them. */
    async endOne(staff: string, id: string): Promise<void> {
      if (!(await store.sessions.endOne(staff, id))) throw new AppError('record.unknown')
      await store.feed.publish('staff')
    },

    async endAll(staff: string): Promise<void> {
      await store.sessions.endAll(staff)
      await store.feed.publish('staff')
    },
  }
}
