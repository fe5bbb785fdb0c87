import type { LineView } from '../../shared/message.js'
import type { Clock } from '../clock.js'
import type { Log } from '../log.js'
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
  retentionDays: number
}

/** When words said at `now` are erased. */
export const expiry = ({ retentionDays }: Pick<DeskParts, 'retentionDays'>, now: Date): Date =>
  new Date(now.getTime() + retentionDays * 86_400_000)
