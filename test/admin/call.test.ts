import { describe, expect, test } from '@jest/globals'
import { createCaller, messageOf, Refused } from '../../admin/src/call.js'
import { createDataProvider } from '../../admin/src/data-provider.js'

interface Asked {
  method: string
  url: string
  headers: Record<string, string>
  body: unknown
}

const me = {
  staff: {
    id: 'a'.repeat(24),
    name: 'lin',
    workName: '小林老师',
    roles: ['counselor'],
    active: true,
    onDuty: false,
    invited: false,
    lastSeenAt: null,
    createdAt: '2026-03-04T02:00:00.000Z',
  },
  csrf: 'token-1',
  endsAt: '2026-03-04T12:00:00.000Z',
}
const refusal = (code: string, message: string) => ({ error: { code, message } })

/** A server that answers from a list, and what it was asked. /api/me is answered beside the list. */
function server(...answers: [status: number, body: unknown][]) {
  const asked: Asked[] = []
  let tokens = 0
  const fetcher = ((url: string, { method = '', headers, body }: RequestInit) => {
    if (url === '/api/me') return Promise.resolve(Response.json({ ...me, csrf: `token-${++tokens}` }))
    asked.push({
      method,
      url,
      headers: headers as Record<string, string>,
      body: body === undefined ? undefined : JSON.parse(body as string),
    })
    const [status, answer] = answers.shift() ?? [500, null]
    const text = typeof answer === 'string' ? answer : JSON.stringify(answer)
    return Promise.resolve(new Response(text, { status }))
  }) as typeof fetch
  return { asked, caller: createCaller(fetcher) }
}

const presence = { present: [], onDuty: true }

describe('a call', () => {
  test('When a route is asked, then path, query and body are what the table says', async () => {
    const { asked, caller } = server([200, { items: [], total: 0 }], [200, presence])
    await caller.call('escalations.list', { query: { state: 'waiting', page: 2, grade: undefined } })
    await caller.call('desk.duty', { body: { onDuty: true } })
    expect(asked.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['GET', '/api/escalations?state=waiting&page=2', undefined],
      ['PUT', '/api/desk/duty', { onDuty: true }],
    ])
  })

  test('When an id holds what it must not, then it stays one part of the path', async () => {
    const { asked, caller } = server([404, refusal('record.unknown', '没有这条记录。')])
    await expect(caller.call('escalations.one', { params: { id: '../me?x=1' } })).rejects.toThrow(
      '没有这条记录。',
    )
    expect(asked[0]?.url).toBe('/api/escalations/..%2Fme%3Fx%3D1')
  })

  test('When something is changed, then the token against forged requests goes along, fetched once', async () => {
    const { asked, caller } = server([200, presence], [200, presence], [200, presence])
    await caller.call('desk.duty', { body: { onDuty: true } })
    await caller.call('desk.duty', { body: { onDuty: false } })
    await caller.call('desk.presence')
    expect(asked.map(({ headers }) => headers['x-csrf-token'])).toEqual(['token-1', 'token-1', undefined])
  })

  test('When the session was renewed in another tab, then the new token is fetched and the change is made', async () => {
    const { asked, caller } = server([403, refusal('staff.csrf', '页面太旧了')], [200, presence])
    expect(await caller.call('desk.duty', { body: { onDuty: true } })).toEqual(presence)
    expect(asked.map(({ headers }) => headers['x-csrf-token'])).toEqual(['token-1', 'token-2'])
  })

  test('When the token is refused again, then it is said and not tried for ever', async () => {
    const no: [number, unknown] = [403, refusal('staff.csrf', '页面太旧了')]
    const { asked, caller } = server(no, no, no)
    await expect(caller.call('desk.duty', { body: { onDuty: true } })).rejects.toMatchObject({
      code: 'staff.csrf',
    })
    expect(asked).toHaveLength(2)
  })

  test('When the server refuses, then its own sentence reaches the person, with code and detail', async () => {
    const body = { error: { code: 'desk.claimed', message: '王督导已经接了。', detail: { by: '王督导' } } }
    const { caller } = server([409, body])
    const error: unknown = await caller
      .call('escalations.claim', { params: { id: 'b'.repeat(24) } })
      .catch((error: unknown) => error)
    expect(error).toMatchObject({ status: 409, code: 'desk.claimed', detail: { by: '王督导' } })
    expect(messageOf(error)).toBe('王督导已经接了。')
  })

  test.each<[string, number, unknown]>([
    ['a page of a proxy', 502, '<html>Bad Gateway</html>'],
    ['nothing', 500, ''],
  ])(
    'When %s comes instead of an answer, then a sentence of our own is said',
    async (_what, status, answer) => {
      const { caller } = server([status, answer])
      await expect(caller.call('desk.presence')).rejects.toThrow(`服务器没有做成这一步（${status}）`)
    },
  )

  test('When an answer has not the shape of the table, then the page says so and shows nothing of it', async () => {
    const { caller } = server([200, { present: 'nobody' }])
    await expect(caller.call('desk.presence')).rejects.toThrow('请刷新页面')
  })

  test.each([
    ['TypeError', '请看看网络'],
    ['TimeoutError', '很久没有回答'],
  ])('When the server cannot be reached (%s), then it is said in plain words', async (name, words) => {
    const caller = createCaller(() => Promise.reject(Object.assign(new Error('x'), { name })))
    await expect(caller.call('desk.presence')).rejects.toMatchObject({
      status: 0,
      message: expect.stringContaining(words),
    })
  })

  test('When something else goes wrong, then no inner word of it is shown', () => {
    expect(messageOf(new TypeError('undefined is not a function'))).not.toMatch(/[a-z]/)
    expect(messageOf(new Refused(409, 'x', '说好的话'))).toBe('说好的话')
  })
})

