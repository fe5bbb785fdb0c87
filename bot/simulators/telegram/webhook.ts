import type { FaultBox } from '../faults.js'
import type { Log } from '../log.js'
import type { Answer, Poster } from '../post.js'
import { updateJson, type Queue, type Update } from './queue.js'

/** As the Bot API server does it: 1 s after the first failure, then twice as long each time. */
export interface Timing {
  answerMs: number
  retryMs: number
  retryMaxMs: number
}
export const TIMING: Timing = { answerMs: 10_000, retryMs: 1_000, retryMaxMs: 60_000 }

/** How long an update that is overtaken waits for the next one at most, in milliseconds. */
const OVERTAKEN_MS = 1_000

export interface Hook {
  url: string
  secret?: string
  connections: number
}

export type Webhook = ReturnType<typeof createWebhook>

/** Hands updates to the bot's webhook: those of one chat one after the other, those of several at once. */
export function createWebhook(parts: {
  queue: Queue
  log: Log
  faults: FaultBox
  poster: Poster
  timing: Timing
  now(): Date
  /** A call that the bot makes in its answer. */
  call(method: string, params: Record<string, unknown>): Promise<void>
}) {
  const { queue, log, faults, poster, timing, now } = parts
  let hook: Hook | null = null
  let stopped = false
  let busy = 0
  let failure: { at: Date; message: string } | undefined
  const chats = new Map<string, Update[]>()
  const ready: string[] = []
  const timers = new Set<NodeJS.Timeout>()

  const later = (milliseconds: number, then: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      then()
    }, milliseconds)
    timers.add(timer)
  }

  queue.onUpdate((update) => {
    const chat = chats.get(update.user)
    if (chat) chat.push(update)
    else {
      chats.set(update.user, [update])
      ready.push(update.user)
    }
    pump()
  })

  function pump(): void {
    while (hook && !stopped && busy < hook.connections) {
      const user = ready.shift()
      if (user === undefined) return
      busy++
      void hand(user, hook)
    }
  }

  async function hand(user: string, to: Hook): Promise<void> {
    const wait = await turn(user, to)
    busy--
    const chat = chats.get(user) ?? []
    if (chat.length === 0) chats.delete(user)
    else if (wait === 0) ready.push(user)
    else
      later(wait, () => {
        ready.push(user)
        pump()
      })
    pump()
  }

  /** Hands over the first update of a chat; resolves with how long to wait before the next try. */
  async function turn(user: string, to: Hook): Promise<number> {
    const chat = chats.get(user) ?? []
    const update = chat[0]
    if (!update) return 0
    if (!queue.pending.has(update.id) || update.expiresAt <= now().getTime()) {
      queue.finish(update, false)
      chat.shift()
      return 0
    }
    if (update.attempts === 0 && faults.draw('pushes', update.what, ['reorder'])) {
      const held = await overtaken(chat)
      if (held) return 0
    }
    const { taken, retryAfter } = await attempt(update, to)
    if (!taken) {
      const doubled = timing.retryMs * 2 ** Math.max(0, update.attempts - 1)
      return retryAfter ? retryAfter * 1000 : Math.min(timing.retryMaxMs, doubled)
    }
    chat.shift()
    queue.finish(update, true)
    if (faults.draw('pushes', update.what, ['repeat'])) await attempt(update, to, true)
    return 0
  }

  /** Whether another update has come and goes first. */
  async function overtaken(chat: Update[]): Promise<boolean> {
    const until = Date.now() + OVERTAKEN_MS
    while (chat.length < 2 && Date.now() < until && !stopped)
      await new Promise<void>((fulfil) => later(10, fulfil))
    if (chat.length < 2) return false
    const [first, second] = chat.splice(0, 2) as [Update, Update]
    chat.unshift(second, first)
    return true
  }

  async function attempt(
    update: Update,
    to: Hook,
    repeated = false,
  ): Promise<{ taken: boolean; retryAfter: number }> {
    const fault = faults.draw('pushes', update.what, ['drop', 'lose'])
    const line = queue.attempt(update, fault ? { fault: fault.kind } : repeated ? { fault: 'repeat' } : {})
    const answer = await poster.ask(to.url, {
      body: JSON.stringify(updateJson(update)),
      headers: {
        'content-type': 'application/json',
        ...(to.secret ? { 'x-telegram-bot-api-secret-token': to.secret } : {}),
      },
      timeoutMs: timing.answerMs,
      ...(fault ? { cut: fault.kind === 'lose' ? 'answer' : 'request' } : {}),
    })
    const taken = answer.ok && answer.status >= 200 && answer.status <= 299
    if (taken) log.end(line, { outcome: 'taken', status: answer.status })
    else {
      log.end(line, answer.ok ? { outcome: 'refused', status: answer.status } : { outcome: answer.why })
      failure = { at: now(), message: wordsOf(answer) }
    }
    if (taken) await callIn(answer.body)
    return { taken, retryAfter: answer.ok ? Math.min(answer.retryAfter, 3600) : 0 }
  }

  /** 《Making requests when getting updates》: a method in the answer is a call whose result nobody sees. */
  async function callIn(body: string): Promise<void> {
    if (!body.startsWith('{')) return
    let params: Record<string, unknown>
    try {
      params = JSON.parse(body) as Record<string, unknown>
    } catch {
      return // Any answer with 2xx is a yes, whatever it says.
    }
    if (typeof params.method === 'string') await parts.call(params.method, params)
  }

  return {
    get: () => hook,
    failure: () => failure,
    set(next: Hook | null): void {
      hook = next
      failure = undefined
      pump()
    },
    stop(): void {
      stopped = true
      for (const timer of timers) clearTimeout(timer)
    },
  }
}

function wordsOf(answer: Answer): string {
  if (answer.ok) return `Wrong response from the webhook: ${answer.status}`
  return answer.why === 'timeout' ? 'Read timeout expired' : 'Connection closed'
}
