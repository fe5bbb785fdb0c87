import express, { Router, type NextFunction, type Request, type Response } from 'express'
import { takeCall, textOf, type CallAnswer } from '../calls.js'
import type { FaultBox } from '../faults.js'
import type { Log } from '../log.js'
import { ApiError, badRequest, errorJson, tooMany } from './errors.js'
import type { Method } from './methods.js'

/** Longest body of a call. */
const BODY_MAX = '256kb'

export interface ApiParts {
  botToken: string
  table: Record<string, Method>
  log: Log
  faults: FaultBox
}

/** The Bot API: /bot<token>/method, by GET or POST, parameters in the query, a form or JSON. */
export function apiRouter(parts: ApiParts): Router {
  const router = Router()
  router.use(express.raw({ type: () => true, limit: BODY_MAX }))

  router.all('/bot:token/:method', async (req, res) => {
    const { token, method } = req.params
    const gone = new AbortController()
    res.once('close', () => gone.abort())
    const answer = async (): Promise<CallAnswer> => {
      try {
        if (!/^\d+:[\w-]+$/.test(token)) throw new ApiError(404, 'Not Found')
        if (token !== parts.botToken) throw new ApiError(401, 'Unauthorized')
        return await answerOf(parts.table, method, await paramsOf(req), gone.signal)
      } catch (error) {
        return refused(error)
      }
    }
    await takeCall(parts, { what: method, res }, answer, ({ retryAfter }) => refused(tooMany(retryAfter)))
  })

  router.use((_req: Request, res: Response) => {
    res.status(404).json(errorJson(new ApiError(404, 'Not Found')))
  })
  router.use((error: { status?: number }, _req: Request, res: Response, next: NextFunction) => {
    if (res.headersSent || !error.status || error.status >= 500) return next(error)
    const known =
      error.status === 413 ? new ApiError(413, 'Request Entity Too Large') : badRequest("can't parse request")
    res.status(known.status).json(errorJson(known))
  })
  return router
}

/** One call of the table; names do not mind case. */
export async function answerOf(
  table: Record<string, Method>,
  name: string,
  params: Record<string, unknown>,
  gone?: AbortSignal,
): Promise<CallAnswer> {
  const method = Object.hasOwn(table, name.toLowerCase()) ? table[name.toLowerCase()] : undefined
  if (!method) throw new ApiError(404, 'Not Found: method not found')
  const { result, description, note } = await method(params, gone)
  return {
    status: 200,
    body: { ok: true, result, ...(description ? { description } : {}) },
    end: { ...note, outcome: 'taken' },
  }
}

/** The answer to a call that the API refuses; what is no such refusal travels up. */
export function refused(error: unknown): CallAnswer {
  if (!(error instanceof ApiError)) throw error
  return { status: error.status, body: errorJson(error), end: { code: error.status, outcome: 'refused' } }
}

async function paramsOf(req: Request): Promise<Record<string, unknown>> {
  const query = { ...req.query }
  if (!Buffer.isBuffer(req.body) || req.body.length === 0) return query
  const type = req.get('content-type') ?? ''
  if (/^(?:application\/x-www-form-urlencoded|multipart\/form-data)/i.test(type)) {
    try {
      const form = await new Response(req.body, { headers: { 'content-type': type } }).formData()
      return { ...query, ...Object.fromEntries([...form].filter(([, value]) => typeof value === 'string')) }
    } catch {
      throw badRequest("can't parse request")
    }
  }
  const text = textOf(req.body)
  if (text === null) throw badRequest('strings must be encoded in UTF-8')
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new SyntaxError()
    return { ...query, ...body }
  } catch {
    throw badRequest("can't parse JSON object")
  }
}
