import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import { createServer as createSocket, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core'

export const CHROMIUM = '/usr/bin/chromium'
export const PHONE = { width: 360, height: 640 }

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Whether the browser tests can run here. On CI a missing browser is a failure, never a silent skip. */
export function haveBrowser(): boolean {
  if (existsSync(CHROMIUM)) return true
  if (process.env.CI === 'true') throw new Error(`the browser tests need ${CHROMIUM}: apt-get install chromium fonts-noto-cjk`)
  return false
}

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ARGS })
}

/** A phone: small, touched by a finger, as a young person holds it. */
export function phone(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  return browser.newContext({ viewport: PHONE, hasTouch: true, isMobile: true, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...options })
}

export function freePort(): Promise<number> {
  return new Promise((fulfil, reject) => {
    const socket = createSocket()
    socket.once('error', reject)
    socket.listen(0, '127.0.0.1', () => {
      const { port } = socket.address() as AddressInfo
      socket.close(() => fulfil(port))
    })
  })
}

/** The neutral page that quick exit leads to: the tests never leave this machine. */
export async function neutralPage(): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer((_req, res) => {
    res.setHeader('content-type', 'text/html; charset=utf-8')
    res.end('<!doctype html><title>今日天气</title><p>晴，微风。')
  })
  await new Promise<void>((fulfil) => server.listen(0, '127.0.0.1', () => fulfil()))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((fulfil) => {
        server.close(() => fulfil())
        server.closeAllConnections()
      }),
  }
}

export interface App {
  url: string
  /** As the net sees it when a machine loses its power. */
  kill(): Promise<void>
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The program as `npm start` runs it, in a process of its own that can be killed and started again. */
export async function startApp(env: { DATA_DIR: string; PORT: string; EXIT_URL: string } & Record<string, string>): Promise<App> {
  const { NODE_OPTIONS: _, ...rest } = process.env
  const child = spawn(process.execPath, ['qingan.js', 'start'], {
    cwd: root,
    env: { ...rest, LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: string[] = []
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()))
  const url = `http://127.0.0.1:${env.PORT}`
  while (!(await ready(url))) {
    if (child.exitCode !== null) throw new Error(`the server ended: ${said.join('')}`)
    await new Promise((fulfil) => setTimeout(fulfil, 100))
  }
  return { url, kill: () => ended(child) }
}

async function ready(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/ready`)).ok
  } catch {
    return false
  }
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((fulfil) => {
    if (child.exitCode !== null || child.signalCode !== null) return fulfil()
    child.once('exit', () => fulfil())
    child.kill('SIGKILL')
  })
}

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

interface AxeResults {
  violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[]
}

/** What axe finds wrong on the page as it stands, one line each. The context needs bypassCSP. */
export async function axe(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(axePath, 'utf8'))
  const results = await page.evaluate(() => (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run())
  return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`))
}
