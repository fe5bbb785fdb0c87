import type { Bubble } from '../../shared/message.js'
import type { RiskLevel } from '../../shared/risk.js'
import { AppError } from '../errors.js'
import type { Conversation } from '../store/conversations.js'
import type { StoredEscalation } from '../store/escalations.js'
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
      const text = parts.say('desk.claimed').replace('{{name}}', claimedBy.workName)
      await tell(parts, escalation, { text })
    }
  } else if (due === 'release' || due === 'resolve') {
    if (await giveToBot(parts, escalation, due)) {
      const text = parts.say(due === 'release' ? 'desk.released' : 'desk.resolved')
      const lines = due === 'release' ? { lines: parts.lines(escalation.kinds) } : {}
      await tell(parts, escalation, { text, ...lines })
    }
  }
  if (due) await store.escalations.settled(id, move)
  await store.feed.publish('desk')
  parts.wake(conversation)
}

/** Says something in the conversation as the system, once for each decision. */
async function tell(parts: DeskParts, { id, conversation, move }: StoredEscalation, bubble: Bubble) {
  const now = parts.clock.now()
  await parts.store.messages.submit({
    conversation,
    key: `desk:${id}:${move}`,
    from: 'system',
    bubble,
    at: now,
    expiresAt: expiry(parts, now),
  })
}

const RANK: Record<RiskLevel, number> = { none: 0, watch: 1, urgent: 2 }

/** False when a newer decision holds, or the conversation is gone. */
async function giveToBot(
  parts: DeskParts,
  escalation: StoredEscalation,
  due: 'release' | 'resolve',
): Promise<boolean> {
  const { store } = parts
  const { conversation, move } = escalation
  for (let i = 0; i < TRIES; i++) {
    const last = await store.conversations.lastMove(conversation)
    if (last === null || last > move) return false
    if (last === move) return true
    const was = await store.conversations.read(conversation)
    if (!was) return false
    const after = due === 'resolve' ? await risk(parts, was, escalation) : null
    if (was.pending === null && (await store.conversations.giveToBot(was, move, after))) return true
    // Something is being heard at this moment, and may be a new cry: it is carried out first.
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
