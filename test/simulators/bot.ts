import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request that reached the bot's server. */
export interface Got {
  method: string
  query: Record<string, string>
  headers: IncomingHttpHeaders
  body: string
}

export type Bot = Awaited<ReturnType<typeof botServer>>

/** A server where a bot would stand: keeps what comes, and answers as told. */
export async function botServer(answer: (got: Got, res: ServerResponse) => void) {
  const got: Got[] = []
  const server = createServer((req, res) => {
    let body = ''
    req.setEncoding('utf8').on('data', (piece: string) => (body += piece))
    req.on('end', () => {
      const query = Object.fromEntries(new URL(req.url ?? '/', 'http://bot').searchParams)
      const each = { method: req.method ?? '', query, headers: req.headers, body }
      got.push(each)
      answer(each, res)
    })
  })
  await new Promise<void>((fulfil) => server.listen(0, '127.0.0.1', () => fulfil()))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hook`,
    got,
    close: () =>
      new Promise<void>((fulfil) => {
        server.close(() => fulfil())
        server.closeAllConnections()
      }),
  }
}

/** A clock that stands until it is moved. */
export function handClock(start = '2026-03-02T10:00:00+08:00') {
  let at = Date.parse(start)
  return { now: () => new Date(at), later: (milliseconds: number) => void (at += milliseconds) }
}
