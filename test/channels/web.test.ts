import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { z } from 'zod'
import { LEARNING_MS } from '../brain.js'
import { knowledge, testServer, type Client } from '../server.js'
import { until } from '../until.js'
import { createVault } from '../../bot/store/crypto.js'
import { startEmbedded } from '../../bot/store/embedded/start.js'

type Server = Awaited<ReturnType<typeof testServer>>

const METRICS = 'a-token-for-metrics'
const key = randomBytes(32).toString('hex')
let server: Server
let now = Date.now()
const clock = { now: () => new Date(now) }

beforeAll(async () => {
  await knowledge()
  // A workday's morning, whenever the tests run: the lines have their hours.
  const ahead = Date.parse('2026-11-24T10:00:00+08:00') - Date.now()
  const clock = { now: () => new Date(Date.now() + ahead) }
  server = await testServer({ METRICS_TOKEN: METRICS, DATA_KEY: key }, { clock })
}, LEARNING_MS)
afterAll(() => server.stop())

const Failure = z.strictObject({
  error: z.strictObject({ code: z.string(), message: z.string().min(1) }),
  stored: z.boolean().optional(),
})
/** The status of a refusal, once its body is known to be a kind sentence and nothing else. */
async function refusal(response: Response): Promise<[status: number, code: string]> {
  const { error } = Failure.parse(await response.json())
  expect(error.message).toMatch(/[\u4e00-\u9fff]/)
  return [response.status, error.code]
}
const get = (path: string, headers: Record<string, string> = {}) => fetch(`${server.url}${path}`, { headers })

describe('the page', () => {
  test('When the page is opened without JavaScript, then the demo notice and numbers to call stand in it', async () => {
    const response = await get('/')
    const html = await response.text()
    expect(response.status).toBe(200)
    for (const number of ['110', '120', '12355']) expect(html).toContain(`tel:${number}`)
    expect(html).toContain('演示系统')
    expect(html).toContain('lang="zh')
    expect(html).not.toMatch(/<!--(?:lines|demo)-->/)
  })

  test('When any page is answered, then its headers let no foreign script in and say nothing of the server', async () => {
    const { headers } = await get('/')
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/default-src 'self'/)
    expect(policy).toMatch(/script-src 'self'/)
    expect(policy).not.toMatch(/script-src[^;]*unsafe/)
    expect(headers.get('x-powered-by')).toBeNull()
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
  })

  test('When the page says hello, then it gets demo notice, words, notice and lines', async () => {
    const response = await get('/channels/web/hello')
    const hello = (await response.json()) as Record<string, unknown>
    expect(hello).toMatchObject({ demo: true, buttons: ['我有危险', '我想问问', '找真人'] })
    expect(hello.demoText).toContain('不是真正的热线')
    expect(response.headers.get('cache-control')).toBe('no-store')
    const lines = z
      .array(z.looseObject({ number: z.string(), state: z.enum(['open', 'likely', 'closed']) }))
      .parse(hello.lines)
    expect(lines.map(({ number }) => number)).toEqual(expect.arrayContaining(['110', '120', '12355']))
  })

  test('When an unknown address is asked for, then the answer is 404 in JSON', async () => {
    const paths = [
      '/nowhere',
      '/channels/web/nowhere',
      '/admin/../etc',
      '/channels',
      '/api/nowhere',
      '/index.html/x',
      '/%00',
      '/..%2f..%2fpackage.json',
      '/%2e%2e/package.json',
    ]
    for (const path of paths) {
      const [status] = await refusal(await get(path))
      expect([path, status]).toEqual([
        path,
        path === '/%00' || path.startsWith('/..%2f') ? expect.any(Number) : 404,
      ])
      expect(status).toBeLessThan(500)
    }
  })
})

