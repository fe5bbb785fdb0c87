import express, { Router, type Request, type RequestHandler, type Response } from 'express'
import { rateLimit, ipKeyGenerator } from 'express-rate-limit'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { ROUTES, type Routes } from '../../shared/api.js'
import { Id, type Route } from '../../shared/api/route.js'
import type { SignedIn } from '../../shared/staff.js'
import type { Clock } from '../clock.js'
import { AppError } from '../errors.js'
import type { LiveSession, Sessions } from '../staff/sessions.js'
import type { Asking, HandlersOf } from './handlers.js'
import type { Live } from './live.js'
import { parsed } from './parse.js'
import { hasCsrfToken, sessionDoor, sessionMiddleware, type SessionParts } from './session.js'

export interface ConsoleParts extends Omit<SessionParts, 'secure'> {
  clock: Clock
  sessions: Sessions
  handlers: HandlersOf<Routes>
  live: Live
  /** Where the console is reached from outside; https here means that a session travels on nothing else. */
  publicUrl?: string
  /** Tests: an answer with more than its schema is an error instead of being cut to it. */
  strict?: boolean
}

/** A body in bytes: an intent with all its answers and sayings, with room. */
const BODY_MAX = '512kb'
/** A question mark with anything behind it, where the table says nothing of a query, is a mistake. */
const NOTHING = z.strictObject({})
const MINUTE_MS = 60_000
/** Requests a minute of one signed-in session: an open console reads again at every change. */
const SESSION_LIMIT = 3_000
/** Requests a minute of one address that is not signed in; an office shares one. */
const ADDRESS_LIMIT = 300
/** Failed sign-ins and links of one address in a quarter of an hour, whatever the names. */
const FAILURE_LIMIT = 30

const tooFast = () => {
  throw new AppError('request.too-fast')
}
const limits = { standardHeaders: 'draft-8', legacyHeaders: false, handler: tooFast } as const
const addressOf = (req: Request) => ipKeyGenerator(req.ip ?? '')

/** The console's interface, below /api: one express route for each of the table, all by the same steps. */
export function consoleApi(parts: ConsoleParts): Router {
  const router = Router()
  const secure = parts.publicUrl?.startsWith('https:') ?? false
  router.use((req, res, next) => {
    res.set('cache-control', 'no-store')
    // Before anything is done: a browser would not keep the cookie of an answer without TLS.
    if (secure && !req.secure) throw new AppError('staff.insecure')
    next()
  })
  router.use(sessionMiddleware({ ...parts, secure }))
  router.use(
    rateLimit({
      ...limits,
      windowMs: MINUTE_MS,
      limit: (req) => (req.session?.live ? SESSION_LIMIT : ADDRESS_LIMIT),
      keyGenerator: (req) => req.session?.live?.session.id ?? addressOf(req),
    }),
  )
  const failures = rateLimit({
    ...limits,
    windowMs: 15 * MINUTE_MS,
    limit: FAILURE_LIMIT,
    skipSuccessfulRequests: true,
    keyGenerator: addressOf,
  })
  for (const [name, route] of Object.entries<Route>(ROUTES)) {
    const answer = route.stream ? streamed(route, parts) : answered(name, route, parts)
    const gate = [sameOrigin(parts.publicUrl), ...(route.roles === 'everyone' ? [failures] : []), may(route)]
    router[route.method](route.path, ...gate, jsonBody(route), answer)
  }
  return router
}

/** A page elsewhere may not make a browser change anything here, signed in or not. Old browsers send only Origin. */
function sameOrigin(publicUrl: string | undefined): RequestHandler {
  const ours = publicUrl && new URL(publicUrl).host
  return (req, _res, next) => {
    if (req.method === 'GET' || req.method === 'HEAD') return next()
    const site = req.get('sec-fetch-site')
    const origin = req.get('origin')
    const same = site
      ? site === 'same-origin'
      : origin === undefined ||
        [req.get('host'), ours].includes(URL.canParse(origin) ? new URL(origin).host : '')
    if (!same) throw new AppError('csrf.invalid')
    next()
  }
}

/** Who may, before anything of the request is read. */
function may(route: Route): RequestHandler {
  return (req, _res, next) => {
    if (route.roles === 'everyone') return next()
    const live = req.session?.live
    if (!live) throw new AppError('staff.signed-out')
    const allowed = route.roles === 'signed-in' || live.staff.roles.some((role) => route.roles.includes(role))
    if (!allowed) throw new AppError('staff.forbidden')
    if (route.method !== 'get' && !hasCsrfToken(req)) throw new AppError('csrf.invalid')
    next()
  }
}

function jsonBody(route: Route): RequestHandler {
  if (!route.body) return (_req, _res, next) => next()
  const read = express.json({ limit: route.bodyMax ?? BODY_MAX, strict: true })
  return (req, res, next) =>
    read(req, res, (error?: unknown) => {
      const status = (error as { status?: number } | undefined)?.status
      if (!error) return next()
      next(new AppError(status === 413 ? 'request.too-long' : 'request.malformed', {}, { cause: error }))
    })
}

const signedIn = ({ staff: { id, name, workName, roles } }: LiveSession): SignedIn => ({
  id,
  name,
  workName,
  roles,
})

async function asking(req: Request, route: Route, parts: ConsoleParts): Promise<Asking<Route>> {
  const now = parts.clock.now()
  const session = sessionDoor(req, parts)
  if (session.live) await parts.sessions.seen(session.live, now)
  const params = route.params ? route.params.safeParse(req.params) : null
  const known = params ? params.success : Object.values(req.params).every((id) => Id.safeParse(id).success)
  if (!known) throw new AppError('record.unknown')
  return {
    staff: (session.live && signedIn(session.live)) as SignedIn,
    params: { ...req.params } as Record<string, string>,
    query: parsed(route.query ?? NOTHING, { ...req.query }) as undefined,
    body: parsed(route.body, req.body) as undefined,
    now,
    session,
  }
}

function answered(name: string, route: Route, parts: ConsoleParts): RequestHandler {
  // The table's types end here: each handler was checked against its own route where it was written.
  const handler = parts.handlers[name as keyof HandlersOf<Routes>] as (asked: unknown) => Promise<unknown>
  return async (req: Request, res: Response) => {
    const reply = await handler(await asking(req, route, parts))
    const shown = route.reply.parse(reply)
    if (parts.strict && !isDeepStrictEqual(plain(shown), plain(reply)))
      throw new TypeError(`${name} answers with more than its schema`)
    res.json(shown)
  }
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

function streamed(route: Route, parts: ConsoleParts): RequestHandler {
  return async (req, res) => {
    const asked = await asking(req, route, parts)
    const { conversation } = asked.query as unknown as z.output<Routes['live']['query']>
    await parts.live.open(res, asked.session.live as LiveSession, asked.staff as SignedIn, conversation)
  }
}
