import type { Clock } from '../../clock.js'
import type { Leases } from '../../delivery/channel.js'
import { SendFailure } from '../../delivery/failure.js'
import type { Api } from './api.js'
import { pause } from './register.js'
import { KINDS, Update } from './update.js'

const LEASE = 'telegram.polling'
/** How long Telegram holds a call that has nothing to say, in seconds. */
const POLL_S = 25
const LEASE_MS = (POLL_S + 35) * 1000
const MOST = 100
/** Between two looks for the lease, and after a failure the first pause and the longest. */
const WAIT_MS = 2_000
const PAUSE = { first: 500, most: 60_000 }

export interface PollingParts {
  api: Api
  leases: Leases
  clock: Clock
  /** Ends it. */
  signal: AbortSignal
  take(update: Update): Promise<void>
  strange(id: unknown): void
  /** How it goes: null while all is well. */
  heard(failure: SendFailure | null): void
  onError(error: unknown): void
}

/**
 * Asks Telegram for updates, in the one process that holds the lease, until `signal` ends it. An update is confirmed
 * only when it is stored; what a dead process had not confirmed comes again and is known by its key.
 */
export async function poll(parts: PollingParts): Promise<void> {
  const { api, leases, clock, signal, take, strange, heard, onError } = parts
  let offset = 0
  let held = false
  let failed = 0

  const round = async (): Promise<void> => {
    const now = clock.now()
    if (!(await leases.take(LEASE, now, new Date(now.getTime() + LEASE_MS)))) {
      held = false
      await pause(WAIT_MS, signal)
      return
    }
    if (!held) {
      // Beside a webhook Telegram answers no polling. What waits there stays.
      await api.call('deleteWebhook', { drop_pending_updates: false }, { signal })
      held = true
      offset = 0
    }
    const updates = await api.call(
      'getUpdates',
      { timeout: POLL_S, limit: MOST, offset, allowed_updates: KINDS },
      { ms: (POLL_S + 10) * 1000, signal },
    )
    heard(null)
    for (const each of updates) {
      const parsed = Update.safeParse(each)
      if (parsed.success) await take(parsed.data)
      else strange(each.update_id)
      offset = each.update_id + 1
    }
    failed = 0
  }

  while (!signal.aborted) {
    try {
      await round()
    } catch (error) {
      if (signal.aborted) break
      held = false
      if (error instanceof SendFailure) heard(error)
      onError(error)
      const asked = error instanceof SendFailure ? error.retryAfterMs : undefined
      await pause(asked ?? Math.min(PAUSE.first * 2 ** failed++, PAUSE.most), signal)
    }
  }
  await leases.release(LEASE)
}
