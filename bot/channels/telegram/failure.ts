import { z } from 'zod'
import { NO_ANSWER, SendFailure } from '../../delivery/failure.js'

/** Connections that never came about: Telegram cannot have taken anything. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

/** Telegram's own answer, as telegraf throws it. */
const Answered = z.object({
  response: z.object({
    error_code: z.number().int(),
    description: z.string().default(''),
    parameters: z.object({ retry_after: z.number().optional() }).optional(),
  }),
})

/** What a failed call to Telegram means. No cause is kept: telegraf's errors carry the words that were sent, and the token. */
export function failureOf(error: unknown): SendFailure {
  if (error instanceof SendFailure) return error
  const answered = Answered.safeParse(error)
  if (!answered.success) {
    const { code } = error as { code?: unknown }
    const unsent = typeof code === 'string' && NOT_SENT.has(code)
    return new SendFailure('temporary', undefined, unsent ? `unreachable-${code}` : NO_ANSWER)
  }
  const { error_code: status, parameters } = answered.data.response
  const code = `http-${status}`
  if (status === 429) return new SendFailure('limited', (parameters?.retry_after ?? 1) * 1000, code)
  if (status === 403) return new SendFailure('gone', undefined, code)
  if (status === 400 || status === 413) return new SendFailure('refused', undefined, code)
  // 401 and 404 are about the token: the message waits until somebody has mended it.
  return new SendFailure('temporary', undefined, code)
}
