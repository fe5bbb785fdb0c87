import type { Conversation } from '../store/conversation-document.js'
import type { Waiting } from '../store/message-document.js'
import { rise } from './decide.js'
import { hear } from './receive.js'
import { readState } from './record.js'
import type { Surroundings } from './surroundings.js'

/**
 * Whether there are only changed words of what was said before, and no danger in them that was not known: what was
 * asked has been answered, and is not answered twice.
 */
export async function onlyRetold(
  { knowledge }: Pick<Surroundings, 'knowledge'>,
  conversation: Conversation,
  said: readonly Waiting[],
): Promise<boolean> {
  // Words that failed to be read before are apologised for like any others.
  if (!said.every(({ event, attempts }) => event === 'edit' && attempts === 0)) return false
  const texts = said.map(({ text }) => text)
  const { risk } = await hear(knowledge().brain, texts, false)
  const { floor } = readState(conversation)
  const { level, kinds, report } = rise(floor, risk)
  return level === floor.level && kinds.length === floor.kinds.length && report === floor.report
}
