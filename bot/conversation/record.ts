import type { Conversation, Pending } from '../store/conversation-document.js'
import type { Store } from '../store/store.js'
import type { Floor } from './scene.js'
import { freshState, State } from './state.js'
import { expiry, type Surroundings } from './surroundings.js'

/** What a turn came to, before it is written. */
export interface Recorded extends Omit<Pending, 'turn'> {
  state: State | null
  floor: Floor
  /** Danger was read in it. */
  risky: boolean
}

/** Writes a turn into the conversation, in one conditional write; null when somebody else was first: nothing is said then. */
export async function record(
  around: Surroundings,
  conversation: Conversation,
  { state, floor, risky, ...what }: Recorded,
): Promise<Conversation | null> {
  const now = around.clock.now()
  const { level, kinds, report } = floor
  const pending: Pending = { turn: conversation.turn + 1, ...what }
  const next = { state, level, kinds, report, pending, risky, at: now, expiresAt: expiry(around, now) }
  if (!(await around.store.conversations.record(conversation, next))) return null
  const number = conversation.number + what.handled.length + what.replies.length
  return { ...conversation, ...floor, state, pending, turn: pending.turn, number }
}

/** Carries out a recorded turn. Every step is idempotent by its keys: a process may die between any two. */
export async function carryOut(
  around: Surroundings,
  conversation: Conversation,
  pending: Pending,
): Promise<Conversation> {
  const { store, clock, channels, people } = around
  const { id, channel, address } = conversation
  const now = clock.now()
  const first = pending.handled[0]
  const wish = { channel, address, key: first?.messageId ?? '', at: now }
  if (pending.erase) {
    const handled = pending.handled.map(({ messageId }) => messageId)
    await store.messages.erase(id, first?.number ?? 0, handled)
    await store.escalations.close(id, now)
    await people.forget(channel, address)
  }
  if (pending.subscribe) await people.subscribe({ ...wish, ...pending.subscribe })
  if (pending.unsubscribe) await people.unsubscribe({ ...wish, topic: pending.unsubscribe })
  if (pending.optOut) await people.optOut(wish)
  if (pending.escalation) {
    await store.escalations.open(id, channel, pending.escalation, now)
    await store.feed.publish('desk')
  }
  if (conversation.owner === 'human' && pending.handled.some(({ outward }) => !outward))
    await store.escalations.heard(id, now)
  const fetched = channels.get(channel)?.fetches === true
  // What is handled gets its numbers first: a reader that has seen a reply never skips what it answers.
  if (!pending.erase) await store.messages.answered(pending.handled, !fetched)
  await store.messages.keep(id, pending.replies, now, expiry(around, now), !fetched)
  if (!(await store.conversations.settle(id, pending.turn))) await leaveNothing(around, id)
  const blank = pending.erase ? { state: null, level: 'none' as const, kinds: [], report: false } : {}
  return { ...conversation, ...blank, pending: null }
}

/** A conversation that was forgotten while it was being answered takes with it what was kept since. */
export async function leaveNothing(
  { store, clock }: { store: Store; clock: Surroundings['clock'] },
  id: string,
): Promise<void> {
  if (await store.conversations.exists(id)) return
  await store.messages.eraseAll(id)
  await store.escalations.close(id, clock.now())
}

/** The conversation as `decide` knows it. */
export function readState(conversation: Conversation): { state: State; floor: Floor } {
  const parsed = conversation.state === null ? null : State.safeParse(conversation.state)
  // A state an older version wrote is begun anew: the floor, which keeps a person safe, is not part of it.
  const state = parsed?.success ? parsed.data : freshState()
  const { level, kinds, report } = conversation
  return { state, floor: { level, kinds, report } }
}
