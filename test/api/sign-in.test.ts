import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { LEARNING_MS, realKnowledge } from '../brain.js'
import {
  browser,
  firstAdministrator,
  member,
  password,
  tokenOf,
  type Answer,
  type Member,
} from '../console.js'
import { testServer } from '../server.js'

type Server = Awaited<ReturnType<typeof testServer>>
type Sessions = { items: { id: string; current: boolean; agent: string }[] }
type Me = { staff: { id: string; roles: string[] }; csrf: string; endsAt: string }

const MINUTE = 60_000
let now = Date.UTC(2026, 10, 2, 1)
let server: Server
let administrator: Member

beforeAll(async () => {
  server = await testServer(
    { TRUST_PROXY: '1' },
    { clock: { now: () => new Date(now) }, knowledge: await realKnowledge({ talk: false }) },
  )
  administrator = await firstAdministrator(server)
}, LEARNING_MS)
afterAll(() => server.stop())

/** Status and code of a refusal, once its sentence is known to be Chinese. */
function refusal({ status, body }: Answer<unknown>): [number, string] {
  const { error } = body as { error: { code: string; message: string } }
  expect(error.message).toMatch(/[\u4e00-\u9fff]/)
  expect(error.message).not.toContain('{{')
  return [status, error.code]
}
let visitors = 0
/** A browser at an address of its own: the limits of an address are not what most of these tests are about. */
const visitor = () => browser(server.url, `10.2.${++visitors >> 8}.${visitors & 255}`)
const counselor = () => member(server, administrator, ['counselor'])
/** Signs somebody in at another browser. */
async function elsewhere({ name, password }: Member) {
  const desk = visitor()
  expect((await desk.signIn(name, password)).status).toBe(200)
  return desk
}
/** The administrator again, after time has passed. */
const back = async () => {
  if ((await administrator.desk.get('/me')).status === 401)
    await administrator.desk.signIn(administrator.name, administrator.password)
}

