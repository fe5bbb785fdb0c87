import { csrfSync } from 'csrf-sync'
import type { Request, RequestHandler } from 'express'
import session, { Store as SessionStore, type SessionData } from 'express-session'
import type { Clock } from '../clock.js'
import type { LiveSession, Sessions } from '../staff/sessions.js'

declare module 'express-session' {
  interface SessionData {
    staff: { id: string; epoch: number }
    agent: string
    /** As the store had it when the request came; never written back. */
    live: LiveSession
  }
}

/** What a handler may do with the caller's session. */
export interface SessionDoor {
  /** As it was when the request came, or began since; null for somebody who is not signed in. */
  live: LiveSession | null
  /** Begins a session under a new id (no fixation) and ends the one before. */
  begin(staff: { id: string; epoch: number }): Promise<void>
  end(): Promise<void>
}

export interface SessionParts {
  sessions: Sessions
  clock: Clock
  /** Signs the cookie. */
  secret: string
  /** The console is reached by https only; otherwise the cookie is as secure as the connection that gets it. */
  secure: boolean
}

/** Strict: nothing outside ever links into the console's interface. Until the browser closes; the store ends it earlier. */
const COOKIE = { path: '/api', httpOnly: true, sameSite: 'strict' as const }
const csrf = csrfSync({ size: 32 })

/** Whether the header `x-csrf-token` is the session's own (OWASP: synchroniser token). */
export const hasCsrfToken = csrf.isRequestValid

/** express-session over our own sessions: written once, at sign-in, so that no later save brings an ended one back. */
class StaffSessionStore extends SessionStore {
  constructor(private readonly parts: SessionParts) {
    super()
  }

  override get(sid: string, callback: (error: unknown, found?: SessionData | null) => void): void {
    this.parts.sessions.find(sid, this.parts.clock.now()).then(
      (live) =>
        callback(
          null,
          live && {
            cookie: { originalMaxAge: null, ...COOKIE },
            staff: { id: live.staff.id, epoch: live.session.epoch },
            csrfToken: live.session.csrf,
            agent: live.session.agent,
            live,
          },
        ),
      callback,
    )
  }

  override set(sid: string, data: SessionData, callback?: (error?: unknown) => void): void {
    const { staff, csrfToken, agent } = data
    this.parts.sessions.begin(sid, staff, String(csrfToken), agent, this.parts.clock.now()).then(
      () => callback?.(),
      (error: unknown) => callback?.(error),
    )
  }

  override destroy(sid: string, callback?: (error?: unknown) => void): void {
    this.parts.sessions.end(sid).then(
      () => callback?.(),
      (error: unknown) => callback?.(error),
    )
  }
}

/** Reads the session of each request. */
export function sessionMiddleware(parts: SessionParts): RequestHandler {
  return session({
    name: 'qingan',
    secret: parts.secret,
    store: new StaffSessionStore(parts),
    cookie: { ...COOKIE, secure: parts.secure || 'auto' },
    resave: false,
    saveUninitialized: false,
  })
}

/** The session of a request, for its handler. */
export function sessionDoor(
  req: Request,
  { sessions, clock }: Pick<SessionParts, 'sessions' | 'clock'>,
): SessionDoor {
  const step = (run: (done: (error?: unknown) => void) => void) =>
    new Promise<void>((fulfil, reject) => run((error) => (error ? reject(error) : fulfil())))
  let live = req.session?.live ?? null
  return {
    get live() {
      return live
    },
    async begin(staff) {
      await step((done) => req.session.regenerate(done))
      req.session.staff = { id: staff.id, epoch: staff.epoch }
      req.session.agent = req.get('user-agent') ?? ''
      csrf.generateToken(req, true)
      // Written before the answer goes out: who is told that they are signed in is.
      await step((done) => req.session.save(done))
      live = await sessions.find(req.sessionID, clock.now())
    },
    async end() {
      await step((done) => req.session.destroy(done))
      live = null
    },
  }
}
