import express, { type Express, type NextFunction, type Request, type Response, type Router } from 'express'
import helmet from 'helmet'
import { AppError } from '../errors.js'
import type { Log } from '../log.js'

export interface AppParts {
  /** Mounted in this order: path → router. */
  routers: [path: string, router: Router][]
  trustProxy: number
  log: Log
  /** Wording of intents/system for an error a person sees. */
  say(key: string): string
}

/** The express application around the routers: headers, errors, and nothing of its own. */
export function createApp({ routers, trustProxy, log, say }: AppParts): Express {
  const app = express()
  app.set('trust proxy', trustProxy)
  app.set('query parser', 'simple')
  app.disable('x-powered-by')
  app.use(
    helmet({
      contentSecurityPolicy: {
        directives: {
          'default-src': ["'self'"],
          'script-src': ["'self'"],
          'style-src': ["'self'"],
          'upgrade-insecure-requests': null,
        },
      },
      referrerPolicy: { policy: 'no-referrer' },
      // Plain http on a local address must work; a reverse proxy adds it where there is TLS.
      strictTransportSecurity: false,
    }),
  )
  for (const [path, router] of routers) app.use(path, router)
  app.use(() => {
    throw new AppError('route.unknown')
  })
  app.use((error: unknown, req: Request, res: Response, next: NextFunction) => {
    const known = named(error)
    if (!known) log.error({ err: error, method: req.method, at: req.baseUrl }, 'request.failed')
    if (res.headersSent) return next(error)
    const unknown = req.originalUrl.startsWith('/api/') ? 'request.failed' : 'store.unavailable'
    const { code, status, says, tell } = known ?? new AppError(unknown)
    const { seconds = 30 } = tell ?? {}
    if (status === 429 && !res.get('retry-after')) res.set('retry-after', String(seconds))
    const message = say(says).replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(tell?.[name] ?? ''))
    res.status(status).json({ error: { code, message, ...(tell ? { detail: tell } : {}) } })
  })
  return app
}

/** Our own errors, and those the body parser throws for a body that is no JSON, too large, or in a wrong encoding. */
function named(error: unknown): AppError | null {
  if (error instanceof AppError) return error
  const { status } = error as { status?: unknown }
  if (status === 413) return new AppError('input.too-long')
  if (typeof status === 'number' && status >= 400 && status < 500) return new AppError('input.malformed')
  return null
}
