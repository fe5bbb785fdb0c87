import express, { Router } from 'express'
import type { Clock } from '../../clock.js'
import { arrivalOf, type Arrival } from './inbound.js'
import { Refused, type Refusal } from './refused.js'
import type { verifier } from './verify.js'

/** A text of 2,048 bytes, encrypted and in base64, is under 4 kB; everything else is shorter. */
const BODY_MAX = '64kb'

export interface WebhookParts {
  verify: ReturnType<typeof verifier>
  clock: Clock
  /** Stores a message; its failure is answered with a 503, and the platform sends it again. */
  store(arrival: Arrival): Promise<void>
  hasRoom(): boolean
  /** Whether the channel runs. */
  on(): boolean
  /** What was believed or not, for the status page and the log. */
  seen(what: 'believed' | Refusal): void
}

/**
 * What the 公众号 calls: it is believed, opened and stored before it is answered, and answered before anything else
 * happens. The platform waits five seconds and tries three times.
 */
export function webhook({ verify, clock, store, hasRoom, on, seen }: WebhookParts): Router {
  const router = Router()

  router.use((_req, res, next) => {
    if (on()) next()
    else res.status(503).end()
  })

  router.get('/', (req, res) => {
    res.type('text/plain').send(verify.echo(req.query, clock.now()))
    seen('believed')
  })

  router.post('/', express.raw({ type: () => true, limit: BODY_MAX, inflate: false }), async (req, res) => {
    const body: unknown = req.body
    const now = clock.now()
    const fields = verify.open(req.query, Buffer.isBuffer(body) ? body : Buffer.alloc(0), now)
    seen('believed')
    const arrival = arrivalOf(fields)
    if (arrival) {
      if (!hasRoom()) return void res.status(503).end()
      await store(arrival)
    }
    res.type('text/plain').send('success')
  })

  // Strangers are told nothing: a bare status.
  router.use((error: unknown, _req: express.Request, res: express.Response, next: express.NextFunction) => {
    if (!(error instanceof Refused)) return next(error)
    seen(error.why)
    res.status(error.status).end()
  })

  return router
}
