import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Router, static as serveStatic } from 'express'
import helmet from 'helmet'

/** Where vite puts the built console, from the sources or from dist/. */
function builtFolder(): string {
  const beside = fileURLToPath(new URL('../../admin/dist/', import.meta.url))
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../../admin/dist/', import.meta.url))
}

const NOT_BUILT = '管理台还没有构建。请在安装目录运行 npm run build:console，再刷新这一页。'
const YEAR_SECONDS = 365 * 86_400

/** The console's page and files at /admin/. Only here may styles stand inline: MUI makes them as it goes. */
export function consoleRouter(folder = builtFolder()): Router {
  const router = Router()
  router.use(
    helmet.contentSecurityPolicy({
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'data:'],
        'font-src': ["'self'"],
        'connect-src': ["'self'"],
        'frame-ancestors': ["'none'"],
        'upgrade-insecure-requests': null,
      },
    }),
  )
  router.get('/', (req, res, next) => {
    // The page's own links count from the folder.
    if (!req.originalUrl.startsWith(`${req.baseUrl}/`)) return res.redirect(308, `${req.baseUrl}/`)
    if (existsSync(`${folder}index.html`)) return next()
    res.status(503).set('cache-control', 'no-store').type('text/plain').send(NOT_BUILT)
  })
  router.use(
    serveStatic(folder, {
      redirect: false,
      setHeaders(res, path) {
        // Names below assets/ carry a hash of what is in them.
        const hashed = /[/\\]assets[/\\]/.test(path)
        res.set('cache-control', hashed ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache')
      },
    }),
  )
  return router
}
