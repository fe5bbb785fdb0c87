import type { Clock } from '../clock.js'
import type { Channel } from '../delivery/channel.js'
import type { Log } from '../log.js'
import type { People } from '../people/people.js'
import type { Store } from '../store/store.js'
import type { Knowledge } from './receive.js'

/** What a conversation needs to be answered. */
export interface Surroundings {
  store: Store
  clock: Clock
  log: Log
  /** The live release; changes when another is published. */
  knowledge: () => Knowledge
  channels: Map<string, Channel>
  region: string
  /** How the outside reaches this server: short links to articles begin with it. */
  publicUrl?: string
  demo: () => boolean
  /** What is remembered of a person beyond the conversation: subscriptions. */
  people: People
  /** Whether somebody at the desk is there now: on duty and connected. */
  counselorPresent: () => Promise<boolean>
  burstMs: number
  retentionDays: number
  /** How long after its last byte a lease may be taken over, in milliseconds. */
  leaseMs?: number
  /** The id of a channel's approved template for warnings outside the window; absent or null: there is none. */
  template?: (channel: string) => Promise<string | null>
  onTurn?: (turn: { milliseconds: number; level: string }) => void
}

/** When a conversation last spoken in at `now` is erased. */
export function expiry({ retentionDays }: Pick<Surroundings, 'retentionDays'>, now: Date): Date {
  return new Date(now.getTime() + retentionDays * 86_400_000)
}
