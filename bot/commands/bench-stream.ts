import { get, type IncomingMessage } from 'node:http'
import type { ChatMessage } from '../../shared/message.js'

/** A person's side of the event stream. One reply is waited for at a time. */
export interface Follower {
  /** When the first reply after the conversation's first message came, or null after `milliseconds`. */
  firstReply(milliseconds: number): Promise<number | null>
  /** When the first reply after the message with this id came, or null after `milliseconds`. */
  replyTo(id: string, milliseconds: number): Promise<number | null>
  close(): void
}

interface Wait {
  id: string | null
  /** Number of the message answered; unknown until it comes back with its number. */
  number: number
  seen(at: number): void
  fail(error: Error): void
}

/** Opens an event stream from its beginning. */
export function follow(url: string, headers: Record<string, string>): Follower {
  let wait: Wait | null = null
  let closed = false

  const hear = (message: ChatMessage) => {
    if (!wait) return
    if (message.from === 'person' && message.id === wait.id) wait.number = message.number
    else if (message.from === 'bot' && message.number > wait.number) wait.seen(performance.now())
  }
  const lose = (why: string) => {
    if (!closed) wait?.fail(new Error(`the event stream ${why}`))
  }
  const request = get(url, { headers, agent: false }, (response: IncomingMessage) => {
    if (response.statusCode !== 200) lose(`was answered ${response.statusCode}`)
    readEvents(response, hear)
    response.on('error', (error) => lose(error.message))
    response.on('end', () => lose('ended'))
  })
  request.on('error', (error) => lose(error.message))

  const waitFor = (id: string | null, number: number, milliseconds: number) =>
    new Promise<number | null>((fulfil, reject) => {
      const done = (settle: () => void) => {
        clearTimeout(timer)
        wait = null
        settle()
      }
      const timer = setTimeout(() => done(() => fulfil(null)), milliseconds)
      wait = { id, number, seen: (at) => done(() => fulfil(at)), fail: (error) => done(() => reject(error)) }
    })
  return {
    firstReply: (milliseconds) => waitFor(null, 1, milliseconds),
    replyTo: (id, milliseconds) => waitFor(id, Infinity, milliseconds),
    close() {
      closed = true
      request.destroy()
    },
  }
}

/** Server-sent events as our server writes them: one `data:` line each (HTML standard, 9.2). */
function readEvents(response: IncomingMessage, hear: (message: ChatMessage) => void): void {
  let rest = ''
  response.setEncoding('utf8')
  response.on('data', (chunk: string) => {
    const events = (rest + chunk).split('\n\n')
    rest = events.pop() ?? ''
    for (const event of events) {
      const data = /^data: (.+)$/m.exec(event)?.[1]
      if (data && event.includes('event: message')) hear(JSON.parse(data) as ChatMessage)
    }
  })
}
