import { readFileSync, existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Router, static as serveStatic } from 'express'
import type { LineView } from '../../../shared/message.js'

function pageFolder(): string {
  const beside = fileURLToPath(new URL('./page/', import.meta.url))
  // The compiled program finds the page where the sources have it.
  return existsSync(beside)
    ? beside
    : fileURLToPath(new URL('../../../../bot/channels/web/page/', import.meta.url))
}

const escape = (text: string) => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`)

/** The chat page and its few files. The lines open now stand in the page itself: they show without JavaScript. */
export function pageRouter(now: { lines(): LineView[]; demoText(): string; exitUrl: string }): Router {
  const folder = pageFolder()
  const template = readFileSync(`${folder}index.html`, 'utf8')
  const router = Router()
  router.get('/', (_req, res) => {
    // 110 and 120 stand in the page itself.
    const others = now.lines().filter(({ number }) => number !== '110' && number !== '120')
    const items = others.map(
      ({ number, name, hours }) =>
        `<li><a href="tel:${escape(number)}"><b>${escape(number)}</b> ${escape(name)}</a> <span class="state">${escape(hours)}</span></li>`,
    )
    const html = template
      .replace('<!--lines-->', items.join(''))
      .replace('<!--demo-->', escape(now.demoText()))
      .replace(/data-exit="[^"]*"/, `data-exit="${escape(now.exitUrl)}"`)
      .replace(/(id="leave"[^>]* href=")[^"]*/, `$1${escape(now.exitUrl)}`)
    res.set('cache-control', 'no-cache').type('html').send(html)
  })
  router.get('/favicon.ico', (_req, res) => void res.status(204).end())
  router.use(serveStatic(folder, { index: false, maxAge: 0, etag: true }))
  return router
}