describe('sessions', () => {
  test('When a session is forged, changed, or sealed by another key, then it is refused', async () => {
    const { token } = await server.client()
    const [address, day, mark] = token.split('.') as [string, string, string]
    const other = createVault(randomBytes(32)).hash(`web-session:${address}.${day}`).slice(0, 32)
    const forged = [
      '',
      'x',
      `${address}.${day}.${other}`,
      `${address}.${day}.${'0'.repeat(32)}`,
      `${address}.zzz.${mark}`,
      `A${address.slice(1)}.${day}.${mark}`,
      `${token}0`,
      `${token}.`,
      'null',
      `${address}.${day}`,
      'a'.repeat(8000),
    ]
    for (const each of forged) {
      if (each === token) continue
      const headers = { authorization: `Bearer ${each}` }
      expect(await refusal(await get('/channels/web/messages', headers))).toEqual([401, 'session.unknown'])
      expect(await refusal(await get('/channels/web/events', headers))).toEqual([401, 'session.unknown'])
      const deleted = await fetch(`${server.url}/channels/web/conversation`, { method: 'DELETE', headers })
      expect(await refusal(deleted)).toEqual([401, 'session.unknown'])
      const posted = await (await server.client(each)).say('你好')
      expect(await refusal(posted)).toEqual([401, 'session.unknown'])
    }
    expect(await refusal(await get('/channels/web/messages', { authorization: token }))).toEqual([
      401,
      'session.unknown',
    ])
    expect(await refusal(await get('/channels/web/messages'))).toEqual([401, 'session.unknown'])
  })

  test('When a session is a month old, then it has ended', async () => {
    const later = await testServer({}, { clock })
    const browser = await later.client()
    expect((await browser.say('你好')).status).toBe(202)
    now += 29 * 86_400_000
    expect((await fetch(`${later.url}/channels/web/messages`, { headers: browser.headers })).status).toBe(200)
    now += 3 * 86_400_000
    expect(await refusal(await browser.say('你好'))).toEqual([401, 'session.unknown'])
    await later.stop()
  })

  test('When somebody else asks, then nothing of a conversation is seen', async () => {
    const [a, b] = [await server.client(), await server.client()]
    await a.say('我不想活了')
    await a.waitForReply()
    expect(await b.history()).toEqual([])
    expect(a.token).not.toBe(b.token)
  })
})