describe('the data provider', () => {
  const page = {
    pagination: { page: 1, perPage: 500 },
    sort: { field: 'id', order: 'ASC' as const },
    filter: {},
  }

  test('When a list is wanted, then the route of the resource is asked, at most a hundred at a time', async () => {
    const { asked, caller } = server([200, { items: [me.staff], total: 1 }])
    const api = createDataProvider(caller)
    const { data, total } = await api.getList('staff', { ...page, filter: { active: 'true' } })
    expect(asked[0]?.url).toBe('/api/staff?page=1&perPage=100&active=true')
    expect([data, total]).toEqual([[me.staff], 1])
  })

  test('When a form is saved, then only what the body of the route takes is sent', async () => {
    const made = { ...me.staff, link: '/admin/#/welcome/x', expiresAt: '2026-03-04T12:00:00.000Z' }
    const { asked, caller } = server([200, made])
    const api = createDataProvider(caller)
    const data = { name: 'lin', workName: '小林老师', roles: ['counselor'], id: 'x', onDuty: true }
    await api.create('staff', { data })
    expect(asked[0]).toMatchObject({
      method: 'POST',
      url: '/api/staff',
      body: { name: 'lin', workName: '小林老师', roles: ['counselor'] },
    })
    expect(asked[0]?.body).not.toHaveProperty('onDuty')
  })

  test('When several are wanted by id, then each is asked for', async () => {
    const { asked, caller } = server([200, me.staff], [200, me.staff])
    await createDataProvider(caller).getMany('staff', { ids: ['1', '2'] })
    expect(asked.map(({ url }) => url)).toEqual(['/api/staff/1', '/api/staff/2'])
  })

  test('When a page asks what no route gives, then it fails by its name', async () => {
    const api = createDataProvider(server().caller)
    await expect(api.getList('nothing', page)).rejects.toThrow('nothing.list')
    await expect(api.deleteMany('staff', { ids: ['1'] })).rejects.toThrow('no route')
  })
})
