import type { Clock } from '../clock.js'
import type { Log } from '../log.js'
import type { Store } from '../store/store.js'
import type { Handle } from './handle.js'

const EVERY_MS = 3_000
const MOST = 200
const AT_ONCE = 8

/** Finds what a dead process left behind, at start and every few seconds, and looks after it. */
export function startSweep(around: {
  store: Store
  clock: Clock
  log: Log
  handle: Handle
  burstMs: number
}): { stop(): Promise<void>; once(): Promise<number> } {
  const { store, clock, log, handle, burstMs } = around
  let running: Promise<unknown> = Promise.resolve()
  let busy = false

  const once = async (): Promise<number> => {
    const now = clock.now()
    const before = new Date(now.getTime() - burstMs)
    const [waiting, unsettled] = await Promise.all([
      store.messages.unfinished(before, MOST, now),
      store.conversations.unsettled(MOST),
    ])
    const ids = [...new Set([...waiting, ...unsettled])]
    for (let i = 0; i < ids.length; i += AT_ONCE) {
      const results = await Promise.allSettled(ids.slice(i, i + AT_ONCE).map((id) => handle.handle(id)))
      for (const result of results)
        if (result.status === 'rejected') log.error({ err: result.reason as Error }, 'sweep.failed')
    }
    return ids.length
  }

  const tick = () => {
    if (busy) return
    busy = true
    running = once()
      .catch((error: unknown) => log.error({ err: error }, 'sweep.failed'))
      .finally(() => (busy = false))
  }
  tick()
  const timer = setInterval(tick, EVERY_MS)
  return {
    once,
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