describe('a message', () => {
  test('When a question is sent, then the answer arrives after it, with its place in the law', async () => {
    const browser = await server.client()
    expect((await browser.say('同学天天打我还拍视频发群里，我不敢告诉老师')).status).toBe(202)
    const said = await browser.waitForReply()
    expect(said.map(({ from }) => from).slice(0, 2)).toEqual(['person', 'system'])
    expect(said.at(-1)?.from).toBe('bot')
    expect(said.map(({ number }) => number)).toEqual(said.map((_, i) => i + 1))
  })

  test('When the same id is sent again, also twenty times at once, then it stands in the history once', async () => {
    const browser = await server.client()
    const id = randomUUID()
    const all = await Promise.all(Array.from({ length: 8 }, () => browser.say('你好', id)))
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([202]))
    await browser.waitForReply()
    expect((await browser.say('你好', id)).status).toBe(202)
    const said = await browser.history()
    expect(said.filter(({ from }) => from === 'person')).toHaveLength(1)
    expect(said.filter(({ from }) => from === 'system')).toHaveLength(1)
  })

  test('When it has 20,000 characters, then it is taken and read for danger to its end', async () => {
    const browser = await server.client()
    const text = `${'今天去图书馆看了一本书，'.repeat(1666)}我不想活了`.padEnd(20_000, '。')
    expect(text).toHaveLength(20_000)
    expect((await browser.say(text)).status).toBe(202)
    const said = await browser.waitForReply()
    expect(said[0]?.text).toBe(text)
    expect(said.some(({ lines }) => lines?.some(({ number }) => number === '110' || number === '120'))).toBe(
      true,
    )
  })

  test('When it has one character more, then a kind sentence says so, and nothing is kept', async () => {
    const browser = await server.client()
    for (const text of ['长'.repeat(20_001), 'x'.repeat(1_000_000), '😭'.repeat(300_000)]) {
      expect(await refusal(await browser.say(text))).toEqual([413, 'input.too-long'])
    }
    expect(await browser.history()).toEqual([])
  })

  test('When every one of its characters needs escaping, then 20,000 of them are still taken', async () => {
    const browser = await server.client()
    const body = `{"id":"${randomUUID()}","text":"${'\\u6211'.repeat(20_000)}"}`
    expect((await browser.post(body)).status).toBe(202)
  })

  test('When the body is not what the page sends, then it is refused and nothing is kept', async () => {
    const browser = await server.client()
    const id = randomUUID()
    const evil: unknown[] = [
      { $ne: null },
      { $gt: '' },
      { $where: 'sleep(1000)' },
      { $regex: '.*' },
      [],
      ['a'],
      1,
      null,
      true,
      {},
    ]
    const bodies: unknown[] = [
      ...evil.flatMap((value) => [{ id: value, text: '你好' }, { id, text: value }, value]),
      { id, text: '你好', $set: { owner: 'human' } },
      { id, text: '你好', conversation: { $ne: null } },
      { id: 'short', text: '你好' },
      { id: 'x'.repeat(65), text: '你好' },
      { id: `${id}\n`, text: '你好' },
      { id, text: '' },
      { id },
      { text: '你好' },
    ]
    for (const body of bodies) {
      expect(await refusal(await browser.post(JSON.stringify(body)))).toEqual([400, 'input.malformed'])
    }
    const good = JSON.stringify({ id, text: '你好' })
    for (const raw of [
      '',
      '{',
      '{"id":',
      'null',
      '[',
      '\u0000',
      '"text"',
      `${good}${good}`,
      `{"__proto__":{"id":"${id}","text":"x"}}`,
    ]) {
      expect((await refusal(await browser.post(raw)))[0]).toBe(400)
    }
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'application/xml',
      'application/json; charset=latin1',
    ]) {
      expect((await refusal(await browser.post(good, type)))[0]).toBe(400)
    }
    expect((await refusal(await browser.post(new Uint8Array([0xff, 0xfe, 0x00]))))[0]).toBe(400)
    expect(await browser.history()).toEqual([])
  })

  test('When a query holds objects instead of a number, then it counts as none', async () => {
    const browser = await server.client()
    await browser.say('你好')
    const said = await browser.waitForReply()
    for (const query of [
      'after[$ne]=1',
      'after[$gt]=',
      'after=-1',
      'after=1e9',
      'after=x',
      'after=1&after=2',
      'after=99999999999',
    ]) {
      const response = await get(`/channels/web/messages?${query}`, browser.headers)
      expect(((await response.json()) as { messages: unknown[] }).messages).toHaveLength(said.length)
    }
  })

  test('When it holds lone surrogates, zero bytes or only marks, then it is answered', async () => {
    for (const text of [
      '\\ud800',
      '我\\udc00不想活了\\ud83d',
      '\\u0000\\u0000',
      '\\u202e\\u200b',
      '?!',
      '\\ufeff ',
    ]) {
      const browser = await server.client()
      const response = await browser.post(`{"id":"${randomUUID()}","text":"${text}"}`)
      expect(response.status).toBe(202)
      const said = await browser.waitForReply()
      expect(said.filter(({ from }) => from === 'bot').length).toBeGreaterThan(0)
    }
  })

  test('When somebody writes fifty times in a second, then every word is stored, read and answered', async () => {
    const browser = await server.client()
    const texts = Array.from({ length: 50 }, (_, i) => (i === 37 ? '我不想活了' : `第${i}句`))
    const responses = await Promise.all(texts.map((text) => browser.say(text)))
    const slowed = responses.filter(({ status }) => status === 429)
    expect(responses.every(({ status }) => status === 202 || status === 429)).toBe(true)
    expect(slowed.length).toBeGreaterThan(0)
    for (const response of slowed) {
      expect(response.headers.get('retry-after')).toMatch(/^\d+$/)
      expect(Failure.parse(await response.json())).toMatchObject({
        stored: true,
        error: { code: 'input.too-fast' },
      })
    }
    const said = await until(async () => {
      const history = await browser.history()
      const mine = history.filter(({ from }) => from === 'person')
      return mine.length === 50 && history.at(-1)?.from !== 'person' ? history : null
    }, 'all fifty to be answered')
    const mine = said.filter(({ from }) => from === 'person').map(({ text }) => text)
    expect([...mine].sort()).toEqual([...texts].sort())
    expect(said.some(({ lines }) => lines?.some(({ number }) => number === '120'))).toBe(true)
  })

  test('When it is over the rate and wrong, then it is refused as wrong', async () => {
    const browser = await server.client()
    await Promise.all(Array.from({ length: 15 }, (_, i) => browser.say(`第${i}句`)))
    expect(await refusal(await browser.post('{'))).toEqual([400, 'input.malformed'])
    expect(await refusal(await browser.say('长'.repeat(20_001)))).toEqual([413, 'input.too-long'])
  })
})

