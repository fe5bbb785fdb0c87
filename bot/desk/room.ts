import type { ReplyRoom } from '../../shared/desk.js'
import { allowanceFor } from '../delivery/allowance.js'
import { compose } from '../delivery/compose.js'
import { AppError } from '../errors.js'
import type { Conversation } from '../store/conversation-document.js'
import type { DeskParts } from './parts.js'

/**
 * What a human may send now, less what is on its way already; null where nothing is counted and the person's page
 * fetches by itself.
 */
export async function roomFor(
  parts: DeskParts,
  { id, channel: name, address }: Conversation,
): Promise<ReplyRoom | null> {
  const { store, clock } = parts
  const channel = parts.channels.get(name)
  if (!channel) return { state: 'off', left: 0, until: null, maxText: 0 }
  if (channel.fetches) return null
  const [{ state, left, until }, queued] = await Promise.all([
    allowanceFor(store, channel, address, clock.now()),
    store.messages.queuedByHuman(id),
  ])
  const { maxText } = channel.capabilities
  if (left === null) return { state, left, until, maxText }
  const free = Math.max(0, left - queued)
  return { state: state === 'open' && free === 0 ? 'closed' : state, left: free, until, maxText }
}

/** Throws the reason why these words cannot reach the person now. */
export async function checkRoom(
  parts: DeskParts,
  conversation: Conversation,
  { text, workName }: { text: string; workName: string },
): Promise<void> {
  const room = await roomFor(parts, conversation)
  if (!room) return
  if (room.state === 'off') throw new AppError('desk.channel-off')
  if (room.state === 'gone') throw new AppError('desk.person-gone')
  if (room.state === 'closed') throw new AppError('desk.window-closed')
  const { capabilities } = parts.channels.get(conversation.channel) ?? {}
  const needs = capabilities ? compose({ text: `${workName}：${text}` }, capabilities).length : 1
  if (room.left !== null && needs > room.left)
    throw new AppError('desk.window-short', { tell: { needs, left: room.left } })
}
