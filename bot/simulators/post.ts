import http from 'node:http'
import https from 'node:https'

/** Connections to the bot at once; more pushes wait for one, and their time begins when they have it. */
const CONNECTIONS = 256
/** Of an answer more is not read, in characters. */
const ANSWER_MAX = 64_000

export interface Request {
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string
  /** Milliseconds from having a connection to having the whole answer. */
  timeoutMs: number
  /** Breaks the connection: in the middle of the request, or when the answer begins. */
  cut?: 'request' | 'answer'
}

export type Answer =
  | { ok: true; status: number; body: string; retryAfter: number }
  | { ok: false; why: 'timeout' | 'dropped' | 'lost' }

export type Poster = ReturnType<typeof createPoster>

/** Asks the bot, as the platform does: with a time-out of its own, and no trust in what comes back. */
export function createPoster() {
  const agents = {
    'http:': new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS }),
    'https:': new https.Agent({ keepAlive: true, maxSockets: CONNECTIONS }),
  }

  return {
    close(): void {
      for (const agent of Object.values(agents)) agent.destroy()
    },

    ask(
      target: string,
      { method = 'POST', headers = {}, body = '', timeoutMs, cut }: Request,
    ): Promise<Answer> {
      const url = new URL(target)
      const secure = url.protocol === 'https:'
      const bytes = Buffer.from(body)
      return new Promise((fulfil) => {
        let timer: NodeJS.Timeout | undefined
        const end = (answer: Answer) => {
          clearTimeout(timer)
          fulfil(answer)
        }
        const request = (secure ? https : http).request(url, {
          method,
          agent: agents[secure ? 'https:' : 'http:'],
          headers: { ...headers, ...(method === 'POST' ? { 'content-length': bytes.length } : {}) },
        })
        request.once('socket', () => {
          timer = setTimeout(() => {
            end({ ok: false, why: 'timeout' })
            request.destroy()
          }, timeoutMs)
        })
        request.once('error', () => end({ ok: false, why: 'dropped' }))
        request.once('response', (response) => {
          if (cut === 'answer') {
            end({ ok: false, why: 'lost' })
            request.destroy()
            return
          }
          let text = ''
          response.setEncoding('utf8')
          response.on('data', (piece: string) => {
            if (text.length < ANSWER_MAX) text += piece
          })
          response.once('error', () => end({ ok: false, why: 'dropped' }))
          response.once('end', () =>
            end({
              ok: true,
              status: response.statusCode ?? 0,
              body: text.slice(0, ANSWER_MAX),
              retryAfter: Number(response.headers['retry-after']) || 0,
            }),
          )
        })
        if (cut === 'request') {
          request.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () =>
            request.destroy(new Error('cut')),
          )
        } else request.end(method === 'POST' ? bytes : undefined)
      })
    },
  }
}
