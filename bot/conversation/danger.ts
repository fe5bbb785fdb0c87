import type { CitationCard } from '../../shared/message.js'
import type { DangerKind } from '../../shared/risk.js'
import { misrouted } from '../safety/forbidden-pairs.js'
import { spokenFirst } from '../safety/spoken-first.js'
import { answer, layerStep } from './answers.js'
import { feelingIn } from './feeling.js'
import { stepOffers } from './offers.js'
import type { Floor, Scene, Step } from './scene.js'

/** Where the law and the steps for a kind of danger stand, once the person is safe. */
export const TOPIC_OF: Record<DangerKind, string> = {
  'self-harm': 'mh.suicide',
  attempt: 'mh.attempt',
  violence: 'fam.violence',
  sexual: 'safety.sexual_assault',
  bullying: 'sch.bully_victim',
  threat: 'mh.harm_others',
  runaway: 'fam.runaway',
  drugs: 'drug.used',
  extortion: 'net.sextortion',
  medical: 'drug.overdose',
  neglect: 'fam.neglect',
}

/** How sure of a topic one must be to answer it before asking gently, 0..1. */
const SURE = 0.8

/** A best guess of less says nothing of what a cry is about: one asks first. */
const GUESS_LEAST = 0.2

/** Topics whose answer is the gentle question itself. */
const ABOUT_LIFE = new Set([
  'mh.suicide',
  'mh.self_harm',
  'mh.attempt',
  'mh.suicide_pact',
  'mh.friend_at_risk',
])

/** The reply to danger in this message, or null when it holds none or all was said already. */
export function dangerReply(scene: Scene, risen: Floor): Step | null {
  const { risk } = scene.heard
  if (risk.level === 'urgent') return urgent(scene, risen)
  if (risk.level === 'watch') return watch(scene, risen)
  return null
}

function urgent(scene: Scene, risen: Floor): Step {
  const { state, heard, words } = scene
  const { risk } = heard
  const kind = spokenFirst(risk.kinds) ?? 'self-harm'
  const lines = words.lines(risk.kinds)
  const intent = topicOf(scene, kind)
  if (state.spoken.includes(kind)) return spokenBefore(scene, risen, kind, intent)
  const other = risk.speaker !== 'self'
  const first = `danger.${kind}.${other ? 'other' : 'self'}`
  const act =
    other && (kind === 'self-harm' || kind === 'threat') ? `danger.${kind}.act-other` : `danger.${kind}.act`
  return {
    bubbles: [words.say(first, lawCards(scene, intent), feelingIn(heard.text)), words.say(act, { lines })],
    offered: stepOffers(words, first),
    intent,
    state: { spoken: [...state.spoken, kind], asked: true, awaitsPlace: kind === 'attempt' },
  }
}

/** Where the person is has been said, or something else was: first whether help is on its way. */
export function afterPlace({ words }: Scene, risen: Floor): Step {
  return {
    bubbles: [words.say('danger.attempt.again', { lines: words.lines(risen.kinds) })],
    offered: stepOffers(words, 'danger.attempt.again'),
  }
}

/** Urgent words are said once: after that the person is met where they are, with the lines in reach. */
function spokenBefore(scene: Scene, risen: Floor, kind: DangerKind, intent: string | null): Step {
  const { words } = scene
  if (kind === 'attempt') return { ...afterPlace(scene, risen), intent }
  const key = kind === 'self-harm' ? 'danger.life.company' : 'danger.gentle.safe'
  return {
    bubbles: [words.say('danger.still-here', { lines: words.lines(risen.kinds) }), words.say(key)],
    offered: stepOffers(words, key),
    intent,
  }
}

function watch(scene: Scene, risen: Floor): Step | null {
  const { state, heard, words } = scene
  const { risk, understood } = heard
  const own = risk.kinds.includes('self-harm') || risk.kinds.includes('attempt')
  const kind = spokenFirst(risk.kinds) ?? 'self-harm'
  const topic = topicOf(scene, kind)
  if (understood.intent === 'chat.dangerous_howto') return answer(scene, risen, understood.intent)
  if (own && risk.speaker === 'self' && !state.asked) {
    const ask = words.say('danger.gentle.self', {}, feelingIn(heard.text))
    // A question with a topic of its own (遗书有法律效力吗) is answered first, then gently asked about.
    const sure = understood.intent !== null && understood.confidence >= SURE
    const answered =
      sure && !ABOUT_LIFE.has(understood.intent ?? '') && !understood.intent?.startsWith('chat.')
    const before = answered ? answer(scene, risen, understood.intent as string).bubbles.slice(0, 1) : []
    return {
      bubbles: [...before, ask],
      offered: stepOffers(words, 'danger.gentle.self'),
      // Only what was answered becomes the topic: a guess beside a wish to die must not lead what follows.
      intent: answered || understood.intent?.startsWith('mh.') ? understood.intent : TOPIC_OF['self-harm'],
      state: { asked: true },
    }
  }
  const { intent, confidence } = understood
  const offered = stepOffers(words, 'danger.gentle.safe')
  const justAsked = state.offered.some(({ to }) => to === offered[0]?.to)
  if (!own && risk.speaker === 'self' && intent === null && confidence < GUESS_LEAST && !justAsked)
    return {
      bubbles: [words.say('danger.gentle.safe', { lines: words.lines(risk.kinds) }, feelingIn(heard.text))],
      offered,
    }
  if (!topic) return null
  const fits = intent && !intent.startsWith('chat.') && !misrouted(risk.kinds, intent)
  return answer(scene, risen, fits ? intent : topic)
}

