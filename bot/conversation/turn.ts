import type { Bubble } from '../../shared/message.js'
import type { Conversation, Pending } from '../store/conversations.js'
import type { Waiting } from '../store/messages.js'
import type { Store } from '../store/store.js'
import { opening, receive } from './receive.js'
import { freshState, State } from './state.js'
import { expiry, type Surroundings } from './surroundings.js'
import { wordsAt } from './words.js'

/** After this many tries a message is answered with an honest apology and the conversation opens to humans. */
const TRIES = 3

/** Decides and records one turn; returns the conversation as it then stands. Null when a human or another process was first: nothing is said then. */
export async function turn(
  around: Surroundings,
  conversation: Conversation,
  waiting: Waiting[],
): Promise<Conversation | null> {
  const { store, clock, log } = around
  const started = performance.now()
  const now = clock.now()
  const ids = waiting.map(({ id }) => id)
  const known = readState(conversation)
  let decided
  try {
    const said = {
      texts: waiting.map(({ text }) => text),
      unreadable: waiting.every(({ unreadable }) => unreadable),
    }
    const moment = { now, region: around.region, counselorPresent: false }
    decided = await receive(around.knowledge(), known, said, moment)
  } catch (error) {
    // Not understood for a reason of ours: tried again, then answered honestly; never silence.
    await store.messages.tried(ids)
    log.error({ err: error, conversation: conversation.id }, 'turn.failed')
    if (!waiting.some(({ attempts }) => attempts + 1 >= TRIES)) throw error
    decided = apology(around, known, now)
  }
  const bubbles: Bubble[] = decided.bubbles.map((bubble, i) =>
    decided.erase && i === 0 ? { ...bubble, cleared: true } : bubble,
  )
  const replies: { from: 'bot' | 'system'; bubble: Bubble }[] = bubbles.map((bubble) => ({
    from: 'bot',
    bubble,
  }))
  if (!known.state.greeted) {
    const moment = { now, region: around.region, counselorPresent: false }
    const bubble = opening(around.knowledge().content, moment, around.demo())
    replies.unshift({ from: 'system', bubble })
  }
  const first = ids[0] as string
  const start = conversation.number + ids.length
  const { level, kinds, report } = decided.floor
  const pending: Pending = {
    turn: conversation.turn + 1,
    handled: ids.map((messageId, i) => ({ messageId, number: conversation.number + 1 + i })),
    replies: replies.map((reply, i) => ({ ...reply, key: `${first}:${i}`, number: start + 1 + i })),
    ...(decided.escalate ? { escalation: { grade: decided.escalate, level, kinds, report } } : {}),
    ...(decided.erase ? { erase: true } : {}),
  }
  const expiresAt = expiry(around, now)
  const recorded = await store.conversations.record(conversation, {
    state: decided.state,
    level,
    kinds,
    report,
    pending,
    at: now,
    expiresAt,
  })
  if (!recorded) return null
  const milliseconds = Math.round(performance.now() - started)
  log.info({ conversation: conversation.id, turn: pending.turn, level, ms: milliseconds }, 'turn.recorded')
  around.onTurn?.({ milliseconds, level })
  return {
    ...conversation,
    ...decided.floor,
    state: decided.state,
    pending,
    turn: pending.turn,
    number: start + replies.length,
  }
}

/** Carries out a recorded turn. Every step is idempotent by its keys: a process may die between any two. */
export async function carryOut(
  around: Surroundings,
  conversation: Conversation,
  pending: Pending,
): Promise<Conversation> {
  const { store, clock, channels } = around
  const { id } = conversation
  const now = clock.now()
  if (pending.erase) {
    const before = pending.handled[0]?.number ?? 0
    await store.messages.erase(
      id,
      before,
      pending.handled.map(({ messageId }) => messageId),
    )
    await store.escalations.close(id)
  }
  if (pending.escalation) await store.escalations.open(id, pending.escalation, now)
  // The person's own messages get their numbers first: a reader that has seen a reply never skips what it answers.
  if (!pending.erase) await store.messages.answered(pending.handled)
  const fetched = channels.get(conversation.channel)?.fetches === true
  await store.messages.keep(id, pending.replies, now, expiry(around, now), !fetched)
  if (!(await store.conversations.settle(id, pending.turn))) await leaveNothing(store, id)
  const blank = pending.erase ? { state: null, level: 'none' as const, kinds: [], report: false } : {}
  return { ...conversation, ...blank, pending: null }
}

/** A conversation that was forgotten while it was being answered takes with it what was kept since. */
export async function leaveNothing(store: Store, id: string): Promise<void> {
  if (await store.conversations.exists(id)) return
  await store.messages.eraseAll(id)
  await store.escalations.close(id)
}

/** The conversation as `decide` knows it. */
export function readState(conversation: Conversation) {
  const parsed = conversation.state === null ? null : State.safeParse(conversation.state)
  // A state an older version wrote is begun anew: the floor, which keeps a person safe, is not part of it.
  const state = parsed?.success ? parsed.data : freshState()
  const { level, kinds, report } = conversation
  return { state, floor: { level, kinds, report } }
}

function apology(around: Surroundings, known: ReturnType<typeof readState>, now: Date) {
  const { content } = around.knowledge()
  const words = wordsAt(content, { now, region: around.region, counselorPresent: false })
  const bubbles = [words.say('errors.sorry', { lines: words.lines(['self-harm', 'violence']) })]
  return {
    ...known,
    state: { ...known.state, greeted: true },
    bubbles,
    escalate: 'fault' as const,
    erase: false,
  }
}
