import express, { Router, type NextFunction, type Request, type Response } from 'express'
import { takeCall, textOf, type CallAnswer } from '../calls.js'
import type { FaultBox } from '../faults.js'
import type { Log } from '../log.js'
import { OK, refusal, type Result } from './errors.js'
import { methods, type MethodParts } from './methods.js'

/** Longest body of a call. */
const BODY_MAX = '256kb'

/** The platform's interface for accounts: an errcode in a 200, whatever comes. */
export function apiRouter(parts: MethodParts & { log: Log; faults: FaultBox }): Router {
  const router = Router()
  const table = methods(parts)
  router.use(express.raw({ type: () => true, limit: BODY_MAX }))

  router.all('/*path', async (req, res) => {
    const what = req.path.replace(/^\/(?:cgi-bin\/)?/, '')
    await takeCall(
      parts,
      { what, res },
      () => called(req, req.path.slice(1)),
      ({ code = 45009 }) => toAnswer(refusal(code)),
    )
  })

  function called(req: Request, path: string): CallAnswer {
    const method = table[path]
    if (!method) return toAnswer(refusal(40066))
    if (req.method !== method.verb) return toAnswer(refusal(method.verb === 'POST' ? 43002 : 43001))
    if (method.token) {
      const token = req.query.access_token
      if (typeof token !== 'string' || !token) return toAnswer(refusal(41001))
      const code = parts.tokens.check(token)
      if (code) return toAnswer(refusal(code))
    }
    if (method.verb === 'GET') return toAnswer(method.answer(undefined))
    const text = textOf(req.body)
    if (text === '') return toAnswer(refusal(44002))
    const data = text === null ? undefined : jsonOf(text)
    if (typeof data !== 'object' || data === null) return toAnswer(refusal(47001))
    const { note, ...result } = method.answer(data)
    return toAnswer(result, note)
  }

  router.use((error: { status?: number }, _req: Request, res: Response, next: NextFunction) => {
    if (res.headersSent || !error.status || error.status >= 500) return next(error)
    res.json(refusal(error.status === 413 ? 45002 : 47001))
  })
  return router
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // 47001: the platform says that it cannot read the data.
  }
}

function toAnswer(result: Result, note: CallAnswer['end'] = {}): CallAnswer {
  const code = result.errcode ?? OK.errcode
  return { status: 200, body: result, end: { ...note, code, outcome: code === 0 ? 'taken' : 'refused' } }
}
