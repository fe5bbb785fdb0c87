import { pino, type Logger } from 'pino'

export type Log = Logger

/**
 * One line an event: verb, ids, milliseconds; never message text, names, numbers or tokens. What could carry
 * them by accident (a request, a body, an error's own text from a driver) is cut out here.
 */
export function createLog(level: string): Log {
  return pino({
    level,
    base: null,
    redact: { paths: ['req', 'body', 'text', 'token', '*.token', 'address', '*.text'], remove: true },
    serializers: {
      err: (err: Error & { code?: unknown }) => ({ name: err.name, code: err.code, stack: frames(err) }),
    },
  })
}

/** Where it happened, without the message: a driver's message may quote a document. */
function frames(err: Error): string[] {
  const lines = (err.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '))
  return lines.slice(0, 6).map((line) => line.trim())
}
