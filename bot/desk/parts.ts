import type { LineView } from '../../shared/message.js'
import type { Clock } from '../clock.js'
import type { Channel } from '../delivery/channel.js'
import type { Log } from '../log.js'
import type { StoredEscalation } from '../store/escalation-document.js'
import type { Store } from '../store/store.js'

/** What the desk needs from the rest of the house. */
export interface DeskParts {
  store: Store
  clock: Clock
  log: Log
  /** Wording of intents/system/desk.yml. */
  say(key: string): string
  /** The lines that answer now and take these kinds of danger. */
  lines(kinds: readonly string[]): LineView[]
  /** Has a conversation looked after soon: what was submitted gets its number and is sent. */
  wake(conversation: string): void
  /** Those that run now. */
  channels: ReadonlyMap<string, Channel>
  retentionDays: number
}

/** When words said at `now` are erased. */
export const expiry = ({ retentionDays }: Pick<DeskParts, 'retentionDays'>, now: Date): Date =>
  new Date(now.getTime() + retentionDays * 86_400_000)

const AT_ONCE = 8

/** Does the same for many, some at once; a failure is logged, is tried again by the clock, and stops no other. */
export async function eachByItself(
  { log }: Pick<DeskParts, 'log'>,
  all: StoredEscalation[],
  failed: string,
  act: (escalation: StoredEscalation) => Promise<void>,
): Promise<void> {
  for (let i = 0; i < all.length; i += AT_ONCE) {
    const some = all.slice(i, i + AT_ONCE)
    const results = await Promise.allSettled(some.map(act))
    for (const [at, result] of results.entries())
      if (result.status === 'rejected')
        log.error({ err: result.reason as Error, escalation: some[at]?.id }, failed)
  }
}