describe('the stream', () => {
  test('When somebody follows, then messages come by themselves, in order', async () => {
    const browser = await server.client()
    await browser.say('你好')
    await browser.waitForReply()
    const stream = await browser.events()
    await until(() => stream.seen.length >= 3, 'the first messages')
    const before = stream.seen.length
    await browser.say('我不想活了')
    await until(() => stream.seen.length > before + 1, 'the next messages')
    const said = await browser.history()
    await until(() => stream.seen.length === said.length, 'the rest')
    expect(stream.seen.map(({ id }) => id)).toEqual(said.map(({ number }) => number))
    expect(stream.seen.map(({ data }) => JSON.parse(data) as unknown)).toEqual(said)
    await stream.cut()
  })

  test('When the connection breaks at random moments, then nothing is lost and nothing comes twice', async () => {
    const browser = await server.client()
    await browser.say('你好')
    await browser.waitForReply()
    let talking = true
    const talk = (async () => {
      for (let i = 0; i < 10; i++) {
        await browser.say(i % 3 ? `第${i}句` : '我不想活了')
        await new Promise((fulfil) => setTimeout(fulfil, randomInt(5, 60)))
      }
      talking = false
    })()
    const ids: number[] = []
    let said: Awaited<ReturnType<Client['history']>> = []
    await until(async () => {
      const stream = await browser.events(ids.at(-1))
      await new Promise((fulfil) => setTimeout(fulfil, randomInt(0, 80)))
      await stream.cut()
      ids.push(...stream.seen.flatMap(({ id }) => (id === undefined ? [] : [id])))
      if (talking) return false
      said = await browser.history()
      const done =
        said.filter(({ from }) => from === 'person').length === 11 && said.at(-1)?.from !== 'person'
      return done && ids.length >= said.length
    }, 'everything to arrive')
    await talk
    expect(ids).toEqual(said.map(({ number }) => number))
  })

  test('When there is no conversation yet, then there is nothing to follow', async () => {
    const browser = await server.client()
    expect(await refusal(await get('/channels/web/events', browser.headers))).toEqual([404, 'route.unknown'])
  })

  test('When the last event id is nonsense, then the stream begins at the beginning', async () => {
    const browser = await server.client()
    await browser.say('你好')
    const said = await browser.waitForReply()
    for (const id of ['-5', 'x', '1e3', '{"$gt":0}']) {
      const stream = await browser.events(id as unknown as number)
      await until(() => stream.seen.length === said.length, 'the history')
      await stream.cut()
    }
  })

  test('When the conversation is deleted, then open streams say so and end, and nothing is left', async () => {
    const browser = await server.client()
    await browser.say('我不想活了')
    await browser.waitForReply()
    const stream = await browser.events()
    await until(() => stream.seen.length >= 3, 'the messages')
    expect((await browser.forget()).status).toBe(204)
    await until(() => stream.ended(), 'the end of the stream')
    expect(stream.seen.at(-1)?.event).toBe('erased')
    expect(await browser.history()).toEqual([])
    expect((await browser.forget()).status).toBe(204)
    await browser.say('你好')
    const said = await browser.waitForReply()
    expect(said[0]).toMatchObject({ number: 1, text: '你好' })
  })

  test('When the server stops, then open streams do not hold it up', async () => {
    const other = await testServer()
    const browser = await other.client()
    await browser.say('你好')
    await browser.waitForReply()
    const stream = await browser.events()
    const started = Date.now()
    await other.stop()
    expect(Date.now() - started).toBeLessThan(5000)
    await until(() => stream.ended(), 'the end of the stream')
  })
})

