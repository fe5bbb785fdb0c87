import { setTimeout as sleep } from 'node:timers/promises'
import type { SendFailure } from '../../delivery/failure.js'
import type { Api } from './api.js'
import { menu } from './commands.js'
import { failureOf } from './failure.js'
import { KINDS } from './update.js'

/** setMyDescription takes 512 characters. */
const ABOUT_MAX = 512
/** Between two tries: the first pause and the longest, in milliseconds. */
const PAUSE = { first: 1_000, most: 60_000 }

export interface Registering {
  api: Api
  /** Ends it. */
  signal: AbortSignal
  /** Learns of every try: null when it worked. */
  heard(failure: SendFailure | null): void
}

/** Tells Telegram where to bring its messages, until it has taken it. What waits there is kept. */
export const registerHook = (around: Registering, url: string, secret: string): Promise<void> =>
  insist(around, ({ api, signal }) =>
    api.call(
      'setWebhook',
      { url, secret_token: secret, allowed_updates: KINDS, drop_pending_updates: false },
      { signal },
    ),
  )

/** Tells Telegram what the menu holds and what stands in the empty chat, until it has taken it. */
export const introduce = (around: Registering, about: string): Promise<void> =>
  insist(around, async ({ api, signal }) => {
    await api.call('setMyCommands', { commands: menu() }, { signal })
    await api.call('setMyDescription', { description: about.slice(0, ABOUT_MAX) }, { signal })
  })

async function insist(around: Registering, work: (around: Registering) => Promise<unknown>): Promise<void> {
  const { signal, heard } = around
  for (let failed = 0; !signal.aborted; failed++) {
    try {
      await work(around)
      return heard(null)
    } catch (error) {
      if (signal.aborted) return
      const failure = failureOf(error)
      heard(failure)
      await pause(failure.retryAfterMs ?? Math.min(PAUSE.first * 2 ** failed, PAUSE.most), signal)
    }
  }
}

/** Waits, and ends early when the signal does. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
