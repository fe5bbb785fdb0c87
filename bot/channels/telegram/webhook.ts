import { createHash, timingSafeEqual } from 'node:crypto'
import express, { Router, type NextFunction, type Request, type Response } from 'express'
import { Update } from './update.js'

/** A message of 4,096 characters with the one it answers and all its marks is far under this. */
const BODY_MAX = '256kb'
const SECRET = 'x-telegram-bot-api-secret-token'

export interface WebhookParts {
  secret: string
  /** Whether the channel runs. */
  on(): boolean
  /** Stores what an update says. Its failure is answered with a 500, and Telegram sends it again. */
  take(update: Update): Promise<void>
  /** An update in a form we do not know. */
  strange(id: unknown): void
}

/** What Telegram calls: believed by its secret before a byte of the body is read, stored before it is answered. */
export function webhook({ secret, on, take, strange }: WebhookParts): Router {
  const router = Router()
  const known = digest(secret)

  router.use((req, res, next) => {
    if (!on()) return refuse(res, 503)
    if (req.method !== 'POST' || req.path !== '/') return refuse(res, 404)
    if (!timingSafeEqual(digest(req.get(SECRET) ?? ''), known)) return refuse(res, 401)
    next()
  })

  router.post('/', express.raw({ type: () => true, limit: BODY_MAX, inflate: false }), async (req, res) => {
    const body: unknown = req.body
    const read = jsonOf(Buffer.isBuffer(body) ? body : Buffer.alloc(0))
    if (read === undefined) return refuse(res, 400)
    const parsed = Update.safeParse(read)
    // Refused, it would come again and again, and hold up what comes behind it.
    if (parsed.success) await take(parsed.data)
    else strange((read as { update_id?: unknown } | null)?.update_id)
    res.status(200).end()
  })

  // Strangers are told nothing: a bare status.
  router.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
    const { status } = error as { status?: unknown }
    if (typeof status === 'number' && status >= 400 && status < 500) refuse(res, status)
    else next(error)
  })

  return router
}

const digest = (text: string) => createHash('sha256').update(text).digest()

/** What is still on its way is not waited for. */
const refuse = (res: Response, status: number) => void res.status(status).set('connection', 'close').end()

/** Undefined when it is no JSON in UTF-8. */
function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}
