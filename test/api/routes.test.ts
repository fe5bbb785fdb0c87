import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import type { Router } from 'express'
import { ROUTES } from '../../shared/api.js'
import type { Route } from '../../shared/api/route.js'
import { Role } from '../../shared/staff.js'
import { consoleApi, type ConsoleParts } from '../../bot/api/router.js'
import { LEARNING_MS, realKnowledge } from '../brain.js'
import { browser, firstAdministrator, member, type Answer, type Member } from '../console.js'
import { testServer } from '../server.js'
import { bodyOf, PARAMS } from './samples.js'

type Server = Awaited<ReturnType<typeof testServer>>

const table = Object.entries<Route>(ROUTES)
let server: Server
let administrator: Member
const members = new Map<Role, Member>()

beforeAll(async () => {
  server = await testServer({}, { knowledge: await realKnowledge({ talk: false }) })
  administrator = await firstAdministrator(server)
  for (const role of Role.options) members.set(role, await member(server, administrator, [role]))
}, LEARNING_MS)
afterAll(() => server.stop())

const codeOf = ({ status, body }: Answer<unknown>): string => {
  const { error } = body as { error: { code: string; message: string } }
  expect(error.message).toMatch(/[\u4e00-\u9fff]/)
  return `${status} ${error.code}`
}
const foreign = () => randomBytes(12).toString('hex')
/** The path of a route with ids that stand for nothing. */
const pathOf = (name: string, { path }: Route) =>
  path.replace(/:(\w+)/g, (_, param: string) => PARAMS[name]?.[param] ?? foreign())
const may = ({ roles }: Route, role: Role) =>
  roles === 'everyone' || roles === 'signed-in' || roles.includes(role)
/**
 * What a route may say of a record that does not exist. A change of content, whose ids are names, comes with what was
 * read: that is looked at first.
 */
const absent = ({ method, params }: Route) => (params && method !== 'get' ? /^(?:404|409|422) / : /^404 /)
const closed = table.filter(([, { roles }]) => roles !== 'everyone')
const changes = closed.filter(([, { method }]) => method !== 'get')

describe('the table of routes', () => {
  test('When the router is walked, then it has the routes of the table and no other', () => {
    const unused = () => Promise.reject(new Error('not asked in this test'))
    const parts = {
      secret: 'a secret',
      handlers: Object.fromEntries(table.map(([name]) => [name, unused])),
    } as unknown as ConsoleParts
    const walk = (router: Router): string[] =>
      router.stack.flatMap((layer) => {
        const route = layer.route as unknown as { path: string; methods: Record<string, boolean> } | undefined
        if (route) return Object.keys(route.methods).map((method) => `${method} ${route.path}`)
        // A router within would bring routes of its own.
        expect(layer.handle).not.toHaveProperty('stack')
        return []
      })
    expect(walk(consoleApi(parts)).sort()).toEqual(
      table.map(([, { method, path }]) => `${method} ${path}`).sort(),
    )
  })

  const bodies = table.filter(([, { body }]) => body)
  test.each(bodies)('When %s is tried below, then it is with a body that fits its schema', (name, route) => {
    expect(route.body?.safeParse(bodyOf(name, route))).toMatchObject({ success: true })
  })
})

describe('who may', () => {
  test.each(closed)(
    'When nobody is signed in, then %s answers 401, whatever is sent along',
    async (name, route) => {
      const answer = await browser(server.url).ask(
        route.method.toUpperCase(),
        pathOf(name, route),
        route.body && '{',
      )
      expect(codeOf(answer)).toBe('401 staff.signed-out')
    },
  )

  const pairs = closed.flatMap(([name, route]) =>
    Role.options.map((role) => [name, role, may(route, role) ? 'may' : 'may not', route] as const),
  )
  test.each(pairs.filter(([, , can]) => can === 'may not'))(
    'When %s is asked for by a %s, who %s, then the answer is 403 before anything is read',
    async (name, role, _, route) => {
      const { desk } = members.get(role) as Member
      const answer = await desk.ask(route.method.toUpperCase(), pathOf(name, route), route.body && '{')
      expect(codeOf(answer)).toBe('403 staff.forbidden')
    },
  )

  test.each(pairs.filter(([, , can]) => can === 'may'))(
    'When %s is asked for by a %s, who %s, then it is let in',
    async (name, role, _, route) => {
      if (route.stream) return
      const { desk, name: login, password } = members.get(role) as Member
      const answer = await desk.ask(route.method.toUpperCase(), pathOf(name, route), route.body && '{')
      if (route.body) expect(codeOf(answer)).toBe('400 request.malformed')
      else if (route.path.includes(':')) expect(codeOf(answer)).toMatch(absent(route))
      else expect(answer.status).toBe(200)
      if (name === 'sign-out') await desk.signIn(login, password)
    },
  )

  test.each(changes)(
    'When %s comes without the session’s own token, then it is refused',
    async (name, route) => {
      const role = Role.options.find((each) => may(route, each)) as Role
      const { desk } = members.get(role) as Member
      const [right, other] = [desk.csrf(), administrator.desk.csrf()]
      for (const wrong of ['', 'x', other === right ? 'y' : other, right.slice(1), `${right}0`]) {
        desk.setCsrf(wrong)
        const answer = await desk.ask(route.method.toUpperCase(), pathOf(name, route), bodyOf(name, route))
        desk.setCsrf(right)
        expect(codeOf(answer)).toBe('403 csrf.invalid')
      }
    },
  )

  const records = closed.filter(([, { path }]) => path.includes(':'))
  test.each(records)('When the record of %s does not exist, then the answer is 404', async (name, route) => {
    const role = Role.options.find((each) => may(route, each)) as Role
    const { desk } = members.get(role) as Member
    const ask = (path: string) => desk.ask(route.method.toUpperCase(), path, bodyOf(name, route))
    expect(codeOf(await ask(pathOf(name, route)))).toMatch(absent(route))
    const evil = [
      '{"$gt":""}',
      "' or 1=1",
      '..%2f..',
      'x'.repeat(3000),
      '%00',
      'null',
      '[object Object]',
      '$where',
    ]
    for (const each of evil) {
      const path = route.path.replace(/:\w+/, each.includes('%') ? each : encodeURIComponent(each))
      expect((await ask(path.replace(/:\w+/g, foreign()))).status).toBe(404)
    }
  })
})

describe('what comes from outside', () => {
  const bodies = table.filter(([, { body }]) => body)
  test.each(bodies)(
    'When the body of %s has keys nobody asked for or operators, then nothing of it is done',
    async (name, route) => {
      const role = Role.options.find((each) => may(route, each)) as Role
      const { desk } =
        route.roles === 'everyone' ? { desk: browser(server.url) } : (members.get(role) as Member)
      const good = bodyOf(name, route) as Record<string, unknown>
      const wrong: unknown[] = [
        { ...good, extra: 1 },
        { ...good, $where: 'sleep(1000)' },
        JSON.stringify(good).replace(/}$/, ',"__proto__":{"admin":true}}'),
        ...Object.keys(good).flatMap((key) => [
          { ...good, [key]: { $gt: '' } },
          { ...good, [key]: { $ne: null } },
          { ...good, [key]: [{ $regex: '.*' }] },
        ]),
        [good],
        {},
      ]
      for (const body of wrong) {
        if (route.roles !== 'everyone' && route.body?.safeParse(body).success) continue
        const answer = await desk.ask(route.method.toUpperCase(), pathOf(name, route), body)
        expect([body, answer.status]).toEqual([body, expect.any(Number)])
        expect([404, 422, 429]).toContain(answer.status)
      }
    },
  )
})
