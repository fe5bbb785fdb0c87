import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { createApp } from '../../bot/api/app.js'
import { consoleRouter } from '../../bot/api/console.js'

const folder = mkdtempSync(join(tmpdir(), 'qingan-console-'))
const servers: Server[] = []
let built: string
let empty: string

async function serve(from: string): Promise<string> {
  const app = createApp({
    routers: [['/admin', consoleRouter(`${from}/`)]],
    trustProxy: 0,
    log: pino({ level: 'silent' }),
    say: (key) => key,
  })
  const server = app.listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

beforeAll(async () => {
  mkdirSync(join(folder, 'dist', 'assets'), { recursive: true })
  writeFileSync(join(folder, 'dist', 'index.html'), '<!doctype html><title>青安</title>')
  writeFileSync(join(folder, 'dist', 'assets', 'index-4f3a2b1c.js'), 'export {}')
  writeFileSync(join(folder, 'secret.txt'), 'outside')
  built = await serve(join(folder, 'dist'))
  empty = await serve(join(folder, 'nothing'))
})
afterAll(() => {
  for (const server of servers) server.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('the console’s page', () => {
  test('When it is opened, then it is asked for anew each time, and only its hashed files are kept', async () => {
    const page = await fetch(`${built}/admin/`)
    expect([page.status, await page.text()]).toEqual([200, '<!doctype html><title>青安</title>'])
    expect(page.headers.get('cache-control')).toBe('no-cache')
    const script = await fetch(`${built}/admin/assets/index-4f3a2b1c.js`)
    expect(script.headers.get('cache-control')).toMatch(/max-age=31536000, immutable/)
    expect(script.headers.get('content-type')).toMatch(/javascript/)
  })

  test('When the slash at its end is forgotten, then it is put there', async () => {
    const response = await fetch(`${built}/admin`, { redirect: 'manual' })
    expect([response.status, response.headers.get('location')]).toEqual([308, '/admin/'])
  })

  test('When its headers are read, then styles may stand inline here, scripts may not, and no frame holds it', async () => {
    const policy = (await fetch(`${built}/admin/`)).headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/style-src 'self' 'unsafe-inline'/)
    expect(policy).toMatch(/script-src 'self'(?:;|$)/)
    expect(policy).toMatch(/frame-ancestors 'none'/)
    expect(policy).toMatch(/default-src 'self'/)
    const elsewhere = (await fetch(`${built}/`)).headers.get('content-security-policy') ?? ''
    expect(elsewhere).not.toMatch(/unsafe/)
  })

  test('When files outside of it are asked for, then there are none', async () => {
    for (const path of ['/admin/..%2fsecret.txt', '/admin/assets', '/admin/none.js']) {
      const { status } = await fetch(`${built}${path}`)
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(500)
    }
  })

  test('When it is not built, then a sentence says which command does it', async () => {
    const response = await fetch(`${empty}/admin/`)
    expect(response.status).toBe(503)
    expect(response.headers.get('content-type')).toMatch(/text\/plain; charset=utf-8/)
    expect(await response.text()).toContain('npm run build:console')
  })
})
