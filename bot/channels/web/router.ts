import express, { Router, type Request } from 'express'
import { rateLimit } from 'express-rate-limit'
import { TEXT_MAX, WebInbound, type LineView } from '../../../shared/message.js'
import type { Clock } from '../../clock.js'
import type { Inbox } from '../../conversation/inbox.js'
import { AppError } from '../../errors.js'
import type { Feed } from '../../store/feed.js'
import { stream } from './stream.js'
import { sessions } from './token.js'

/** What the chat page shows before the first word. */
export interface Hello {
  demo: boolean
  demoText: string
  hello: string[]
  buttons: string[]
  notice: { short: string; full: string[] }
  lines: LineView[]
}

export interface WebParts {
  inbox: Inbox
  feed: Feed
  clock: Clock
  sign(text: string): string
  hello(): Hello
  /** Wording of intents/system, for what a person sees. */
  say(key: string): string
  onError(error: unknown): void
}

const CHANNEL = 'web'
/** A body in bytes: 20,000 characters of four bytes, escaped. */
const BODY_MAX = '256kb'
/** Messages of one session in ten seconds before replies are slowed; they are stored and read all the same. */
const SESSION_SOFT = 12
/** Requests of one address in a minute before they are refused; a school shares one address. */
const ADDRESS_HARD = 900

/** The web chat's own interface, below /channels/web. */
export function webRouter({ inbox, feed, clock, sign, hello, say, onError }: WebParts): Router {
  const router = Router()
  const tokens = sessions(sign)

  const addressOf = (req: Request): string => {
    const header = req.get('authorization') ?? ''
    const address = header.startsWith('Bearer ') ? tokens.read(header.slice(7), clock.now()) : null
    if (!address) throw new AppError('session.unknown')
    return address
  }

  router.use(
    rateLimit({
      windowMs: 60_000,
      limit: ADDRESS_HARD,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      handler: () => {
        throw new AppError('input.too-fast')
      },
    }),
  )
  const slow = rateLimit({
    windowMs: 10_000,
    limit: SESSION_SOFT,
    standardHeaders: false,
    legacyHeaders: false,
    keyGenerator: (req) => addressOf(req),
    handler: (req, _res, next) => {
      Object.assign(req, { fast: true })
      next()
    },
  })

  router.get('/hello', (_req, res) => void res.set('cache-control', 'no-store').json(hello()))

  router.post('/session', (_req, res) => void res.status(201).json({ token: tokens.issue(clock.now()) }))

  router.post('/messages', slow, express.json({ limit: BODY_MAX }), async (req, res) => {
    const address = addressOf(req)
    const parsed = WebInbound.safeParse(req.body)
    if (!parsed.success) throw new AppError('input.malformed')
    const { id, text } = parsed.data
    if (text.length > TEXT_MAX) throw new AppError('input.too-long')
    await inbox.accept({ channel: CHANNEL, address, key: id, text })
    if ('fast' in req) {
      const error = new AppError('input.too-fast')
      res
        .set('retry-after', '5')
        .status(error.status)
        .json({ stored: true, error: { code: error.code, message: say(error.says) } })
      return
    }
    res.status(202).json({ id })
  })

  router.get('/messages', async (req, res) => {
    const address = addressOf(req)
    const conversation = await inbox.find(CHANNEL, address)
    const after = numberOf(req.query.after)
    res
      .set('cache-control', 'no-store')
      .json({ messages: conversation ? await inbox.after(conversation, after) : [] })
  })

  router.get('/events', async (req, res) => {
    const address = addressOf(req)
    const conversation = await inbox.find(CHANNEL, address)
    // Before the first word there is nothing to follow: the page comes back after it has written.
    if (!conversation) throw new AppError('route.unknown')
    stream(
      req,
      res,
      {
        conversation,
        after: numberOf(req.get('last-event-id')),
        read: (after) => inbox.after(conversation, after),
        follow: (listener) => feed.follow(conversation, listener),
        exists: async () => (await inbox.find(CHANNEL, address)) !== null,
      },
      onError,
    )
  })

  router.delete('/conversation', async (req, res) => {
    await inbox.forget(CHANNEL, addressOf(req))
    res.status(204).end()
  })

  return router
}

/** A message number from the outside: anything else than digits counts as 0. */
function numberOf(value: unknown): number {
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : 0
}
