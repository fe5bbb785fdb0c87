import { Router, type Response } from 'express'
import { rateLimit } from 'express-rate-limit'
import type { ArticleView, LawVersion, StatuteSummary } from '../../../shared/law.js'
import { AppError } from '../../errors.js'
import { articlePage, listPage, missingPage, statutePage, type Frame } from './law-pages.js'

type Statute = LawVersion & { ends: string | null; inForce: boolean }

export interface LawParts {
  statutes(): StatuteSummary[]
  statute(statute: string, version?: string): Statute | null
  article(
    statute: string,
    number: string,
    version?: string,
  ): { article: ArticleView; chapter: ArticleView[] } | null
  demoText(): string
  exitUrl: string
}

/** Pages of one address in a minute; a class may read together. */
const LIMIT = 600

/** The public pages of the statutes below /laws, and the same as JSON for the chat. No cookie, no script, no tracking. */
export function lawRouter(parts: LawParts): Router {
  const router = Router()
  router.use(
    rateLimit({
      windowMs: 60_000,
      limit: LIMIT,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      handler: () => {
        throw new AppError('input.too-fast')
      },
    }),
  )
  const frame = (): Frame => ({ demoText: parts.demoText(), exitUrl: parts.exitUrl })
  // A page read here leaves no copy on a phone that others use.
  const send = (res: Response, html: string, status = 200) =>
    void res.status(status).set('cache-control', 'no-store').type('html').send(html)

  router.get('/', (_req, res) => send(res, listPage(frame(), parts.statutes())))

  router.get('/:statute', (req, res) => {
    const found = parts.statute(req.params.statute, versionIn(req.query.version))
    send(res, found ? statutePage(frame(), found) : missingPage(frame()), found ? 200 : 404)
  })

  router.get('/:statute/:article', (req, res) => {
    const { statute, article } = req.params
    const found = parts.article(statute, article, versionIn(req.query.version))
    send(res, found ? articlePage(frame(), found) : missingPage(frame()), found ? 200 : 404)
  })

  router.get('/:statute/:article/words', (req, res) => {
    const found = parts.article(req.params.statute, req.params.article)
    if (!found) throw new AppError('route.unknown')
    res.set('cache-control', 'no-store').json(found)
  })

  return router
}

const versionIn = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined
