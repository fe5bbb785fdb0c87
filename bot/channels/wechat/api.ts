import { z } from 'zod'
import { NO_ANSWER, SendFailure } from '../../delivery/failure.js'
import { failureOf, renews } from './errcodes.js'

/** One request. Two of them fit into what a send may take. Milliseconds. */
const REQUEST_MS = 4_500

/** Connections that never came about: the platform cannot have taken anything. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'EHOSTUNREACH',
])

const Answer = z.looseObject({ errcode: z.number().int().default(0) })
type Answer = z.infer<typeof Answer>

/** The token of the account; `renew` when the platform refuses the one given. */
export interface Tokens {
  get(): Promise<string>
  renew(refused: string): Promise<string>
}

export type Api = ReturnType<typeof wechatApi>

/** Calls the platform in the account's name. Throws `SendFailure`: an errcode in a 200 is a failure. */
export function wechatApi(root: string, tokens: Tokens) {
  const call = async (path: string, body?: unknown): Promise<Answer> => {
    const withToken = (token: string) =>
      request(`${root}${path}?access_token=${encodeURIComponent(token)}`, body)
    const token = await tokens.get()
    const answer = await withToken(token)
    const again = renews(answer.errcode) ? await withToken(await tokens.renew(token)) : answer
    if (again.errcode !== 0) throw failureOf(again.errcode)
    return again
  }

  return {
    call,

    /** A customer-service message; the platform gives no id of it. */
    async sendText(openId: string, content: string): Promise<void> {
      await call('/cgi-bin/message/custom/send', { touser: openId, msgtype: 'text', text: { content } })
    },
  }
}

/** One request, GET without a body. Throws `SendFailure` when there is no answer that can be read. */
export async function request(url: string, body?: unknown): Promise<Answer> {
  let response: Response
  let text: string
  try {
    response = await fetch(url, {
      signal: AbortSignal.timeout(REQUEST_MS),
      redirect: 'error',
      ...(body === undefined
        ? {}
        : {
            method: 'POST',
            headers: { 'content-type': 'application/json; charset=utf-8' },
            body: JSON.stringify(body),
          }),
    })
    text = await response.text()
  } catch (error) {
    const { code = '' } = (error as { cause?: { code?: string } }).cause ?? {}
    const unsent = NOT_SENT.has(code)
    // Its own words could quote the address, and the token stands in that.
    throw new SendFailure('temporary', undefined, unsent ? `unreachable-${code}` : NO_ANSWER)
  }
  if (response.status === 429) throw new SendFailure('limited', secondsOf(response) * 1000, 'http-429')
  if (!response.ok) throw new SendFailure('temporary', undefined, `http-${response.status}`)
  const parsed = Answer.safeParse(jsonOf(text))
  if (!parsed.success) throw new SendFailure('temporary', undefined, NO_ANSWER)
  return parsed.data
}

function secondsOf(response: Response): number {
  const seconds = Number(response.headers.get('retry-after'))
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 3600) : 60
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