/** The topic that was recognised where it fits the danger, else the danger's own. */
function topicOf({ heard, content }: Scene, kind: DangerKind): string | null {
  const { intent, alternatives } = heard.understood
  if (
    heard.risk.speaker !== 'self' &&
    (kind === 'self-harm' || kind === 'attempt') &&
    content.intents.has('mh.friend_at_risk')
  ) {
    return 'mh.friend_at_risk'
  }
  const near = [intent, ...alternatives.slice(0, 2).map((candidate) => candidate.intent)].filter(
    (id) => id && !misrouted(heard.risk.kinds, id),
  )
  const fitting = near.find((id) => id && content.intents.has(id) && content.intents.get(id)?.risk !== 'none')
  if (intent && fitting === intent) return intent
  return fitting ?? (content.intents.has(TOPIC_OF[kind]) ? TOPIC_OF[kind] : null)
}

/**
 * The topic's folded cards where its author gave its first bubble any (bullying, not sexual harm); never beside
 * a wish to die.
 */
function lawCards(
  { heard, content, words, state }: Scene,
  intent: string | null,
): { citations?: CitationCard[] } {
  const topic = intent ? content.intents.get(intent) : undefined
  if (!topic || heard.risk.kinds.some((kind) => kind === 'self-harm' || kind === 'attempt')) return {}
  const citations = words
    .layer(topic, 'first', heard.understood.reader ?? state.reader, true)
    .at(-1)?.citations
  return citations ? { citations } : {}
}

/** What follows each possible answer to a question of danger: nothing is left without a next step. */
export const DANGER_STEPS: Record<string, (scene: Scene, risen: Floor) => Step> = {
  'life.yes': ({ words }, risen) => ({
    bubbles: [
      words.say('danger.life.yes', { lines: words.lines([...risen.kinds, 'self-harm']) }),
      words.say('danger.life.company'),
    ],
    offered: stepOffers(words, 'danger.life.company'),
    escalate: 'urgent',
    affirmed: 'self-harm',
  }),
  'life.no': ({ words }) => ({ bubbles: [words.say('danger.life.no')] }),
  'company.yes': plain('danger.company.yes'),
  'company.no': lined('danger.company.no'),
  'company.unsafe': lined('danger.company.unsafe', 'urgent'),
  'attempt.called': plain('danger.attempt.called'),
  'attempt.not-called': lined('danger.attempt.not-called', 'attempt'),
  'safe.yes': (scene, risen) => {
    const kind = spokenFirst(risen.kinds) ?? 'violence'
    const topic = scene.state.topic ?? TOPIC_OF[kind]
    if (!scene.content.intents.has(topic)) return { bubbles: [scene.words.say('danger.safe.yes')] }
    const { bubbles, ...rest } = answer(scene, risen, topic)
    // Whether they are safe was just answered: an answer that begins by asking it gives way to its next layer.
    const asksAgain = /安全吗/.test(bubbles[0]?.text ?? '')
    const next = asksAgain ? (layerStep(scene, topic, 'more')?.bubbles ?? []) : bubbles
    return { ...rest, bubbles: [scene.words.say('danger.safe.yes'), ...next.slice(0, 1)] }
  },
  // Who may hurt themselves has nobody to run from.
  'safe.no': (scene, risen) =>
    lined(ownLife(risen) ? 'danger.company.unsafe' : 'danger.safe.no', 'urgent')(scene, risen),
  'safe.no-other': lined('danger.safe.no-other', 'urgent'),
  'need.no': lined('danger.need.no', 'urgent'),
  'safe.unknown': lined('danger.safe.unknown'),
  'body.bad': lined('danger.body.bad', 'urgent'),
  'body.fine': plain('danger.body.fine'),
  'body.fine-other': plain('danger.body.fine-other'),
  'body.alone': lined('danger.body.alone', 'urgent'),
  'alone.threat': lined('danger.alone.threat'),
  'company.threat': plain('danger.company.threat'),
}

const ownLife = ({ kinds }: Floor) => kinds.includes('self-harm') || kinds.includes('attempt')

/** Not understood while a life is at stake: neither a menu nor an excuse, we stay. Null when none is. */
export function stay(scene: Scene, risen: Floor): Step | null {
  if (risen.level !== 'urgent' || !ownLife(risen)) return null
  const kind = risen.kinds.includes('attempt') ? 'attempt' : 'self-harm'
  return spokenBefore(scene, risen, kind, null)
}

function plain(key: string): (scene: Scene) => Step {
  return ({ words }) => ({ bubbles: [words.say(key)] })
}

function lined(key: string, escalate?: Step['escalate']): (scene: Scene, risen: Floor) => Step {
  return ({ words }, risen) => ({
    bubbles: [words.say(key, { lines: words.lines(risen.kinds.length ? risen.kinds : ['violence']) })],
    ...(escalate ? { escalate } : {}),
  })
}
