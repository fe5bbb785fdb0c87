import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type Router } from 'express'

/** The clock of a simulator: tests and trials bring their own. */
export interface Clock {
  now(): Date
}
export const wallClock: Clock = { now: () => new Date() }

/** Listens on this machine only. Port 0 takes a free one. */
export async function listen(
  routers: [path: string, router: Router][],
  port: number,
  host = '127.0.0.1',
): Promise<{ url: string; close(): Promise<void> }> {
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  for (const [path, router] of routers) app.use(path, router)
  const server = createServer(app)
  await new Promise<void>((fulfil, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      fulfil()
    })
  })
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    close: () =>
      new Promise((fulfil) => {
        server.close(() => fulfil())
        server.closeAllConnections()
      }),
  }
}
