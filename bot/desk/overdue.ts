import type { StoredEscalation } from '../store/escalation-document.js'
import { eachByItself, expiry, type DeskParts } from './parts.js'

/** Unclaimed for this long: the person is told the truth again, and supervisors are alerted. Milliseconds. */
export const UNCLAIMED_MS = 5 * 60_000
/** Danger that rose in a claimed conversation and nobody answered for this long. Milliseconds. */
export const RISEN_MS = 60_000
/** Anything written to a human that nobody answered for this long: they may have gone. Milliseconds. */
export const UNANSWERED_MS = 5 * 60_000

const MOST = 200

/**
 * Looks for those who wait too long. Each is told once for each time it happens, with the lines that answer now; then
 * the escalation is marked, which alerts the consoles. Returns how many.
 */
export async function overdue(parts: DeskParts): Promise<number> {
  const { store, clock } = parts
  const now = clock.now()
  const before = (milliseconds: number) => new Date(now.getTime() - milliseconds)
  const late = await store.escalations.late(
    { waiting: before(UNCLAIMED_MS), risen: before(RISEN_MS), unanswered: before(UNANSWERED_MS) },
    MOST,
  )
  await eachByItself(parts, late, 'desk.overdue-failed', async (escalation) => {
    try {
      if (speaksOf(escalation)) await tell(parts, escalation, now)
    } finally {
      // Told or not, the desk must know.
      await store.escalations.overdue(escalation, now)
    }
  })
  if (late.length) await store.feed.publish('desk')
  return late.length
}

/** A suspicion alone was never announced as a human who might come: only the desk is alerted. */
const speaksOf = ({ grade, level, state }: StoredEscalation) =>
  state === 'claimed' || grade !== 'report' || level === 'urgent'

async function tell(parts: DeskParts, escalation: StoredEscalation, now: Date): Promise<void> {
  const { store } = parts
  const { id, conversation, state, kinds, risen, unansweredSince } = escalation
  if (!(await store.conversations.exists(conversation))) return
  const present = await store.presence.anyone(now)
  const waited = present ? 'desk.late.present' : 'desk.late.nobody'
  const unanswered = risen || !unansweredSince ? escalation.raisedAt : unansweredSince
  const since = state === 'waiting' ? escalation.waitingSince : unanswered
  await store.messages.submit({
    conversation,
    key: `late:${id}:${since.getTime()}`,
    from: 'system',
    bubble: {
      text: parts.say(state === 'waiting' ? waited : 'desk.unanswered'),
      lines: parts.lines(kinds.length ? kinds : ['self-harm', 'neglect']),
    },
    at: now,
    expiresAt: expiry(parts, now),
  })
  parts.wake(conversation)
}
