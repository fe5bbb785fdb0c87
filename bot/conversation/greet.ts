import type { Content } from '../content/content.js'
import type { Waiting } from '../store/message-document.js'
import { STANDING } from './offers.js'
import type { readState } from './record.js'
import { wordsAt, type Moment } from './words.js'

/** Something done without a word: followed, left, pressed the menu, scanned. */
export const isSilent = ({ event, text, unreadable }: Waiting): boolean =>
  event !== null && event !== 'edit' && text.trim() === '' && unreadable === null

/** Whoever leaves wants no messages that the bot starts, and cannot be sent any. */
export const leaves = (waiting: readonly Waiting[]): boolean =>
  waiting.some(({ event }) => event === 'unsubscribe')

/** The first screen's buttons, where a network has no first screen. */
const FIRST = ['我有危险', '我想问问', '找真人']

/** The answer to those who did something without a word: whoever comes is greeted, whoever leaves is let go. */
export function greet(
  content: Content,
  known: ReturnType<typeof readState>,
  waiting: readonly Waiting[],
  moment: Moment,
) {
  const words = wordsAt(content, moment)
  const left = waiting.at(-1)?.event === 'unsubscribe'
  const offered = FIRST.map((label) => ({ label, to: STANDING[label] as string }))
  const hello = known.state.greeted
    ? words.say('talk.warm', { buttons: FIRST })
    : words.say('talk.hello', { buttons: FIRST, lines: words.lines(['self-harm', 'violence']) })
  return {
    ...known,
    state: left ? { ...known.state, offered: [] } : { ...known.state, greeted: true, offered },
    bubbles: left ? [] : [hello],
    escalate: null,
    risky: false,
    erase: false,
    subscribe: null,
    unsubscribe: null,
    optOut: leaves(waiting),
  }
}
