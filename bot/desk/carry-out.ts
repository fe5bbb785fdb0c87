import type { RiskLevel } from '../../shared/risk.js'
import { AppError } from '../errors.js'
import type { Conversation } from '../store/conversation-document.js'
import type { StoredEscalation } from '../store/escalation-document.js'
import { expiry, type DeskParts } from './parts.js'

/** How often a conversation that is changing under our hands is looked at again before the clock tries anew. */
const TRIES = 50
const PAUSE_MS = 40

/**
 * What a decision of the desk means for its conversation. Done again, by another process or after a crash, it
 * changes nothing more; a decision that a newer one has overtaken does nothing.
 */
export async function carryOut(parts: DeskParts, escalation: StoredEscalation): Promise<void> {
  const { store } = parts
  const { id, conversation, move, due, claimedBy } = escalation
  if (due === 'claim' && claimedBy) {
    if (await store.conversations.giveToHuman(conversation, move, claimedBy)) {
      const now = parts.clock.now()
      await store.messages.submit({
        conversation,
        key: keyOf(id, move),
        from: 'system',
        bubble: { text: parts.say('desk.claimed').replace('{{name}}', claimedBy.workName) },
        at: now,
        expiresAt: expiry(parts, now),
      })
    }
  } else if (due === 'release' || due === 'resolve') {
    await giveToBot(parts, escalation, due)
  }
  if (due) await store.escalations.settled(id, move)
  await store.feed.publish('desk')
  parts.wake(conversation)
}

/** One word of the system for each decision. */
const keyOf = (escalation: string, move: number) => `desk:${escalation}:${move}`

const RANK: Record<RiskLevel, number> = { none: 0, watch: 1, urgent: 2 }

/**
 * Hands the conversation back once every word before it has its number. Does nothing where that was done, where a newer
 * decision holds, or where the conversation is gone. Throws `desk.busy` when it is never at rest.
 */
async function giveToBot(
  parts: DeskParts,
  escalation: StoredEscalation,
  due: 'release' | 'resolve',
): Promise<void> {
  const { store } = parts
  const { id, conversation, move, kinds } = escalation
  const text = parts.say(due === 'release' ? 'desk.released' : 'desk.resolved')
  const lines = due === 'release' ? { lines: parts.lines(kinds) } : {}
  const card = { key: keyOf(id, move), bubble: { text, ...lines } }
  for (let i = 0; i < TRIES; i++) {
    const last = await store.conversations.lastMove(conversation)
    if (last === null || last >= move) return
    const was = await store.conversations.read(conversation)
    if (!was) return
    const atRest = was.pending === null && (await store.messages.waiting(conversation)).length === 0
    const after = due === 'resolve' ? await risk(parts, was, escalation) : null
    if (atRest && (await store.conversations.giveToBot(was, move, card, after))) return
    // Something is being heard or said at this moment, and may be a new cry: it is carried out first.
    parts.wake(conversation)
    await new Promise((fulfil) => setTimeout(fulfil, PAUSE_MS))
  }
  // The decision stands, the clock carries it out.
  throw new AppError('desk.busy')
}

/** The risk as the human left it, unless a new cry came after their decision; and what the bot forgets with it. */
async function risk(parts: DeskParts, was: Conversation, { levelAfter }: StoredEscalation) {
  const cry = await parts.store.escalations.openOf(was.id)
  const left = levelAfter ?? was.level
  const level = cry && RANK[cry.level] > RANK[left] ? cry.level : left
  const calm = level === 'none'
  return {
    level,
    kinds: calm ? [] : was.kinds,
    report: calm ? false : was.report,
    state: {
      ...(was.state as object),
      misses: 0,
      offered: [],
      spoken: [],
      asked: false,
      awaitsPlace: false,
      told: false,
    },
  }
}
