import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DateTime } from 'luxon'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import type { Clock } from '../../bot/clock.js'
import { ZONE } from '../../bot/content/lines.js'
import type { Desk } from '../console.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The console as it is in the sources: built unless it is already. */
export function buildConsole(): void {
  execFileSync(process.execPath, ['admin/prepare.mjs'], { cwd: root, timeout: 120_000 })
}

/** A desk at work: a wide screen, or the size given. Axe needs to put its script in. */
export function screen(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  return browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    bypassCSP: true,
    ...options,
  })
}

/** The browser of somebody who is signed in. */
export async function signedIn(context: BrowserContext, url: string, desk: Desk): Promise<BrowserContext> {
  const [name, value] = desk.cookie().split(/=(.*)/s) as [string, string]
  await context.addCookies([
    { name, value, domain: new URL(url).hostname, path: '/api', httpOnly: true, sameSite: 'Strict' },
  ])
  return context
}

/** Opens a page of the console and waits until it has something to show. */
export async function go(page: Page, url: string, path = '/'): Promise<void> {
  await page.goto(`${url}/admin/#${path}`)
  await settled(page)
}

/** The page has its title, and nothing is being fetched or drawn any more. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1:not(:empty)').first().waitFor()
  await page
    .locator('.waiting, .MuiCircularProgress-root, .MuiSkeleton-root')
    .first()
    .waitFor({ state: 'detached' })
}

/** A picture for whoever wants to look at the pages: QINGAN_PICTURES names the folder. */
export async function picture(page: Page, name: string, fullPage = false): Promise<void> {
  const folder = process.env.QINGAN_PICTURES
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage })
}

/** A clock that `put` sets to a wall time in Asia/Shanghai; from then on it goes as every clock does. */
export function wallClock(local: string): { clock: Clock; put(local: string): void } {
  let ahead = 0
  const put = (time: string) => void (ahead = DateTime.fromISO(time, { zone: ZONE }).toMillis() - Date.now())
  put(local)
  return { clock: { now: () => new Date(Date.now() + ahead) }, put }
}
