import type { FaultBox } from '../faults.js'
import type { Log, LogLine } from '../log.js'
import type { Said } from '../people.js'
import { ApiError } from './errors.js'

/** 《Getting updates》: kept for 24 hours. */
const LIFE_MS = 86_400_000

export interface Update {
  id: number
  user: string
  what: string
  text?: string
  /** Without update_id. */
  json: object
  attempts: number
  expiresAt: number
  line?: LogLine
  done(taken: boolean): void
}

export const updateJson = ({ id, json }: Update) => ({ update_id: id, ...json })

export type Queue = ReturnType<typeof createQueue>

/** Updates that the bot does not have yet, in order; and getUpdates, which fetches them. */
export function createQueue({ log, faults, now }: { log: Log; faults: FaultBox; now(): Date }) {
  const pending = new Map<number, Update>()
  let lastId = 100_000_000 + (Math.floor(Date.now() / 1000) % 100_000_000) * 8
  let allowed: string[] = []
  /** The fetch that waits, if one does. */
  let waiting: { wake(): void; end(error: ApiError): void } | undefined
  let confirmed: Update | undefined
  const listeners = new Set<(update: Update) => void>()

  const finish = (update: Update, taken: boolean): void => {
    if (!pending.delete(update.id)) return
    if (taken && update.line?.outcome === 'open') log.end(update.line, { outcome: 'taken' })
    update.done(taken)
  }

  /** One more attempt to hand this update over. */
  const attempt = (update: Update, more: Partial<LogLine> = {}): LogLine => {
    const { user, what, text } = update
    update.line = log.add({
      kind: 'push',
      what,
      user,
      key: String(update.id),
      ...(text === undefined ? {} : { text }),
      attempt: ++update.attempts,
      outcome: 'open',
      ...more,
    })
    return update.line
  }

  async function somethingNew(milliseconds: number, gone?: AbortSignal): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    let mine: typeof waiting
    try {
      await new Promise<void>((wake, end) => {
        waiting = mine = { wake, end }
        timer = setTimeout(wake, milliseconds)
        gone?.addEventListener('abort', () => wake(), { once: true })
      })
    } finally {
      clearTimeout(timer)
      if (waiting === mine) waiting = undefined
    }
  }

  /** What the fetching bot gets now: the oldest first, but for what was commanded. */
  function batch(limit: number): Update[] {
    const due = [...pending.values()].slice(0, limit)
    for (const update of due) attempt(update)
    const reorder = due.length > 1 && faults.draw('pushes', 'getUpdates', ['reorder'])
    if (reorder) due.reverse()
    if (confirmed && faults.draw('pushes', confirmed.what, ['repeat'])) {
      attempt(confirmed, { fault: 'repeat', outcome: 'taken' })
      due.unshift(confirmed)
    }
    return due
  }

  return {
    pending,
    attempt,
    finish,
    count: () => pending.size,
    onUpdate: (listener: (update: Update) => void) => void listeners.add(listener),
    allow: (types: string[]) => void (allowed = types),
    allowed: () => allowed,

    nextId: () => ++lastId,

    /** Puts it at the end; resolves once the bot has it, it is too old, or everything ends. */
    add(id: number, user: string, what: string, json: object, text?: string): Promise<Said> {
      // What the bot has not asked for never comes.
      const type = Object.keys(json)[0] as string
      if (allowed.length && !allowed.includes(type))
        return Promise.resolve({ key: String(id), taken: false, attempts: 0 })
      return new Promise<Said>((fulfil) => {
        const update: Update = {
          id,
          user,
          what,
          json,
          ...(text === undefined ? {} : { text }),
          attempts: 0,
          expiresAt: now().getTime() + LIFE_MS,
          done: (taken) => fulfil({ key: String(id), taken, attempts: update.attempts }),
        }
        pending.set(id, update)
        for (const listener of listeners) listener(update)
        waiting?.wake()
      })
    },

    /**
     * Long polling: everything below `offset` counts as taken. Another one ends this one with 409. Once the bot has
     * hung up (`gone`) nothing is handed to it.
     */
    async fetch(
      { offset, limit, timeout }: { offset: number; limit: number; timeout: number },
      gone?: AbortSignal,
    ): Promise<Update[]> {
      waiting?.end(
        new ApiError(
          409,
          'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
        ),
      )
      const ids = [...pending.keys()]
      const from = offset < 0 ? (ids.at(offset) ?? ids[0] ?? 0) : offset
      for (const update of [...pending.values()]) {
        if (update.expiresAt <= now().getTime()) finish(update, false)
        else if (update.id < from) {
          confirmed = update
          finish(update, true)
        }
      }
      if (pending.size === 0 && timeout > 0) await somethingNew(timeout * 1000, gone)
      return gone?.aborted ? [] : batch(limit)
    },

    clear(): void {
      for (const update of [...pending.values()]) finish(update, false)
    },

    /** Ends what waits. */
    stop(): void {
      waiting?.wake()
      this.clear()
    },
  }
}
