import { sendOutgoing } from '../delivery/send.js'
import type { Conversation } from '../store/conversation-document.js'
import type { Waiting } from '../store/message-document.js'
import type { Surroundings } from './surroundings.js'
import { onlyRetold } from './edits.js'
import { isSilent } from './greet.js'
import { lanes, type Lanes } from './lanes.js'
import { listen, pass } from './listen.js'
import { carryOut, leaveNothing, readState } from './record.js'
import { turn } from './turn.js'

const LEASE_MS = 15_000
/** When another process has the conversation: how soon to look again, in milliseconds. */
const BUSY_MS = 120
/** How long what waits for a channel that is off is left alone, in milliseconds. */
const OFF_MS = 60_000

/** Turns at once; the others wait for theirs. */
const TURNS_AT_ONCE = 16
/** While more than so many messages are being stored, so few: what is written is kept first, the platforms wait for that. */
const STORING_MANY = 12
const TURNS_MEANWHILE = 1
/** Calls to one network at once: a slow one holds up no other and no turn. */
const SENDS_AT_ONCE = 64

export type Handle = ReturnType<typeof createHandle>

/** One drain loop per conversation, under a lease: what waits is answered, what is pending is carried out. */
export function createHandle(around: Surroundings) {
  const { store, clock, log, channels, burstMs } = around
  const busy = new Map<string, Promise<void>>()
  const again = new Set<string>()
  const timers = new Map<string, { timer: NodeJS.Timeout; at: number }>()
  let beingStored = 0
  const turns = lanes(() => (beingStored > STORING_MANY ? TURNS_MEANWHILE : TURNS_AT_ONCE))
  const sends = new Map<string, Lanes>()
  /** Conversations that go before the others: danger, or a human's words. */
  const pressing = new Set<string>()
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
        pressing.delete(id)
      }
    })()
    busy.set(id, work)
    return work
  }

  /** Looks again in so many milliseconds; of several such times the soonest. */
  const later = (id: string, milliseconds: number) => {
    const at = performance.now() + milliseconds
    const set = timers.get(id)
    if (stopped || (set && set.at <= at)) return
    clearTimeout(set?.timer)
    const timer = setTimeout(() => {
      timers.delete(id)
      background(id)
    }, milliseconds)
    timers.set(id, { timer, at })
  }

  /**
   * For callers that cannot wait: the failure is logged here and the sweep tries again. Where many write or wait,
   * `presses` is asked whether this one goes before them; if not, it is looked at when its burst is over.
   */
  const background = (id: string, presses?: () => boolean) => {
    if (presses && (turns.waiting() > 0 || beingStored > STORING_MANY)) {
      if (!presses()) return later(id, burstMs)
      pressing.add(id)
      turns.press(id)
    }
    handle(id).catch((error: unknown) => log.error({ err: error, conversation: id }, 'handle.failed'))
  }

  async function drain(id: string): Promise<void> {
    const leave = await turns.enter(id, pressing.has(id))
    try {
      // What waited in vain is found by the sweep of the next process.
      if (!stopped) await lookAfter(id, leave)
    } finally {
      leave()
    }
  }

  /** `endTurn`: what is left to do is the network's, and nobody's turn waits for that. */
  async function lookAfter(id: string, endTurn: () => void): Promise<void> {
    const now = clock.now()
    const until = new Date(now.getTime() + (around.leaseMs ?? LEASE_MS))
    let conversation = await store.conversations.lease(id, store.process, now, until)
    if (!conversation) {
      // Another process is at it, and may have looked for the last time before this was stored.
      if (await store.conversations.exists(id)) return later(id, BUSY_MS)
      return leaveNothing(around, id)
    }
    let changed = false
    try {
      for (;;) {
        if (conversation.pending) {
          conversation = await carryOut(around, conversation, conversation.pending)
          changed = true
        }
        const waiting = await store.messages.waiting(id)
        if (waiting.length === 0) break
        const step: Conversation | number | null = await nextStep(conversation, waiting)
        if (typeof step === 'number') {
          later(id, step)
          // The desk reads what is written as it is stored.
          changed = true
          break
        }
        if (step) {
          conversation = step
          continue
        }
        // Somebody else was first (a claim, another process): as it stands now.
        const renewed = await store.conversations.lease(id, store.process, now, until)
        if (!renewed) break
        conversation = renewed
      }
      endTurn()
      if (await sendAll(conversation)) changed = true
    } finally {
      await store.conversations.release(id, store.process)
      if (changed) await store.feed.publish(id)
    }
  }

  /** Hands out what is on its way, and comes back for what has to wait. True when the desk has something new to see. */
  async function sendAll(conversation: Conversation): Promise<boolean> {
    const { id } = conversation
    const channel = channels.get(conversation.channel)
    if (channel?.fetches) return false
    const now = clock.now()
    if (!channel) {
      await store.messages.postpone(id, now, new Date(now.getTime() + OFF_MS))
      return false
    }
    const keepLease = async () => {
      const until = new Date(clock.now().getTime() + (around.leaseMs ?? LEASE_MS))
      return (await store.conversations.lease(id, store.process, clock.now(), until)) !== null
    }
    const template = (name: string) => around.template?.(name) ?? Promise.resolve(null)
    const leave = await sendsOf(channel.name).enter(id, isPressing(conversation))
    try {
      if (stopped) return false
      const parts = { ...around, template, keepLease, isWanted: () => again.has(id) }
      const sent = await sendOutgoing(parts, channel, conversation)
      if (sent.again !== null) later(id, sent.again)
      return sent.changed
    } finally {
      leave()
    }
  }

  const isPressing = ({ id, level, owner }: Conversation) =>
    pressing.has(id) || level === 'urgent' || owner === 'human'

  function sendsOf(channel: string): Lanes {
    const found = sends.get(channel) ?? lanes(() => SENDS_AT_ONCE)
    sends.set(channel, found)
    return found
  }

  /** The next turn of the conversation's owner, recorded; or how long to wait for it, in milliseconds; null: somebody else was first. */
  function nextStep(conversation: Conversation, waiting: Waiting[]): Promise<Conversation | null> | number {
    const said = waiting.filter(({ from }) => from === 'person')
    if (said.length === 0) return pass(around, conversation, waiting)
    if (conversation.owner === 'human') return listen(around, conversation, waiting)
    // What the desk or the system says waits for no burst.
    if (said.length < waiting.length)
      return pass(
        around,
        conversation,
        waiting.filter(({ from }) => from !== 'person'),
      )
    const offered = new Set(readState(conversation).state.offered.map(({ label }) => label))
    const patience = patienceOf(waiting, (text) => offered.has(text.trim()))
    return patience > 0 ? patience : answer(conversation, waiting)
  }

  async function answer(conversation: Conversation, waiting: Waiting[]): Promise<Conversation | null> {
    const silent = await onlyRetold(around, conversation, waiting)
    return silent ? listen(around, conversation, waiting) : turn(around, conversation, waiting)
  }

  /** How long to wait for the next bubble of a burst; danger and a pressed button are answered at once. */
  function patienceOf(waiting: Waiting[], pressed: (text: string) => boolean): number {
    const newest = waiting.at(-1) as Waiting
    const left = burstMs - (clock.now().getTime() - newest.receivedAt.getTime())
    if (left <= 0) return 0
    const { brain } = around.knowledge()
    if (isSilent(newest)) return 0
    const urgent =
      brain.assess(waiting.map(({ text }) => text).join('')).level === 'urgent' ||
      brain.assess(newest.text).level === 'urgent'
    return urgent || pressed(newest.text) ? 0 : left
  }

  return {
    handle,
    background,

    /** So many messages more, or fewer, are being stored now. */
    storing(change: 1 | -1): void {
      beingStored += change
      turns.letIn()
    },

    /** Finishes what is being answered and stops waiting for bursts. */
    async stop(): Promise<void> {
      stopped = true
      for (const { timer } of timers.values()) clearTimeout(timer)
      await Promise.allSettled(busy.values())
    },
  }
}
