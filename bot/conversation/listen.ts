import type { Grade } from '../../shared/desk.js'
import type { Conversation } from '../store/conversation-document.js'
import type { Waiting } from '../store/message-document.js'
import { gradeOf, OPT_OUT, rise } from './decide.js'
import { isSilent, leaves } from './greet.js'
import { latelyAfter, sameTalk } from './lately.js'
import { hear } from './receive.js'
import { readState, record } from './record.js'
import type { Surroundings } from './surroundings.js'
import { TRIES } from './turn.js'

/** Numbers what the desk or the system says, in the order it came. Null when somebody else was first. */
export function pass(
  around: Surroundings,
  conversation: Conversation,
  outward: Waiting[],
): Promise<Conversation | null> {
  const { state, floor } = readState(conversation)
  return record(around, conversation, {
    state: conversation.state === null ? null : state,
    floor,
    risky: false,
    handled: numbered(conversation, outward),
    replies: [],
  })
}

/**
 * A turn while a human has the conversation: the bot is silent, danger is still read, and a rise is reported. What
 * nobody can read is passed on all the same.
 */
export async function listen(
  around: Surroundings,
  conversation: Conversation,
  waiting: Waiting[],
): Promise<Conversation | null> {
  const { store, clock, log } = around
  const said = waiting.filter(({ from }) => from === 'person')
  const { floor: before, state } = readState(conversation)
  const brain = around.knowledge().brain
  const now = clock.now()
  const spoken = said.filter((each) => !isSilent(each))
  const texts = spoken.map(({ text }) => text)
  let heard
  try {
    const unreadable = spoken.length > 0 && spoken.every((each) => each.unreadable !== null)
    heard = await hear(brain, texts, unreadable, null, sameTalk(state.lately, now))
  } catch (error) {
    await store.messages.tried(said.map(({ id }) => id))
    log.error({ err: error, conversation: conversation.id }, 'listen.failed')
    if (!said.some(({ attempts }) => attempts + 1 >= TRIES)) throw error
    heard = null
  }
  const floor = heard ? rise(before, heard.risk) : before
  const grade: Grade | null = heard ? gradeOf(heard.risk) : 'fault'
  const optOut = leaves(said) || said.some(({ text }) => OPT_OUT.test(text.trim()))
  return record(around, conversation, {
    state: {
      ...state,
      lately: latelyAfter(state.lately, texts, now),
      ...(optOut ? { optedOut: true } : {}),
    },
    floor,
    risky: heard !== null && heard.risk.level !== 'none',
    handled: numbered(conversation, waiting),
    replies: [],
    ...(grade ? { escalation: { grade, ...floor } } : {}),
    ...(optOut ? { optOut } : {}),
  })
}

const numbered = ({ number }: Conversation, rows: Waiting[]) =>
  rows.map(({ id, from }, i) => ({
    messageId: id,
    number: number + 1 + i,
    ...(from === 'person' ? {} : { outward: true }),
  }))
