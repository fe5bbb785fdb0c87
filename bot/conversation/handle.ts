import type { Bubble } from '../../shared/message.js'
import type { Clock } from '../clock.js'
import { sendOutgoing } from '../delivery/send.js'
import type { Channel } from '../delivery/channel.js'
import type { Log } from '../log.js'
import type { Conversation, Pending } from '../store/conversations.js'
import type { Waiting } from '../store/messages.js'
import type { Store } from '../store/store.js'
import { opening, receive, type Knowledge } from './receive.js'
import { freshState, State } from './state.js'
import { wordsAt } from './words.js'

/** What a conversation needs to be answered. */
export interface Surroundings {
  store: Store
  clock: Clock
  log: Log
  /** The live release; changes when another is published. */
  knowledge: () => Knowledge
  channels: Map<string, Channel>
  region: string
  demo: () => boolean
  burstMs: number
  retentionDays: number
  /** How long after its last byte a lease may be taken over, in milliseconds. */
  leaseMs?: number
  onTurn?: (turn: { milliseconds: number; level: string }) => void
}

const LEASE_MS = 15_000
/** After this many tries a message is answered with an honest apology and the conversation opens to humans. */
const TRIES = 3

export type Handle = ReturnType<typeof createHandle>

/** One drain loop per conversation, under a lease: what waits is answered, what is pending is carried out. */
export function createHandle(around: Surroundings) {
  const { store, clock, log, channels, burstMs } = around
  const busy = new Map<string, Promise<void>>()
  const again = new Set<string>()
  const timers = new Map<string, NodeJS.Timeout>()
  let stopped = false

  /** Looks after a conversation now; a second call while it is looked after makes it look once more. */
  const handle = (id: string): Promise<void> => {
    const running = busy.get(id)
    if (running) {
      again.add(id)
      return running
    }
    // What waits is found by the sweep of the next process.
    if (stopped) return Promise.resolve()
    const work = (async () => {
      try {
        do {
          again.delete(id)
          await drain(id)
        } while (again.has(id) && !stopped)
      } finally {
        // In the same breath as the last look at `again`: a call in between would be forgotten.
        busy.delete(id)
      }
    })()
    busy.set(id, work)
    return work
  }

  const later = (id: string, milliseconds: number) => {
    clearTimeout(timers.get(id))
    if (stopped) return
    timers.set(
      id,
      setTimeout(() => {
        timers.delete(id)
        background(id)
      }, milliseconds),
    )
  }

  /** For callers that cannot wait: the failure is logged here and the sweep tries again. */
  const background = (id: string) => {
    handle(id).catch((error: unknown) => log.error({ err: error, conversation: id }, 'handle.failed'))
  }

  async function drain(id: string): Promise<void> {
    const now = clock.now()
    const until = new Date(now.getTime() + (around.leaseMs ?? LEASE_MS))
    let conversation = await store.conversations.lease(id, store.process, now, until)
    if (!conversation) return leaveNothing(store, id)
    let changed = false
    try {
      for (;;) {
        if (conversation.pending) {
          conversation = await carryOut(around, conversation, conversation.pending)
          changed = true
        }
        const waiting = await store.messages.waiting(id)
        if (waiting.length === 0 || conversation.owner !== 'bot') break
        const offered = new Set(readState(conversation).state.offered.map(({ label }) => label))
        const patience = patienceOf(waiting, (text) => offered.has(text.trim()))
        if (patience > 0) {
          later(id, patience)
          break
        }
        const next = await turn(around, conversation, waiting)
        if (!next) break
        conversation = next
      }
      const channel = channels.get(conversation.channel)
      if (channel && !channel.fetches) await sendOutgoing(store, channel, conversation)
    } finally {
      await store.conversations.release(id, store.process)
      if (changed) await store.feed.publish(id)
    }
  }

  /** How long to wait for the next bubble of a burst; danger and a pressed button are answered at once. */
  function patienceOf(waiting: Waiting[], pressed: (text: string) => boolean): number {
    const newest = waiting.at(-1) as Waiting
    const left = burstMs - (clock.now().getTime() - newest.receivedAt.getTime())
    if (left <= 0) return 0
    const { brain } = around.knowledge()
    const urgent =
      brain.assess(waiting.map(({ text }) => text).join('')).level === 'urgent' ||
      brain.assess(newest.text).level === 'urgent'
    return urgent || pressed(newest.text) ? 0 : left
  }

  return {
    handle,
    background,
    /** Finishes what is being answered and stops waiting for bursts. */
    async stop(): Promise<void> {
      stopped = true
      for (const timer of timers.values()) clearTimeout(timer)
      await Promise.allSettled(busy.values())
    },
  }
}

/** Decides and records one turn; returns the conversation as it then stands. Null when a human or another process was first: nothing is said then. */
async function turn(
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
async function carryOut(
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
async function leaveNothing(store: Store, id: string): Promise<void> {
  if (await store.conversations.exists(id)) return
  await store.messages.eraseAll(id)
  await store.escalations.close(id)
}

/** When a conversation last spoken in at `now` is erased. */
export function expiry({ retentionDays }: Pick<Surroundings, 'retentionDays'>, now: Date): Date {
  return new Date(now.getTime() + retentionDays * 86_400_000)
}

function readState(conversation: Conversation) {
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
