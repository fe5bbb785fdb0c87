import type { DeskConversation, DeskMessage, Escalation } from '../../shared/desk.js'
import type { RiskLevel } from '../../shared/risk.js'
import { AppError } from '../errors.js'
import type { DeskRow } from '../store/message-document.js'
import type { StoredEscalation } from '../store/escalation-document.js'
import type { DeskParts } from './parts.js'
import { roomFor } from './room.js'

/** Reads danger in a text: level, and where it says so as [start, end). */
export type Assess = (text: string) => { level: RiskLevel; evidence: { start: number; end: number }[] }

/** Newest messages the desk reads of a conversation. */
const MOST = 500

/** An escalation as the console shows it. */
export function escalationView(escalation: StoredEscalation): Escalation {
  const { overdueAt, openedAt, raisedAt, claimedAt, resolvedAt, claimedBy, ...rest } = escalation
  const { waitingSince: _, levelAfter: __, move: ___, due: ____, unansweredSince: _____, ...plain } = rest
  return {
    ...plain,
    openedAt: openedAt.toISOString(),
    raisedAt: raisedAt.toISOString(),
    overdue: overdueAt !== null,
    claimedBy: claimedBy ? { id: claimedBy.id, workName: claimedBy.workName } : null,
    claimedAt: claimedAt?.toISOString() ?? null,
    resolvedAt: resolvedAt?.toISOString() ?? null,
  }
}

/** A conversation with what the machine takes as danger, read anew: nothing of it is kept. */
export async function conversationView(
  parts: DeskParts,
  assess: Assess,
  id: string,
): Promise<DeskConversation> {
  const { store } = parts
  const [conversation, escalation, rows] = await Promise.all([
    store.conversations.read(id),
    store.escalations.ofConversation(id),
    store.messages.all(id, MOST),
  ])
  if (!conversation) throw new AppError('desk.gone')
  const { channel, owner, staff, level, kinds, report } = conversation
  const room = await roomFor(parts, conversation)
  return {
    id,
    channel,
    owner,
    claimedBy: staff ? { id: staff.id, workName: staff.workName } : null,
    level,
    kinds,
    report,
    escalation: escalation ? escalationView(escalation) : null,
    room,
    messages: rows.map((row) => messageView(row, assess)),
    lines: parts
      .lines(kinds.length ? kinds : ['self-harm', 'neglect'])
      .map(({ number, name, hours }) => ({ number, name, hours })),
  }
}

function messageView(row: DeskRow, assess: Assess): DeskMessage {
  const { level, evidence } =
    row.from === 'person' ? assess(row.text) : { level: 'none' as const, evidence: [] }
  const staff = row.staff ? { id: row.staff.id, workName: row.staff.workName } : null
  return { ...row, staff, level, evidence: level === 'none' ? [] : evidence }
}
