import type { Bubble } from '../../shared/message.js'
import type { Content } from '../content/content.js'
import type { Conversation } from '../store/conversation-document.js'
import type { Waiting } from '../store/message-document.js'
import { greet, isSilent, leaves } from './greet.js'
import { opening, receive } from './receive.js'
import { readState, record, type Recorded } from './record.js'
import type { Surroundings } from './surroundings.js'
import { wordsAt, type Moment } from './words.js'

/** After this many tries a message is answered with an honest apology and the conversation opens to humans. */
export const TRIES = 3

/**
 * The bot's turn: decides and records the answer to what a person wrote. Returns the conversation as it then stands;
 * null when a human or another process was first: nothing is said then.
 */
export async function turn(
  around: Surroundings,
  conversation: Conversation,
  waiting: Waiting[],
): Promise<Conversation | null> {
  const { store, clock, log } = around
  const started = performance.now()
  // One release for the whole turn, whatever is published meanwhile.
  const knowledge = around.knowledge()
  const ids = waiting.map(({ id }) => id)
  const subscribed = await around.people.subscribed(conversation.channel, conversation.address)
  const known = { ...readState(conversation), subscribed }
  const counselorPresent = await around.counselorPresent()
  const moment = { now: clock.now(), region: around.region, counselorPresent }
  let decided
  try {
    const said = waiting.filter((each) => !isSilent(each))
    const heard = {
      texts: said.map(({ text }) => text),
      unreadable: said.every(({ unreadable }) => unreadable !== null),
    }
    decided = said.length
      ? await receive(knowledge, known, heard, moment)
      : greet(knowledge.content, known, waiting, moment)
  } catch (error) {
    // Not understood for a reason of ours: tried again, then answered honestly; never silence.
    await store.messages.tried(ids)
    log.error({ err: error, conversation: conversation.id }, 'turn.failed')
    if (!waiting.some(({ attempts }) => attempts + 1 >= TRIES)) throw error
    decided = apology(knowledge.content, known, moment)
  }
  const bubbles: Bubble[] = decided.bubbles.map((bubble, i) =>
    decided.erase && i === 0 ? { ...bubble, cleared: true } : bubble,
  )
  const said: { from: 'bot' | 'system'; bubble: Bubble }[] = bubbles.map((bubble) => ({
    from: 'bot',
    bubble,
  }))
  const channel = around.channels.get(conversation.channel)
  if (!known.state.greeted && said.length)
    said.unshift({ from: 'system', bubble: opening(knowledge.content, moment, around.demo(), channel) })
  const start = conversation.number + ids.length
  const { floor, escalate, subscribe, unsubscribe, erase } = decided
  const optOut = decided.optOut || leaves(waiting)
  const recorded: Recorded = {
    state: decided.state,
    floor,
    risky: decided.risky,
    handled: ids.map((messageId, i) => ({ messageId, number: conversation.number + 1 + i })),
    replies: said.map((reply, i) => ({ ...reply, key: `${ids[0]}:${i}`, number: start + 1 + i })),
    ...(escalate ? { escalation: { grade: escalate, ...floor } } : {}),
    ...(erase ? { erase } : {}),
    ...(subscribe ? { subscribe } : {}),
    ...(unsubscribe ? { unsubscribe } : {}),
    ...(optOut ? { optOut } : {}),
  }
  const next = await record(around, conversation, recorded)
  if (!next) return null
  const milliseconds = Math.round(performance.now() - started)
  const { level } = floor
  log.info({ conversation: next.id, turn: next.turn, level, ms: milliseconds }, 'turn.recorded')
  around.onTurn?.({ milliseconds, level })
  return next
}

function apology(content: Content, known: ReturnType<typeof readState>, moment: Moment) {
  const words = wordsAt(content, moment)
  return {
    ...known,
    state: { ...known.state, greeted: true },
    bubbles: [words.say('errors.sorry', { lines: words.lines(['self-harm', 'violence']) })],
    escalate: 'fault' as const,
    risky: false,
    erase: false,
    subscribe: null,
    unsubscribe: null,
    optOut: false,
  }
}
