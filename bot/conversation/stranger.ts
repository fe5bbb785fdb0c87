import type { Bubble } from '../../shared/message.js'
import { receive, type Knowledge } from './receive.js'
import type { Heard } from './scene.js'
import { freshState } from './state.js'
import type { Moment } from './words.js'

/** What a stranger who writes this would be told: no state before, none kept. */
export async function answerStranger(
  knowledge: Knowledge,
  text: string,
  moment: Moment,
): Promise<{ heard: Heard; bubbles: Bubble[]; escalate: boolean }> {
  const stranger = { state: freshState(), floor: { level: 'none' as const, kinds: [], report: false } }
  const decision = await receive(knowledge, stranger, { texts: [text], unreadable: false }, moment)
  const { heard, bubbles } = decision
  return { heard, bubbles, escalate: heard.risk.level === 'urgent' || decision.escalate === 'asked' }
}