describe('operations', () => {
  test('When the machine asks, then live and ready say so', async () => {
    expect(await (await get('/live')).json()).toEqual({ live: true })
    expect(await (await get('/ready')).json()).toEqual({ ready: true })
  })

  test('When the database is away, then it is not ready, a message gets an honest 503, and live stays', async () => {
    const database = await startEmbedded({ memory: true })
    const other = await testServer({}, { place: { uri: database.uri } })
    const browser = await other.client()
    expect((await browser.say('你好')).status).toBe(202)
    await browser.waitForReply()
    await database.stop()
    const [ready, said, read] = await Promise.all([
      fetch(`${other.url}/ready`),
      browser.say('我不想活了'),
      fetch(`${other.url}/channels/web/messages`, { headers: browser.headers }),
    ])
    for (const response of [ready, said, read])
      expect(await refusal(response)).toEqual([503, 'store.unavailable'])
    expect((await fetch(`${other.url}/live`)).status).toBe(200)
    expect((await fetch(`${other.url}/`)).status).toBe(200)
    await other.stop()
  })

  test('When metrics are asked for without the token, then they do not exist', async () => {
    for (const authorization of [
      '',
      'Bearer ',
      'Bearer wrong',
      METRICS,
      `Basic ${METRICS}`,
      `Bearer ${METRICS}x`,
    ]) {
      expect(await refusal(await get('/metrics', { authorization }))).toEqual([404, 'route.unknown'])
    }
    const without = await testServer()
    expect(
      (await fetch(`${without.url}/metrics`, { headers: { authorization: 'Bearer undefined' } })).status,
    ).toBe(404)
    await without.stop()
  })

  test('When metrics are asked for with it, then they count turns and hold no word of anybody', async () => {
    const browser = await server.client()
    const tag = randomBytes(6).toString('hex')
    await browser.say(`${tag} 我不想活了`)
    await browser.waitForReply()
    const metrics = await (await get('/metrics', { authorization: `Bearer ${METRICS}` })).text()
    expect(metrics).toMatch(/qingan_turns_total\{level="urgent"\} [1-9]/)
    expect(metrics).toMatch(/qingan_escalations_open\{grade="urgent"\} [1-9]/)
    for (const secret of [tag, browser.token, '不想活']) expect(metrics).not.toContain(secret)
  })
})

