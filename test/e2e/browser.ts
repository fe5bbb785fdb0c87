import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core'

const CHROMIUM = '/usr/bin/chromium'

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Whether there is a browser to test with. On CI a missing one is a failure, never a silent skip. */
export function haveBrowser(): boolean {
  if (existsSync(CHROMIUM)) return true
  if (process.env.CI === 'true')
    throw new Error(`the browser tests need ${CHROMIUM}: apt-get install chromium fonts-noto-cjk`)
  return false
}

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ARGS })
}

/** A small phone, as a young person holds it. */
export function phone(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  return browser.newContext({
    viewport: { width: 360, height: 640 },
    hasTouch: true,
    isMobile: true,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    ...options,
  })
}

/** A port that is free now: a server that comes back must come back where it was. */
export async function freePort(): Promise<string> {
  const { url, close } = await pageServer('')
  await close()
  return new URL(url).port
}

/** Serves one page at every address: where people come from, and where quick exit leads; no test leaves this machine. */
export async function pageServer(html: string): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(
    (_req, res) => void res.setHeader('content-type', 'text/html; charset=utf-8').end(html),
  )
  await new Promise<void>((fulfil) => server.listen(0, '127.0.0.1', () => fulfil()))
  const { port } = server.address() as AddressInfo
  const close = () =>
    new Promise<void>((fulfil) => {
      server.close(() => fulfil())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${port}/`, close }
}

/** Opens the chat and waits until it has heard from the server. */
export async function open(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(url)
  await greeted(page)
  return page
}

/** The hello of the server has come: only then the phones sheet says what each line is for. */
export function greeted(page: Page): Promise<void> {
  return page.locator('#sheet-lines .about').first().waitFor({ state: 'attached' })
}

const ANSWERS = '#log .msg.bot, #log .msg.system'

/** Does something that is answered, and waits for the whole answer: the texts of its bubbles. */
export async function answered(page: Page, act: () => Promise<unknown>): Promise<string[]> {
  const before = await page.locator(ANSWERS).count()
  await act()
  await page.locator(ANSWERS).nth(before).waitFor()
  // The bubbles of a turn come one after the other.
  for (let seen = -1, now = 0; seen !== now;) {
    seen = now
    await page.waitForTimeout(150)
    now = await page.locator(ANSWERS).count()
  }
  return (await page.locator(ANSWERS).allInnerTexts()).slice(before)
}

/** Writes and sends with the button. */
export async function write(page: Page, text: string): Promise<void> {
  await page.locator('#box').fill(text)
  await page.locator('#send').click()
}

export const ask = (page: Page, text: string): Promise<string[]> => answered(page, () => write(page, text))

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

interface Violation {
  id: string
  nodes: { html: string; failureSummary?: string }[]
}

/** Nothing fades in or out any more: half way, nothing has its own colours. */
const AT_REST = `(async () => {
  const frame = () => new Promise((fulfil) => requestAnimationFrame(fulfil))
  for (;;) {
    await frame()
    await frame()
    const moving = document.getAnimations().filter(
      (each) => each instanceof CSSTransition && each.playState === 'running'
    )
    if (moving.length === 0) return
    await Promise.allSettled(moving.map((each) => each.finished))
  }
})()`

/** What axe finds wrong on the page once it is at rest, one line each. The context needs bypassCSP. */
export async function axe(page: Page): Promise<string[]> {
  await page.evaluate(AT_REST)
  await page.evaluate(await readFile(axePath, 'utf8'))
  const violations = await page.evaluate<Violation[]>('axe.run().then((results) => results.violations)')
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  )
}

/** Everything of this site that the phone keeps, as one text. Looked at from a page without the chat's script. */
export async function kept(page: Page, url: string): Promise<string> {
  await page.goto(`${url}/live`)
  return page.evaluate<string>(`(async () => {
    const found = [JSON.stringify(sessionStorage), JSON.stringify(localStorage), document.cookie]
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) found.push(request.url, await (await cache.match(request)).text())
    }
    found.push(JSON.stringify(await indexedDB.databases()), document.title, history.length + '', JSON.stringify(history.state))
    return found.join('\\n')
  })()`)
}

/** Titles and addresses that the Back button of this tab leads through. */
export async function trail(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  const { entries } = await session.send('Page.getNavigationHistory')
  await session.detach()
  return entries.map(({ title, url }) => `${title} ${url}`)
}
