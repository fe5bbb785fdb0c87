import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { ROUTES } from '../../shared/api.js'
import type { Route } from '../../shared/api/route.js'
import { LEARNING_MS, realKnowledge } from '../brain.js'
import {
  browser,
  firstAdministrator,
  firstToken,
  member,
  password,
  type Answer,
  type Member,
} from '../console.js'
import { testServer } from '../server.js'

type Server = Awaited<ReturnType<typeof testServer>>
type Entry = { at: string; verb: string; subject: string; times: number; staff: { workName: string } | null }

const PUBLIC = 'https://console.example.org'
let server: Server
let administrator: Member

beforeAll(async () => {
  server = await testServer({}, { knowledge: await realKnowledge({ talk: false }) })
  administrator = await firstAdministrator(server)
}, LEARNING_MS)
afterAll(() => server.stop())

const codeOf = ({ status, body }: Answer<unknown>): string =>
  `${status} ${(body as { error: { code: string } }).error.code}`

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  await new Promise((fulfil) => probe.close(fulfil))
  return port
}

describe('OpenAPI', () => {
  interface Operation {
    operationId: string
    parameters: { name: string; in: string; required: boolean; schema: object }[]
    requestBody?: { content: Record<string, { schema: Record<string, unknown> }> }
    responses: Record<string, Record<string, unknown>>
    security: object[]
  }
  interface Document {
    openapi: string
    info: { title: string; version: string }
    paths: Record<string, Record<string, Operation>>
    components: { responses: object; securitySchemes: object }
  }

  test('When the document is read, then it holds every route of the table, with its parameters, body and answers', async () => {
    const { status, body, headers } = await browser(server.url).get<Document>('/openapi.json')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toMatch(/^application\/json/)
    expect(body.openapi).toBe('3.1.1')
    const operations = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    )
    const table = Object.entries<Route>(ROUTES)
    expect(operations.map(({ operation }) => operation.operationId).sort()).toEqual(
      table.map(([name]) => name).sort(),
    )
    for (const { path, method, operation } of operations) {
      const route = (ROUTES as Record<string, Route>)[operation.operationId] as Route
      expect(`${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`).toBe(`${route.method} ${route.path}`)
      const named = operation.parameters.filter((each) => each.in === 'path').map(({ name }) => `{${name}}`)
      expect(named).toEqual(path.match(/\{\w+\}/g) ?? [])
      for (const { schema } of operation.parameters) expect(Object.keys(schema)).not.toEqual([])
      expect(operation.requestBody !== undefined).toBe(route.body !== undefined)
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['200', '429', '500']))
      expect(operation.responses['401'] !== undefined).toBe(route.roles !== 'everyone')
      expect(operation.security.length > 0).toBe(route.roles !== 'everyone')
    }
  })

  test('When the document refers to a part of itself, then the part is there', async () => {
    const { body } = await browser(server.url).get<Document>('/openapi.json')
    const references = JSON.stringify(body).match(/"\$ref":"[^"]+"/g) ?? []
    expect(references.length).toBeGreaterThan(10)
    for (const reference of new Set(references)) {
      const path = reference.slice(10, -1).replace(/^#\//, '').split('/')
      const found = path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], body)
      expect([reference, typeof found]).toEqual([reference, 'object'])
    }
  })

  test('When a body may hold only what is named, then the document says so too', async () => {
    const { body } = await browser(server.url).get<Document>('/openapi.json')
    const schema = body.paths['/staff']?.post?.requestBody?.content['application/json']?.schema
    expect(schema).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: ['name', 'workName', 'roles'],
    })
  })
})

