import type { z } from 'zod'
import { ROUTES, type Routes } from '../../shared/api.js'
import { Refusal, type Route } from '../../shared/api/route.js'

export type RouteName = keyof Routes

/** The names after a colon: '/staff/:id/sessions' → 'id'. */
type NamesIn<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | NamesIn<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never

type ParamsOf<R extends Route> = [NamesIn<R['path']>] extends [never]
  ? { params?: undefined }
  : { params: Record<NamesIn<R['path']>, string> }
type QueryOf<R extends Route> = R extends { query: infer Q extends z.ZodType }
  ? { query?: z.input<Q> }
  : { query?: undefined }
type BodyOf<R extends Route> = R extends { body: infer B extends z.ZodType }
  ? { body: z.input<B> }
  : { body?: undefined }

/** What a route is asked with: the params of its path, its query, its body. */
export type Asking<N extends RouteName> = ParamsOf<Routes[N]> & QueryOf<Routes[N]> & BodyOf<Routes[N]>
export type ReplyOf<N extends RouteName> = z.output<Routes[N]['reply']>

/** Asks one route of the table; what cannot be asked by its schema does not compile. Throws `Refused`. */
export type Call = <N extends RouteName>(
  name: N,
  ...asking: object extends Asking<N> ? [Asking<N>?] : [Asking<N>]
) => Promise<ReplyOf<N>>

/** The same for names known only at run time, as the generic lists and forms have them. */
export interface LooseAsking {
  params?: Record<string, string>
  query?: Record<string, unknown>
  body?: unknown
}

/** A server that said no, or could not be reached (status 0). The message is for the person at the console. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly detail: Record<string, unknown> = {},
  ) {
    super(message)
    this.name = 'Refused'
  }
}

/** What to tell the person at the console of a failure; an unknown one is a fault of the page itself. */
export const messageOf = (error: unknown): string =>
  error instanceof Refused ? error.message : '页面出了错，这一步没有完成。请刷新再试。'

/** Longest wait for an answer: after that a counselor must be told rather than hope. */
const PATIENCE_MS = 20_000

export interface Caller {
  call: Call
  callAny(name: string, asking: LooseAsking): Promise<unknown>
  /** Forgets the session's token against forged requests: after signing in or out it is another. */
  forget(): void
}

/** Speaks with /api. The token against forged requests is fetched once and again when the session has changed. */
export function createCaller(fetcher: typeof fetch = (...args) => fetch(...args), base = '/api'): Caller {
  let token: Promise<string> | undefined

  async function send(route: Route, { params = {}, query = {}, body }: LooseAsking): Promise<unknown> {
    const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
    const search = new URLSearchParams(
      Object.entries(query).flatMap(([name, value]) =>
        value === undefined || value === null || value === ''
          ? []
          : [[name, String(value)] as [string, string]],
      ),
    ).toString()
    const headers: Record<string, string> = { accept: 'application/json' }
    if (body !== undefined) headers['content-type'] = 'application/json'
    if (route.method !== 'get' && route.roles !== 'everyone') headers['x-csrf-token'] = await csrf()
    const response = await reach(`${base}${path}${search && `?${search}`}`, {
      method: route.method.toUpperCase(),
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: 'same-origin',
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    const text = await response.text()
    if (!response.ok) throw refusal(response.status, text)
    const parsed = route.reply.safeParse(read(text))
    if (!parsed.success)
      throw new Refused(response.status, 'reply.unknown', '服务器的回答和这一页对不上，请刷新页面。')
    return parsed.data
  }

  async function reach(url: string, init: RequestInit): Promise<Response> {
    try {
      return await fetcher(url, init)
    } catch (error) {
      const late = error instanceof Error && error.name === 'TimeoutError'
      throw new Refused(
        0,
        late ? 'network.late' : 'network.down',
        late ? '服务器很久没有回答，请再试一次。' : '和服务器没有连上，请看看网络。',
      )
    }
  }

  function csrf(): Promise<string> {
    token ??= send(ROUTES.me, {}).then((me) => (me as ReplyOf<'me'>).csrf)
    return token.catch((error: unknown) => {
      token = undefined
      throw error
    })
  }

  async function callAny(name: string, asking: LooseAsking): Promise<unknown> {
    const route = (ROUTES as Record<string, Route>)[name]
    if (!route) throw new Error(`no route ${name} in shared/api.ts`)
    try {
      return await send(route, asking)
    } catch (error) {
      if (!(error instanceof Refused && error.code === 'staff.csrf')) throw error
      // The session was renewed in another tab: its token is a new one.
      token = undefined
      return send(route, asking)
    }
  }

  return {
    // The table's types end here: callAny asks by the route's own schemas.
    call: ((name: string, asking: LooseAsking = {}) => callAny(name, asking)) as Call,
    callAny,
    forget: () => (token = undefined),
  }
}

function refusal(status: number, text: string): Refused {
  const parsed = Refusal.safeParse(read(text))
  if (!parsed.success)
    return new Refused(status, 'reply.unknown', `服务器没有做成这一步（${status}），请稍后再试。`)
  const { code, message, detail } = parsed.data.error
  return new Refused(status, code, message, detail)
}

function read(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A proxy's page or a cut answer: the schema refuses null in words of our own.
    return null
  }
}
