import { randomBytes } from 'node:crypto'
import type { Role } from '../shared/staff.js'
import { followEvents } from './events.js'

/** What a test needs of a running server. */
interface Served {
  url: string
  /** Lines told to the person who started it. */
  told: string[]
}

export interface Answer<T = never> {
  status: number
  body: T
  headers: Headers
}

/** A browser at the console, as far as the network sees it. */
export type Desk = ReturnType<typeof browser>

const words = ['山丹', '蓝天', '河套', '奶茶', '马头琴', '雪']
/** A password nobody guesses, new each time. */
export const password = () => `${words.join('-')}-${randomBytes(6).toString('hex')}`

/** The secret of a one-time link. */
export const tokenOf = (link: string): string => /#\/welcome\/([\w-]{43})$/.exec(link)?.[1] ?? ''

/** The secret of the link for the first administrator, as the start printed it. */
export const firstToken = ({ told }: Served): string =>
  tokenOf(told.findLast((line) => line.startsWith('首位管理员：')) ?? '')

/** A browser that nobody is signed in at; `address` is where a proxy says that it stands. */
export function browser(url: string, address?: string) {
  let cookie = ''
  let csrf = ''

  const ask = async <T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> => {
    const response = await fetch(`${url}/api${path}`, {
      method,
      headers: {
        // While a test learns, the process stands still: a connection kept open may be closed as it is used again.
        connection: 'close',
        ...(address ? { 'x-forwarded-for': address } : {}),
        ...(cookie ? { cookie } : {}),
        ...(csrf && method !== 'GET' ? { 'x-csrf-token': csrf } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    })
    const set = response.headers.getSetCookie().find((each) => each.startsWith('qingan='))
    if (set) cookie = set.split(';')[0] as string
    const text = await response.text()
    const answer = (text ? JSON.parse(text) : null) as T & { csrf?: string }
    if (response.ok && answer?.csrf) csrf = answer.csrf
    return { status: response.status, body: answer, headers: response.headers }
  }

  return {
    ask,
    get: <T = unknown>(path: string) => ask<T>('GET', path),
    post: <T = unknown>(path: string, body?: unknown) => ask<T>('POST', path, body),
    put: <T = unknown>(path: string, body?: unknown) => ask<T>('PUT', path, body),
    patch: <T = unknown>(path: string, body?: unknown) => ask<T>('PATCH', path, body),
    delete: <T = unknown>(path: string) => ask<T>('DELETE', path),
    signIn: (name: string, secret: string) => ask('POST', '/sign-in', { name, password: secret }),
    /** The session's cookie and token, to look at or to replace. */
    cookie: () => cookie,
    csrf: () => csrf,
    setCookie: (value: string) => void (cookie = value),
    setCsrf: (value: string) => void (csrf = value),
    /** Follows what changed; `cut` breaks the connection. */
    live: (conversation?: string) => live(url, cookie, conversation),
  }
}

async function live(url: string, cookie: string, conversation?: string) {
  const query = conversation ? `?conversation=${conversation}` : ''
  const { seen, ...stream } = await followEvents(`${url}/api/live${query}`, { cookie })
  return {
    ...stream,
    /** What changed, as the console was told. */
    get seen(): { topic: string; id?: string }[] {
      const changed = seen.filter(({ event }) => event === 'changed')
      return changed.map(({ data }) => JSON.parse(data) as { topic: string; id?: string })
    },
  }
}

/** Somebody signed in: the browser, the account, the password. */
export interface Member {
  desk: Desk
  id: string
  name: string
  workName: string
  password: string
}

let number = 0

/** Uses the link of the first start: the administrator, signed in. */
export async function firstAdministrator(server: Served): Promise<Member> {
  const desk = browser(server.url)
  const given = { name: `admin-${++number}`, workName: '管理员', password: password() }
  const { status, body } = await desk.post<{ staff: { id: string } }>('/welcome/first', {
    token: firstToken(server),
    ...given,
  })
  if (status !== 200) throw new Error(`first administrator: ${status} ${JSON.stringify(body)}`)
  return { desk, id: body.staff.id, ...given }
}

/** A new member of staff with these roles, made by an administrator and signed in by the one-time link. */
export async function member(
  { url }: Pick<Served, 'url'>,
  administrator: Member,
  roles: Role[],
  workName = '小林老师',
): Promise<Member> {
  const name = `member-${++number}`
  const made = await administrator.desk.post<{ id: string; link: string }>('/staff', {
    name,
    workName,
    roles,
  })
  if (made.status !== 200) throw new Error(`member: ${made.status} ${JSON.stringify(made.body)}`)
  const desk = browser(url)
  const given = { token: tokenOf(made.body.link), password: password() }
  const { status, body } = await desk.post('/welcome', given)
  if (status !== 200) throw new Error(`welcome: ${status} ${JSON.stringify(body)}`)
  return { desk, id: made.body.id, name, workName, password: given.password }
}
