import type { Intent } from '../../shared/intent.js'
import type { Floor, Scene, Step } from './scene.js'
import type { Offer } from './state.js'

const MOST_OFFERED = 5

/** The answer of an intent: its first bubble, its buttons, and beside suspected harm what we must say before more is told. */
export function answer(scene: Scene, risen: Floor, id: string): Step {
  const { content, words, state, heard } = scene
  if (id === 'svc.human') return human(scene, risen)
  const intent = content.intents.get(id) as Intent
  const reader = heard.understood.reader ?? state.reader
  const distressed = risen.level === 'urgent' || risen.kinds.includes('self-harm')
  const bubbles = words.layer(intent, 'first', reader, !distressed)
  const own = words.offers(intent, reader)
  const others = otherProblems(scene, id)
  const offered = [...own.slice(0, MOST_OFFERED - others.length), ...others]
  if (id === 'svc.my_data') offered.push({ label: '删除我的记录', to: 'erase.ask' })
  // Said to the child, or to a friend, before more is told; an adult is not asked to trust us with a secret.
  const tell =
    risen.report && !state.noticed && bubbles.length === 1 && reader !== 'parent' && reader !== 'adult'
  if (tell) bubbles.push(words.say('danger.report-notice'))
  return { bubbles, offered, intent: id, state: tell ? { noticed: true } : {} }
}

/** The further problems of a message that holds several, each as a button. */
function otherProblems({ heard, content }: Scene, answered: string): Offer[] {
  return heard.understood.problems
    .filter((id) => id !== answered && content.intents.has(id))
    .map((id) => ({ label: (content.intents.get(id) as Intent).title, to: id }))
}

/** Another layer of an intent's answer; null when it has none. */
export function layerStep(scene: Scene, id: string, layer: 'more' | 'help'): Step | null {
  const { content, words, state, heard } = scene
  const intent = content.intents.get(id)
  if (!intent) return null
  const reader = heard.understood.reader ?? state.reader
  const bubbles = words.layer(intent, layer, reader, true)
  if (bubbles.length === 0) return answer(scene, scene.floor, id)
  return { bubbles, offered: words.offers(intent, reader, layer), intent: id }
}

/** Only what is true: somebody at the desk knows, or nobody is there; either way the lines that answer now. */
export function human({ words }: Scene, risen: Floor): Step {
  const lines = words.lines(risen.kinds.length ? risen.kinds : ['self-harm', 'neglect'])
  const key = words.counselorPresent ? 'desk.asked' : 'talk.human.nobody'
  return {
    bubbles: [words.say(key, { lines })],
    intent: 'svc.human',
    escalate: 'asked',
    ...(words.counselorPresent ? { state: { told: true } } : {}),
  }
}
