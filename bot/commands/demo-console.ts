import { randomBytes } from 'node:crypto'

/** Somebody of the staff at the console's interface, as a browser is. */
export type Seat = ReturnType<typeof openSeat>

/** A seat nobody is signed in at. A refusal of the server is an error that names the call. */
export function openSeat(url: string) {
  let cookie = ''
  let csrf = ''

  async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${url}/api${path}`, {
      method,
      headers: {
        ...(cookie ? { cookie } : {}),
        ...(csrf ? { 'x-csrf-token': csrf } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`the demonstration's ${method} ${path}: ${response.status} ${text}`)
    const set = response.headers.getSetCookie().find((each) => each.startsWith('qingan='))
    if (set) cookie = set.split(';')[0] as string
    const answer = JSON.parse(text) as T & { csrf?: string }
    if (answer.csrf) csrf = answer.csrf
    return answer
  }

  return {
    get: <T>(path: string) => ask<T>('GET', path),
    post: <T>(path: string, body?: unknown) => ask<T>('POST', path, body),
    put: <T>(path: string, body?: unknown) => ask<T>('PUT', path, body),
  }
}

/** Nobody is ever told it: whoever wants the account gets a one-time link. */
export const unknownPassword = () => randomBytes(24).toString('base64url')

/** The secret of a one-time link. */
export const tokenOf = (link: string): string => link.slice(link.lastIndexOf('/') + 1)

/** How long the seeding waits for what must happen, in milliseconds; the first start learns for a while. */
const PATIENCE_MS = 60_000

/** Resolves with what `look` finds as soon as it finds something. */
export async function until<T>(look: () => T | Promise<T>, what: string): Promise<NonNullable<T>> {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const found = await look()
    if (found) return found
    if (Date.now() > deadline) throw new Error(`the demonstration waited in vain for ${what}`)
    await new Promise((fulfil) => setTimeout(fulfil, 50))
  }
}
