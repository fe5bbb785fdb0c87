import type { Role } from '../../shared/staff.js'
import { AppError } from '../errors.js'
import type { StoredEscalation } from '../store/escalation-document.js'
import type { Store } from '../store/store.js'

/** Who reads: id and roles of a member of staff. */
export interface Reading {
  id: string
  roles: readonly Role[]
}

/**
 * Who may read a conversation (未成年人网络保护条例 第三十六条: only who must): a supervisor those that need or had a human, a
 * counselor those that wait and their own. Throws `record.unknown` where there is none, `staff.forbidden` where it is
 * not theirs.
 */
export async function checkMayRead(store: Store, reading: Reading, conversation: string): Promise<void> {
  const escalation = await store.escalations.ofConversation(conversation)
  if (!escalation) throw new AppError('record.unknown')
  if (!(await theirs(store, reading, escalation))) throw new AppError('staff.forbidden')
}

/** Whether `checkMayRead` would let it pass. */
export async function mayRead(store: Store, reading: Reading, conversation: string): Promise<boolean> {
  const escalation = await store.escalations.ofConversation(conversation)
  return escalation !== null && theirs(store, reading, escalation)
}

async function theirs(store: Store, { id, roles }: Reading, escalation: StoredEscalation): Promise<boolean> {
  if (roles.includes('supervisor')) return true
  if (!roles.includes('counselor')) return false
  if (escalation.state === 'waiting' || escalation.claimedBy?.id === id) return true
  // What one had in hand stays readable while nobody else has it.
  return escalation.state !== 'claimed' && store.escalations.handledBy(escalation.conversation, id)
}
