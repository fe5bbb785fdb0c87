import type { Response } from 'express'
import type { Fault, FaultBox } from './faults.js'
import type { LogLine, Log } from './log.js'

/** What the platform answers to one call, and what of it stands in the log. */
export interface CallAnswer {
  status: number
  body: unknown
  end: Partial<LogLine>
}

/** Takes a call as the platform does and lets the commanded fault strike. */
export async function takeCall(
  { log, faults }: { log: Log; faults: FaultBox },
  { what, res }: { what: string; res: Response },
  answer: () => CallAnswer | Promise<CallAnswer>,
  limited: (fault: Fault) => CallAnswer,
): Promise<void> {
  const fault = faults.draw('calls', what)
  const line = log.add({ kind: 'call', what, outcome: 'open', ...(fault ? { fault: fault.kind } : {}) })
  const send = ({ status, body, end }: CallAnswer) => {
    // The caller hung up while it waited.
    if (res.closed) return log.end(line, { outcome: 'timeout' })
    log.end(line, { status, ...end })
    res.status(status).json(body)
  }
  switch (fault?.kind) {
    case 'drop':
      log.end(line, { outcome: 'dropped' })
      res.destroy()
      return
    case 'silence':
      res.once('close', () => log.end(line, { outcome: 'timeout' }))
      return
    case 'status':
      log.end(line, { outcome: 'failed', status: fault.status })
      res.status(fault.status).type('html').send('<html><body>Bad Gateway</body></html>')
      return
    case 'limit':
      send(limited(fault))
      return
    case 'lose': {
      const { end } = await answer()
      log.end(line, end)
      res.destroy()
      return
    }
    default:
      send(await answer())
  }
}

/** The bytes of a call as text; null when they are not UTF-8. */
export function textOf(body: unknown): string | null {
  if (!Buffer.isBuffer(body)) return ''
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    return null // The platform answers that it cannot read the data.
  }
}