describe('requests', () => {
  test('When a query holds operators, repeated or unknown keys, or numbers out of range, then it is refused', async () => {
    const wrong = [
      'page=0',
      'page=x',
      'page=1&page=2',
      'perPage=101',
      'perPage=-1',
      'page[$gt]=',
      'active[$ne]=true',
      'active=maybe',
      'sort=name',
      '$where=1',
      '__proto__=1',
    ]
    for (const query of wrong)
      expect([query, codeOf(await administrator.desk.get(`/staff?${query}`))]).toEqual([
        query,
        '422 request.invalid',
      ])
    for (const query of ['verb=x', 'subject={"$gt":""}', 'staff=1', 'from=yesterday'])
      expect(codeOf(await administrator.desk.get(`/audit?${query}`))).toBe('422 request.invalid')
    expect(codeOf(await administrator.desk.get('/me?x=1'))).toBe('422 request.invalid')
    expect((await administrator.desk.get('/staff?page=2&perPage=1&active=true')).status).toBe(200)
  })

  test('When a field is wrong, then the console is told which, in Chinese, and nothing of what was sent comes back', async () => {
    const secret = 'short'
    const answer = await browser(server.url).post<{ error: { detail: { fields: Record<string, string> } } }>(
      '/welcome/first',
      { token: 'x', name: 'A B', workName: '', password: secret },
    )
    expect(answer.status).toBe(422)
    const { fields } = answer.body.error.detail
    expect(Object.keys(fields).sort()).toEqual(['name', 'password', 'token', 'workName'])
    for (const message of Object.values(fields)) expect(message).toMatch(/[\u4e00-\u9fff]/)
    expect(JSON.stringify(answer.body)).not.toContain(secret)
  })

  test('When a body is too large, no JSON, or of another kind, then it is refused in words for staff', async () => {
    const large = { name: 'somebody', workName: 'x'.repeat(600_000), roles: ['editor'] }
    expect(codeOf(await administrator.desk.post('/staff', large))).toBe('413 request.too-long')
    for (const body of ['{', '"text"', 'null', '\u0000'])
      expect(codeOf(await administrator.desk.post('/staff', body))).toBe('400 request.malformed')
    const form = await administrator.desk.ask('POST', '/staff', 'name=x', {
      'content-type': 'application/x-www-form-urlencoded',
    })
    expect(codeOf(form)).toBe('422 request.invalid')
  })

  test('When a large body comes from somebody who may not, then the answer is that they may not', async () => {
    const { desk } = await member(server, administrator, ['counselor'])
    const large = { name: 'x'.repeat(600_000) }
    expect(codeOf(await desk.post('/staff', large))).toBe('403 staff.forbidden')
    expect(codeOf(await browser(server.url).post('/staff', large))).toBe('401 staff.signed-out')
  })

  test('When a page elsewhere posts to the console, then nothing happens, signed in or not', async () => {
    const { name, password: right } = await member(server, administrator, ['counselor'])
    const elsewhere: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: server.url },
      { 'sec-fetch-site': 'none' },
    ]
    for (const headers of elsewhere) {
      const signIn = await browser(server.url).ask('POST', '/sign-in', { name, password: right }, headers)
      expect(codeOf(signIn)).toBe('403 csrf.invalid')
      expect(signIn.headers.get('set-cookie')).toBeNull()
      const made = { name: 'made.elsewhere', workName: '某人', roles: ['administrator'] }
      expect(codeOf(await administrator.desk.ask('POST', '/staff', made, headers))).toBe('403 csrf.invalid')
    }
    const ours: Record<string, string>[] = [{ origin: server.url }, { 'sec-fetch-site': 'same-origin' }]
    for (const headers of ours)
      expect(
        (await browser(server.url).ask('POST', '/sign-in', { name, password: right }, headers)).status,
      ).toBe(200)
    const preflight = await fetch(`${server.url}/api/staff`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    })
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('When a name is a script, then it comes back as the same data, as JSON that no browser takes for a page', async () => {
    const script = '<script>alert(1)</script>'.slice(0, 20)
    const formula = '=HYPERLINK("x")'
    for (const workName of [script, formula, '"><img src=x>']) {
      const name = `script-${workName.length}`
      const made = await administrator.desk.post<{ id: string }>('/staff', {
        name,
        workName,
        roles: ['editor'],
      })
      const one = await administrator.desk.get<{ workName: string }>(`/staff/${made.body.id}`)
      expect(one.body.workName).toBe(workName)
      expect(one.headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(one.headers.get('x-content-type-options')).toBe('nosniff')
      expect(one.headers.get('cache-control')).toBe('no-store')
    }
    const hidden = { name: 'hidden', workName: '小林\u202e师老', roles: ['editor'] }
    expect(codeOf(await administrator.desk.post('/staff', hidden))).toBe('422 request.invalid')
  })

  test('When an account is read, then neither its password nor anything of its link is in the answer', async () => {
    const { id } = await member(server, administrator, ['editor'])
    const list = await administrator.desk.get(`/staff/${id}`)
    expect(Object.keys(list.body as object).sort()).toEqual([
      'active',
      'createdAt',
      'id',
      'invited',
      'lastSeenAt',
      'name',
      'onDuty',
      'roles',
      'workName',
    ])
    expect(JSON.stringify(list.body)).not.toMatch(/argon2|token|hash|epoch/i)
  })
})

