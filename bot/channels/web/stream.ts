import type { Request, Response } from 'express'
import type { ChatMessage } from '../../../shared/message.js'

/** Between heartbeats, milliseconds: a silent connection is a dead one. */
const HEARTBEAT_MS = 15_000
/** A stream ends by itself after this long, and the page opens the next: no proxy sees it as stuck. */
const LIFETIME_MS = 5 * 60_000

export interface Source {
  conversation: string
  after: number
  read(after: number): Promise<ChatMessage[]>
  /** Calls back when there may be something new; returns how to stop. */
  follow(listener: () => void): () => void
  /** Whether the conversation still exists. */
  exists(): Promise<boolean>
}

/**
 * Streams a conversation as server-sent events. Messages are read by their numbers, hints only say when; so
 * after any interruption nothing is lost and nothing comes twice.
 */
export function stream(req: Request, res: Response, source: Source, onError: (error: unknown) => void): void {
  let after = source.after
  let ended = false
  let reading = false
  let again = false

  const send = async (): Promise<void> => {
    for (;;) {
      const messages = await source.read(after)
      if (ended) return
      for (const message of messages) {
        res.write(`id: ${message.number}\nevent: message\ndata: ${JSON.stringify(message)}\n\n`)
        after = message.number
      }
      if (messages.length === 0) break
    }
    if (!(await source.exists()) && !ended) {
      res.write('event: erased\ndata: {}\n\n')
      end()
    }
  }

  const look = () => {
    if (ended) return
    if (reading) {
      again = true
      return
    }
    reading = true
    send()
      .catch((error: unknown) => {
        onError(error)
        end()
      })
      .finally(() => {
        reading = false
        if (again) {
          again = false
          look()
        }
      })
  }

  const end = () => {
    if (ended) return
    ended = true
    stopFollowing()
    clearInterval(heartbeat)
    clearTimeout(lifetime)
    res.end()
  }

  res.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  res.write(': open\n\n')
  const stopFollowing = source.follow(look)
  const heartbeat = setInterval(() => {
    res.write(': still here\n\n')
    look()
  }, HEARTBEAT_MS)
  const lifetime = setTimeout(end, LIFETIME_MS)
  req.on('close', end)
  res.on('error', end)
  look()
}