describe('whatever comes', () => {
  let own: Server
  beforeAll(async () => {
    own = await testServer()
  })
  afterAll(() => own.stop())

  /** A raw request: fetch would correct or refuse the strange ones. Null when the server closed the connection. */
  const raw = (method: string, path: string, headers: Record<string, string>, body: Buffer) =>
    new Promise<{ status: number; text: string } | null>((fulfil, reject) => {
      const { hostname, port } = new URL(own.url)
      const sent = request({ hostname, port, method, path, headers, timeout: 10_000 }, (response) => {
        let text = ''
        response.on('data', (piece: Buffer) => (text += piece.toString()))
        response.on('end', () => fulfil({ status: response.statusCode ?? 0, text }))
        response.on('error', () => fulfil(null))
      })
      sent.on('timeout', () => sent.destroy(new Error('no answer')))
      sent.on('error', (error: NodeJS.ErrnoException) =>
        ['ECONNRESET', 'EPIPE', 'HPE_INVALID_CONSTANT'].includes(error.code ?? '')
          ? fulfil(null)
          : reject(error),
      )
      sent.end(body)
    })

  const PATHS = [
    '/',
    '/live',
    '/ready',
    '/metrics',
    '/sw.js',
    '/channels/web/hello',
    '/channels/web/session',
    '/channels/web/messages',
    '/channels/web/events',
    '/channels/web/conversation',
  ]
  const path = fc.oneof(
    fc.constantFrom(...PATHS),
    fc.webPath().map((text) => `/${text}`.replace(/^\/+/, '/')),
    fc.tuple(fc.constantFrom(...PATHS), fc.webQueryParameters()).map(([base, query]) => `${base}?${query}`),
    fc.stringMatching(/^\/[!-~]{0,60}$/),
  )
  const headerName = fc.constantFrom(
    'content-type',
    'content-encoding',
    'last-event-id',
    'if-none-match',
    'range',
    'accept-encoding',
    'x-forwarded-for',
    'cookie',
    'origin',
    'if-modified-since',
    'x-http-method-override',
  )
  const headerValue = fc.oneof(
    fc.constantFrom('application/json', 'gzip', 'br', 'bytes=0-1', 'bytes=9-1', '*', '127.0.0.1, 1.2.3.4'),
    fc.stringMatching(/^[!-~]{0,40}$/),
  )
  const body = fc.oneof(
    fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
    fc
      .record({
        id: fc.oneof(fc.uuid(), fc.anything()),
        text: fc.oneof(fc.string({ unit: 'binary' }), fc.anything()),
      })
      .map((value) => Buffer.from(safeJson(value))),
  )

  test('When anything at all arrives, then no answer is a 5xx, none repeats the input, and the server lives on', async () => {
    const { token } = await own.client()
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH'),
        path,
        fc.array(fc.tuple(headerName, headerValue), { maxLength: 4 }),
        body,
        fc.boolean(),
        async (method, target, pairs, bytes, withSession) => {
          // An open stream does not end by itself.
          if (withSession && method === 'GET' && target.startsWith('/channels/web/events')) return
          const mark = `zq${randomBytes(6).toString('hex')}`
          const separator = target.includes('?') ? '&' : '?'
          const headers: Record<string, string> = {
            'content-type': 'application/json',
            'x-mark': mark,
            ...Object.fromEntries(pairs),
          }
          if (withSession) headers.authorization = `Bearer ${token}`
          const reply = await raw(
            method,
            `${target}${separator}${mark}=${mark}`,
            headers,
            Buffer.concat([bytes, Buffer.from(bytes.length % 2 ? mark : '')]),
          )
          if (!reply) return
          expect(reply.status).toBeLessThan(500)
          if (reply.status >= 400) expect(reply.text).not.toContain(mark)
        },
      ),
      { numRuns: 400 },
    )
    expect((await fetch(`${own.url}/ready`)).status).toBe(200)
    const browser = await own.client()
    await browser.say('你好')
    await browser.waitForReply()
  }, 60_000)

  test('When any text a page could send arrives, then it is taken and answered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }), async (text) => {
        const browser = await own.client()
        expect((await browser.say(text)).status).toBe(202)
        const said = await browser.waitForReply()
        expect(said.at(-1)?.from).toBe('bot')
      }),
      { numRuns: 25 },
    )
  }, 60_000)

  test('When one address asks without end, then it is refused for a while, kindly, and told when to come back', async () => {
    const responses = await Promise.all(
      Array.from({ length: 950 }, () => fetch(`${own.url}/channels/web/hello`)),
    )
    const refused = responses.filter(({ status }) => status === 429)
    expect(refused.length).toBeGreaterThan(0)
    expect(responses.every(({ status }) => status === 200 || status === 429)).toBe(true)
    const [one] = refused
    expect(one?.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(await refusal(one as Response)).toEqual([429, 'input.too-fast'])
    expect((await fetch(`${own.url}/`)).status).toBe(200)
    expect((await fetch(`${own.url}/live`)).status).toBe(200)
  })
})

function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    return '{'
  }
}
