import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import express, {
  Router,
  static as serveStatic,
  type NextFunction,
  type Request,
  type Response,
} from 'express'
import { z } from 'zod'
import { Faults, type FaultBox } from './faults.js'
import type { Log } from './log.js'
import type { PersonView, Said } from './people.js'

/** A simulator, as its control page and the tests see it. */
export interface Stage<Act> {
  platform: 'wechat' | 'telegram'
  title: string
  log: Log
  faults: FaultBox
  /** What a person can do; a text alone is a text message. */
  act: z.ZodType<Act>
  /** Does it as this person, who is made when nobody has that id. Throws `Refused` when it cannot be done. */
  start(user: string, act: Act): Promise<Said>
  users: {
    create(name?: string): string
    list(): string[]
    view(id: string): PersonView | null
  }
  /** Whether the bot is there, in a sentence. */
  connection(): string
  /** What else can be done by a press: `people` of them are about the person chosen. */
  deeds: Deed[]
}

export interface Deed {
  id: string
  label: string
  /** It is about the person chosen. */
  person: boolean
  /** `text` is what stands in the box of the page. */
  run(user: string, text: string): unknown
}

/** Longest body of a control call. */
const BODY_MAX = '64kb'
const LOG_PAGE = 1_000
/** Longest text typed as a person. */
export const TEXT_MAX = 20_000
const UserId = z.string().regex(/^[\w-]{1,64}$/, '用户编号是 1 到 64 个字母、数字、下划线或短横')
const LogQuery = z.object({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(LOG_PAGE).default(LOG_PAGE),
})
const NewUser = z.strictObject({ name: z.string().trim().min(1).max(20).optional() })

function pageFolder(): string {
  const beside = fileURLToPath(new URL('./page/', import.meta.url))
  // The compiled program finds the page where the sources have it.
  return existsSync(beside)
    ? beside
    : fileURLToPath(new URL('../../../bot/simulators/page/', import.meta.url))
}

/** The page to type as a user. */
export function pageRouter(): Router {
  const router = Router()
  router.use((_req, res, next) => {
    res.set('content-security-policy', "default-src 'self'; frame-ancestors 'none'")
    next()
  })
  router.get('/favicon.ico', (_req, res) => void res.status(204).end())
  router.use(serveStatic(pageFolder(), { maxAge: 0 }))
  return router
}

/** /control: reads the log, acts as a person, commands faults. */
export function controlRouter<Act>(stage: Stage<Act>): Router {
  const router = Router()
  const parse = <T>(schema: z.ZodType<T>, value: unknown): T => schema.parse(value)

  // A page of another site can send no JSON here without asking first, and is not answered.
  router.use((req, _res, next) => {
    if (req.method !== 'GET' && !req.is('json')) throw new Refused(415, '请用 application/json')
    next()
  })
  router.use(express.json({ limit: BODY_MAX }))

  router.get('/state', (req, res) => {
    const chosen = typeof req.query.user === 'string' ? req.query.user : ''
    res.set('cache-control', 'no-store').json({
      platform: stage.platform,
      title: stage.title,
      connection: stage.connection(),
      users: stage.users.list().flatMap((id) => {
        const view = stage.users.view(id)
        return view ? [{ id, name: view.name }] : []
      }),
      person: stage.users.view(chosen),
      deeds: stage.deeds.map(({ id, label, person }) => ({ id, label, person })),
      faults: stage.faults.list(),
    })
  })

  router.get('/log', (req, res) => {
    const { after, limit } = parse(LogQuery, req.query)
    const lines = stage.log.after(after, limit)
    res.set('cache-control', 'no-store').json({ lines, next: lines.at(-1)?.n ?? after })
  })

  router.get('/live', (req, res) => {
    res.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    res.write(': \n\n')
    let due: NodeJS.Timeout | undefined
    // A burst of lines is one hint.
    const stop = stage.log.follow(() => {
      due ??= setTimeout(() => {
        due = undefined
        res.write('data: changed\n\n')
      }, 50)
    })
    req.once('close', () => {
      stop()
      clearTimeout(due)
    })
  })

  router.post('/users', (req, res) => {
    const { name } = parse(NewUser, req.body)
    const id = stage.users.create(name)
    res.status(201).json(stage.users.view(id))
  })

  router.get('/users/:id', (req, res) => {
    const view = stage.users.view(req.params.id)
    if (!view) throw new Refused(404, '没有这个用户')
    res.set('cache-control', 'no-store').json(view)
  })

  /** Answers as soon as the platform has it; `wait` waits until the bot has it or the platform gives up. */
  router.post('/say', async (req, res) => {
    const { user, act, wait } = parse(
      z.strictObject({ user: UserId, act: stage.act, wait: z.boolean().default(false) }),
      req.body,
    )
    const said = stage.start(user, act as Act)
    if (wait) res.json(await said)
    else res.status(202).json({})
  })

  router.post('/deeds/:id', (req, res) => {
    const deed = stage.deeds.find(({ id }) => id === req.params.id)
    if (!deed) throw new Refused(404, '没有这个动作')
    const { user, text } = parse(
      z.strictObject({ user: UserId.optional(), text: z.string().max(TEXT_MAX).default('') }),
      req.body,
    )
    if (deed.person && !user) throw new Refused(422, '先选一个用户')
    void deed.run(user ?? '', text)
    res.status(202).json({})
  })

  router.put('/faults', (req, res) => {
    stage.faults.set(parse(Faults, req.body))
    res.json(stage.faults.list())
  })

  router.use((_req, _res) => {
    throw new Refused(404, '没有这个地址')
  })
  router.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
    if (res.headersSent) return next(error)
    const known = error as { status?: number; message?: string }
    if (error instanceof z.ZodError) res.status(422).json({ error: z.prettifyError(error) })
    else if (error instanceof Refused) res.status(error.status).json({ error: error.message })
    else if (known.status && known.status < 500) res.status(known.status).json({ error: '请求读不懂' })
    else next(error)
  })
  return router
}

/** A control call that cannot be done, in words for whoever called. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
    this.name = 'Refused'
  }
}
