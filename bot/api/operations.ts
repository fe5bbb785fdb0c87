import { createHash, timingSafeEqual } from 'node:crypto'
import { Router, type RequestHandler } from 'express'
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import { AppError } from '../errors.js'

/** What a person at the machine, a container runtime or a monitor asks for. */
export interface Operations {
  router: Router
  countTurn(turn: { milliseconds: number; level: string }): void
  /** Measures how long what a channel's network posts waits for its answer. */
  timed(channel: string): RequestHandler
}

/** /live, /ready, and /metrics for those who hold its token; without a token /metrics does not exist. */
export function operations(parts: {
  ready(): Promise<void>
  escalationsWaiting(): Promise<Record<string, number>>
  metricsToken: string | undefined
}): Operations {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const turns = new Counter({
    name: 'qingan_turns_total',
    help: 'Turns answered, by risk level',
    labelNames: ['level'],
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'qingan_turn_seconds',
    help: 'Time from taking a turn to its recorded reply',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  })
  const webhooks = new Histogram({
    name: 'qingan_webhook_seconds',
    help: 'Time from a POST of a network to its answer, by channel',
    labelNames: ['channel'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2.5, 5],
    registers: [registry],
  })
  const waiting = new Gauge({
    name: 'qingan_escalations_open',
    help: 'Escalations open, by grade',
    labelNames: ['grade'],
    registers: [registry],
  })

  const router = Router()
  router.get('/live', (_req, res) => void res.json({ live: true }))
  router.get('/ready', async (_req, res) => {
    await parts.ready()
    res.json({ ready: true })
  })
  router.get('/metrics', async (req, res) => {
    const token = /^Bearer (.+)$/.exec(req.get('authorization') ?? '')?.[1] ?? ''
    if (!parts.metricsToken || !same(token, parts.metricsToken)) throw new AppError('route.unknown')
    waiting.reset()
    for (const [grade, count] of Object.entries(await parts.escalationsWaiting()))
      waiting.set({ grade }, count)
    res.type(registry.contentType).send(await registry.metrics())
  })
  return {
    router,
    countTurn({ milliseconds, level }) {
      turns.inc({ level })
      seconds.observe(milliseconds / 1000)
    },
    timed: (channel) => (req, res, next) => {
      if (req.method === 'POST') {
        const stop = webhooks.startTimer({ channel })
        res.once('close', () => stop())
      }
      next()
    },
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest()
const same = (a: string, b: string) => timingSafeEqual(digest(a), digest(b))