describe('behind https', () => {
  test('When the console is reached by https, then the session travels on nothing else', async () => {
    const port = await freePort()
    const secure = await testServer(
      { PUBLIC_URL: PUBLIC, TRUST_PROXY: '1', PORT: String(port) },
      { knowledge: await realKnowledge({ talk: false }) },
    )
    expect(secure.told.join()).toContain(`首位管理员：${PUBLIC}/admin/#/welcome/`)
    const desk = browser(`http://127.0.0.1:${port}`)
    const given = { token: firstToken(secure), name: 'the.first', workName: '主任', password: password() }
    expect(codeOf(await desk.post('/welcome/first', given))).toBe('403 staff.insecure')
    const headers = { 'x-forwarded-proto': 'https', origin: PUBLIC }
    const made = await desk.ask('POST', '/welcome/first', given, headers)
    expect(made.status).toBe(200)
    expect(made.headers.getSetCookie()[0]).toMatch(/; Secure/)
    await secure.stop()
  })
})

describe('the record', () => {
  test('When staff sign in, fail, and change accounts, then who did it, when and to whom is recorded', async () => {
    const supervisor = await member(server, administrator, ['supervisor'], '老周')
    await browser(server.url).signIn(supervisor.name, 'not the right one')
    await browser(server.url).signIn('nobody-at-all', 'not the right one')
    await browser(server.url).signIn(supervisor.name, supervisor.password)
    await administrator.desk.put(`/staff/${supervisor.id}`, {
      workName: '老周',
      roles: ['supervisor', 'editor'],
      active: true,
    })
    await supervisor.desk.signIn(supervisor.name, supervisor.password)
    const list = async (query: string) =>
      (await supervisor.desk.get<{ items: Entry[]; total: number }>(`/audit?perPage=100&${query}`)).body
    const of = async (query: string) => (await list(query)).items.map(({ verb }) => verb).sort()
    expect(await of(`staff=${supervisor.id}`)).toEqual([
      'password.set',
      'sign-in',
      'sign-in',
      'sign-in.failed',
    ])
    expect(await of(`subject=${supervisor.id}&staff=${administrator.id}`)).toEqual([
      'staff.changed',
      'staff.created',
    ])
    const unknown = (await list('verb=sign-in.failed')).items.filter(({ staff }) => staff === null)
    // Not even the name that was typed: it is a password now and then.
    expect(unknown.map(({ subject }) => subject)).toEqual([''])
    const { items } = await list('')
    expect(items.map(({ at }) => at)).toEqual([...items.map(({ at }) => at)].sort().reverse())
    expect(items.find(({ verb }) => verb === 'staff.changed')?.staff?.workName).toBe('管理员')
  })
})