describe('signing in', () => {
  test('When the right name and password are given, then the session may ask what its roles may', async () => {
    const { name, password, id } = await counselor()
    const desk = visitor()
    expect(refusal(await desk.get('/me'))).toEqual([401, 'staff.signed-out'])
    expect((await desk.signIn(` ${name.toUpperCase()} `, password)).status).toBe(200)
    expect((await desk.get<Me>('/me')).body.staff.id).toBe(id)
    expect(refusal(await desk.get('/staff'))).toEqual([403, 'staff.forbidden'])
    expect((await administrator.desk.get('/staff')).status).toBe(200)
  })

  test('When the cookie is looked at, then no script, no other page and no other path gets it', async () => {
    const { name, password } = await counselor()
    const response = await fetch(`${server.url}/api/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, password }),
    })
    const [cookie = ''] = response.headers.getSetCookie()
    expect(cookie).toMatch(/^qingan=.*HttpOnly/)
    expect(cookie).toContain('SameSite=Strict')
    expect(cookie).toContain('Path=/api')
    expect(cookie).not.toMatch(/Expires|Max-Age|Domain/)
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('When a password is wrong, a name unknown or an account switched off, then all answer alike', async () => {
    const gone = await counselor()
    await administrator.desk.put(`/staff/${gone.id}`, {
      workName: gone.workName,
      roles: ['counselor'],
      active: false,
    })
    const invited = { name: 'invited-only', workName: '新同事', roles: ['editor'] }
    await administrator.desk.post('/staff', invited)
    const desk = visitor()
    const answers = [
      await desk.signIn(administrator.name, password()),
      await desk.signIn('nobody-of-this-name', password()),
      await desk.signIn(gone.name, gone.password),
      await desk.signIn('invited-only', password()),
    ]
    for (const answer of answers) expect(answer.body).toEqual(answers[0]?.body)
    expect(refusal(answers[0] as Answer)).toEqual([401, 'sign-in.wrong'])
  })

  test('When a full-width or composed form of the same password is typed, then it is the same', async () => {
    const other = await counselor()
    const current = other.password
    expect((await other.desk.put('/me/password', { current, password: 'Ｃafé-河套-７８-风' })).status).toBe(
      200,
    )
    expect((await visitor().signIn(other.name, 'Cafe\u0301-河套-78-风')).status).toBe(200)
  })
})

describe('guessing', () => {
  test('When a password is guessed, then after five attempts each waits longer, for any name, and the right one too', async () => {
    const { name, password: right } = await counselor()
    for (const each of [name, 'a-name-nobody-has']) {
      const desk = visitor()
      const waits: number[] = []
      while (waits.length < 4) {
        const answer = await desk.signIn(each, password())
        if (answer.status === 401) continue
        expect(refusal(answer)).toEqual([429, 'sign-in.wait'])
        const wait = Number(answer.headers.get('retry-after'))
        expect((answer.body as { error: { message: string } }).error.message).toContain(String(wait))
        expect(refusal(await desk.signIn(each, right))).toEqual([429, 'sign-in.wait'])
        waits.push(wait)
        now += wait * 1000
      }
      expect(waits).toEqual([15, 30, 60, 120])
      expect((await desk.signIn(each, password())).status).toBe(401)
      now += 5 * MINUTE
      expect((await desk.signIn(each, right)).status).toBe(each === name ? 200 : 401)
      now += 15 * MINUTE
    }
    await back()
    const again = visitor()
    expect((await again.signIn(name, password())).status).toBe(401)
    expect((await again.signIn(name, right)).status).toBe(200)
  })

  test('When forty guesses come at once, then only five are looked at', async () => {
    const { name } = await counselor()
    const answers = await Promise.all(Array.from({ length: 40 }, () => visitor().signIn(name, password())))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(35)
  })

  test('When one address fails again and again under other names, then it waits, and others do not', async () => {
    const { name, password: right } = await counselor()
    const statuses: number[] = []
    for (let i = 0; i < 31; i++)
      statuses.push((await browser(server.url, '10.1.1.1').signIn(`guess-${i}`, 'not this one')).status)
    expect(statuses).toEqual([...Array<number>(30).fill(401), 429])
    const blocked = await browser(server.url, '10.1.1.1').signIn(name, right)
    expect(refusal(blocked)).toEqual([429, 'request.too-fast'])
    expect((await browser(server.url, '10.1.1.2').signIn(name, right)).status).toBe(200)
  })
})

describe('sessions', () => {
  test('When somebody signs in with a session planted by another, then the session is a new one', async () => {
    const [attacker, victim] = [await counselor(), await counselor()]
    const planted = attacker.desk.cookie()
    const desk = visitor()
    desk.setCookie(planted)
    expect((await desk.signIn(victim.name, victim.password)).status).toBe(200)
    expect(desk.cookie()).not.toBe(planted)
    // And the planted one has ended: neither of the two sits in the other's place.
    expect(refusal(await attacker.desk.get('/me'))).toEqual([401, 'staff.signed-out'])
    const forged = visitor()
    forged.setCookie('qingan=s%3Aknown-session-id.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')
    expect(refusal(await forged.get('/me'))).toEqual([401, 'staff.signed-out'])
    expect((await forged.signIn(victim.name, victim.password)).status).toBe(200)
    expect(forged.cookie()).not.toContain('known-session-id')
  })

  test('When somebody signs out, then the cookie is worth nothing', async () => {
    const { desk } = await counselor()
    const cookie = desk.cookie()
    expect((await desk.post('/sign-out')).body).toEqual({ done: true })
    desk.setCookie(cookie)
    expect(refusal(await desk.get('/me'))).toEqual([401, 'staff.signed-out'])
    expect(refusal(await desk.post('/sign-out'))).toEqual([401, 'staff.signed-out'])
  })

  test('When nobody is there for half an hour, or twelve hours have passed, then the session has ended', async () => {
    const { desk, name, password: right } = await counselor()
    for (let i = 0; i < 3; i++) {
      now += 29 * MINUTE
      expect((await desk.get('/me')).status).toBe(200)
    }
    now += 31 * MINUTE
    expect(refusal(await desk.get('/me'))).toEqual([401, 'staff.signed-out'])
    await desk.signIn(name, right)
    const started = now
    const ends = Date.parse((await desk.get<Me>('/me')).body.endsAt)
    expect(ends - started).toBe(12 * 60 * MINUTE)
    while (now + 25 * MINUTE < ends) {
      now += 25 * MINUTE
      expect((await desk.get('/me')).status).toBe(200)
    }
    now = ends
    expect(refusal(await desk.get('/me'))).toEqual([401, 'staff.signed-out'])
    await back()
  })

  test('When one looks at one’s sessions, then one sees only one’s own and may end each', async () => {
    const [one, other] = [await counselor(), await counselor()]
    const second = await elsewhere(one)
    const { items } = (await one.desk.get<Sessions>('/me/sessions')).body
    expect(items.map(({ current }) => current).sort()).toEqual([false, true])
    const theOther = items.find(({ current }) => !current) as Sessions['items'][number]
    expect(refusal(await other.desk.delete(`/me/sessions/${theOther.id}`))).toEqual([404, 'record.unknown'])
    expect((await second.get('/me')).status).toBe(200)
    expect((await one.desk.delete(`/me/sessions/${theOther.id}`)).status).toBe(200)
    expect(refusal(await second.get('/me'))).toEqual([401, 'staff.signed-out'])
    expect((await one.desk.get('/me')).status).toBe(200)
  })

  test('When an administrator ends the sessions of a member, then all of them have ended', async () => {
    const one = await counselor()
    const second = await elsewhere(one)
    const { items } = (await administrator.desk.get<Sessions>(`/staff/${one.id}/sessions`)).body
    expect(items).toHaveLength(2)
    expect((await administrator.desk.delete(`/staff/${one.id}/sessions`)).status).toBe(200)
    for (const desk of [one.desk, second]) expect((await desk.get('/me')).status).toBe(401)
  })

  test('When roles change, an account is switched off or a password is changed, then other sessions end at once', async () => {
    const one = await counselor()
    const change = (roles: string[], active = true, workName = one.workName) =>
      administrator.desk.put(`/staff/${one.id}`, { workName, roles, active })
    expect((await change(['counselor'], true, '小林')).status).toBe(200)
    expect((await one.desk.get('/me')).status).toBe(200)

    expect((await change(['supervisor'])).status).toBe(200)
    expect((await one.desk.get('/me')).status).toBe(401)
    await one.desk.signIn(one.name, one.password)
    expect((await one.desk.get<Me>('/me')).body.staff.roles).toEqual(['supervisor'])

    const [second, fresh] = [await elsewhere(one), password()]
    const wrong = await one.desk.put('/me/password', { current: password(), password: fresh })
    expect(refusal(wrong)).toEqual([422, 'password.wrong'])
    const before = one.desk.cookie()
    expect((await one.desk.put('/me/password', { current: one.password, password: fresh })).status).toBe(200)
    expect(one.desk.cookie()).not.toBe(before)
    expect((await one.desk.get('/me')).status).toBe(200)
    expect((await second.get('/me')).status).toBe(401)
    expect((await visitor().signIn(one.name, one.password)).status).toBe(401)

    expect((await change(['supervisor'], false)).status).toBe(200)
    expect((await one.desk.get('/me')).status).toBe(401)
    expect((await visitor().signIn(one.name, fresh)).status).toBe(401)
  })
})

describe('one-time links', () => {
  const invite = async (name: string) => {
    const made = await administrator.desk.post<{ id: string; link: string }>('/staff', {
      name,
      workName: '新同事',
      roles: ['editor'],
    })
    return { id: made.body.id, link: made.body.link, token: tokenOf(made.body.link) }
  }
  const accept = (token: string, secret = password()) =>
    visitor().post('/welcome', { token, password: secret })
  const look = (token: string) => visitor().post('/welcome/look', { token })

  test('When a member is made, then the link says whose it is, works once, and its secret is not stored', async () => {
    const { link, token } = await invite('once.only')
    expect(link).toMatch(/^\/admin\/#\/welcome\/[\w-]{43}$/)
    expect((await look(token)).body).toMatchObject({ kind: 'new', name: 'once.only', workName: '新同事' })
    expect((await look(token)).status).toBe(200)
    const secret = password()
    expect((await accept(token, secret)).status).toBe(200)
    expect(refusal(await accept(token))).toEqual([404, 'link.void'])
    expect(refusal(await look(token))).toEqual([404, 'link.void'])
    expect((await visitor().signIn('once.only', secret)).status).toBe(200)
  })

  test('When a link is used ten times at once, then one succeeds', async () => {
    const { token } = await invite('ten.times')
    const answers = await Promise.all(Array.from({ length: 10 }, () => accept(token)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(9)
  })

  test('When 72 hours have passed, or 30 minutes for a reset, then the link is void', async () => {
    const { token, id } = await invite('too.late')
    now += 71 * 60 * MINUTE
    expect((await look(token)).status).toBe(200)
    await back()
    expect((await accept(token)).status).toBe(200)
    const reset = await administrator.desk.post<{ link: string }>(`/staff/${id}/link`)
    now += 31 * MINUTE
    expect(refusal(await look(tokenOf(reset.body.link)))).toEqual([404, 'link.void'])
    expect(refusal(await accept(tokenOf(reset.body.link)))).toEqual([404, 'link.void'])
    await back()
    const late = await invite('much.too.late')
    now += 73 * 60 * MINUTE
    expect(refusal(await accept(late.token))).toEqual([404, 'link.void'])
    await back()
  })

  test('When a password is reset by a link, then sessions end, waiting ends, and the link before is void', async () => {
    const one = await counselor()
    const link = async () => {
      const made = await administrator.desk.post<{ link: string }>(`/staff/${one.id}/link`)
      return tokenOf(made.body.link)
    }
    const [first, second] = [await link(), await link()]
    expect(refusal(await look(first))).toEqual([404, 'link.void'])
    for (let i = 0; i < 6; i++) await visitor().signIn(one.name, password())
    expect((await visitor().signIn(one.name, one.password)).status).toBe(429)
    const fresh = password()
    expect((await accept(second, fresh)).status).toBe(200)
    expect((await one.desk.get('/me')).status).toBe(401)
    expect((await visitor().signIn(one.name, fresh)).status).toBe(200)
  })

  test('When a password is weak, then the link is still good', async () => {
    const { token } = await invite('weak.first')
    expect(refusal(await accept(token, '123456789012'))).toEqual([422, 'password.weak'])
    expect(refusal(await accept(token, 'weak.first-2026'))).toEqual([422, 'password.weak'])
    expect(refusal(await accept(token, 'short'))).toEqual([422, 'request.invalid'])
    expect((await accept(token)).status).toBe(200)
  })

  test('When an account is switched off, then its link is void', async () => {
    const { token, id } = await invite('switched.off')
    await administrator.desk.put(`/staff/${id}`, { workName: '新同事', roles: ['editor'], active: false })
    expect(refusal(await accept(token))).toEqual([404, 'link.void'])
    expect(refusal(await administrator.desk.post(`/staff/${id}/link`))).toEqual([409, 'staff.inactive'])
  })

  test('When a secret is guessed, then nothing tells it from one that was used', async () => {
    for (const token of ['A'.repeat(43), '-'.repeat(43)])
      expect(refusal(await accept(token))).toEqual([404, 'link.void'])
    expect(refusal(await accept('x'))).toEqual([422, 'request.invalid'])
  })
})

describe('the first administrator', () => {
  test('When the server has started without one, then the link was told, to the person who started it', () => {
    expect(server.told).toEqual([expect.stringContaining(`首位管理员：${server.url}/admin/#/welcome/`)])
  })

  test('When the last administrator would be gone, then the change is refused and nobody is signed out', async () => {
    const fresh = await testServer({}, { knowledge: await realKnowledge({ talk: false }) })
    const one = await firstAdministrator(fresh)
    const change = (who: Member, roles: string[], active: boolean) =>
      one.desk.put(`/staff/${who.id}`, { workName: who.workName, roles, active })
    expect(refusal(await change(one, ['counselor'], true))).toEqual([409, 'staff.last-administrator'])
    expect(refusal(await change(one, ['administrator'], false))).toEqual([409, 'staff.last-administrator'])
    expect((await one.desk.get('/me')).status).toBe(200)
    const two = await member(fresh, one, ['administrator', 'counselor'])
    // Both strike the other off in the same moment: one administrator at least remains.
    await Promise.all([
      change(two, ['counselor'], true),
      two.desk.put(`/staff/${one.id}`, { workName: '管理员', roles: ['counselor'], active: true }),
    ])
    const roles = await Promise.all(
      [one, two].map(async (who) => {
        const desk = browser(fresh.url)
        await desk.signIn(who.name, who.password)
        return (await desk.get<Me>('/me')).body.staff.roles
      }),
    )
    expect(roles.flat()).toContain('administrator')
    await fresh.stop()
  })

  test('When a name is taken, then it is said', async () => {
    const again = { name: administrator.name, workName: '别人', roles: ['editor'] }
    expect(refusal(await administrator.desk.post('/staff', again))).toEqual([409, 'staff.name-taken'])
  })
})
