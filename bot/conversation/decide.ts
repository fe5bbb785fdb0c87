import type { Consent } from '../../shared/campaign.js'
import { Grade } from '../../shared/desk.js'
import { FIRST_MAX, type Intent } from '../../shared/intent.js'
import type { Bubble } from '../../shared/message.js'
import type { RiskLevel } from '../../shared/risk.js'
import { pointsBack } from '../nlu/follow-up.js'
import type { Risk } from '../safety/assess.js'
import { answer, human, layerStep } from './answers.js'
import { afterPlace, dangerReply, DANGER_STEPS, stay } from './danger.js'
import { STANDING, stepOffers } from './offers.js'
import type { Floor, Heard, Scene, Step } from './scene.js'
import type { Offer, State } from './state.js'
import { invite, subscribeStep, subscribing } from './subscribe.js'
import type { Words } from './words.js'

export interface Decision {
  bubbles: Bubble[]
  state: State
  floor: Floor
  intent: string | null
  escalate: Grade | null
  erase: boolean
  subscribe: Consent | null
  unsubscribe: string | null
  optOut: boolean
}

/** The whole message or nothing: 我想退订这个世界 is no opt-out. */
export const OPT_OUT =
  /^(?:退订|取消订阅|取消推送|td|t|stop|unsubscribe|不要再发(?:了|消息了?)?|别再发(?:了|消息了?)?|不想再收到(?:消息|推送)了?)[。.!！~～]*$/i
const MINE = '(?:我)?的?(?:所有|全部)?的?(?:聊天|对话)?(?:记录|数据|信息)'
const ERASE = new RegExp(
  `^(?:请|帮我|麻烦你?|我想|我要)*(?:(?:把)?(?:删除|删掉|清除|清空)(?:掉)?${MINE}|把?${MINE}(?:都|全)?(?:删除|删掉|删了|清除|清空)(?:吧)?)[。.!！]*$`,
)
const GOODBYE = /^(?:.{0,6})(?:再见|拜拜|永别|我走了|晚安|谢谢.{0,4}再见|就这样吧|不用管我).{0,6}$/
const DENIAL = /没事了|我没事|开玩笑|骗你的|随便说说|当我没说|好多了|不想死了|别担心/
/** Longest message that only takes back, where words of danger stand in it. Characters. */
const TAKEN_BACK_MAX = 14
/** Asks for more of what was just answered, whatever that was. */
const ASKS_ON =
  /^(?:那|然后|还有|具体|接下来|之后).{0,10}$|^(?:我|我们|该|应该|要|得|到底|现在)*(?:要多久|多少钱|怎么做|怎么办|咋办|咋整|去哪|找谁|为什么|然后呢)[呢啊呀吗]?[?？]*$/
/** Longest message that asks on about the topic it was recognised to be about. Characters. */
const FOLLOW_UP_MAX = 20
/** Topics that say nothing of what the person needs. */
const NOTHING_SAID = new Set(['chat.greeting', 'chat.unclear', 'chat.out_of_scope'])
const PRESENCE =
  /^[^\p{L}\p{N}]*$|^(?:哈|呵|嘿|嘻|h){2,}.{0,4}$|^笑死.{0,8}$|^[6]{2,}$|^(?:你好|您好|哈喽|嗨|hi|hello|在吗|在么|在不在|有人吗|有人在吗|早上好|下午好|晚上好)[呀啊吗呢]?[\p{P}\s]*$|^嗯+$|^哦+$/iu

/** The next step of a conversation, from what is known and what was heard. Pure: no clock, no store, no network. */
export function decide(scene: Scene): Decision {
  const { state, floor, heard } = scene
  const risen = rise(floor, heard.risk)
  const step = invite(scene, risen, firstOf(scene, risen))
  const topic = step.intent ?? state.topic
  const { age, region } = heard.understood.entities
  const escalate = strongest(step.escalate ?? null, gradeOf(heard.risk))
  const told = tellOfHuman(scene, step, escalate)
  const next: State = {
    ...state,
    age: age ?? state.age,
    region: region ?? state.region,
    reader: heard.understood.reader ?? state.reader,
    topic: topic?.startsWith('chat.') || topic?.startsWith('svc.') ? state.topic : topic,
    misses: 0,
    greeted: true,
    awaitsPlace: false,
    ...step.state,
    offered: step.offered ?? [],
    told: state.told || told !== null,
  }
  return {
    bubbles: withButtons(told ?? step.bubbles, step.offered ?? []),
    state: next,
    floor: affirmed(risen, step),
    intent: step.intent ?? null,
    escalate,
    erase: step.erase ?? false,
    subscribe: step.subscribe ?? null,
    unsubscribe: step.unsubscribe ?? null,
    optOut: step.optOut ?? false,
  }
}

/**
 * That somebody at the desk was told, said once, and only while somebody is there: under the last bubble that asks
 * nothing, where it fits. Null when it is not to be said.
 */
function tellOfHuman({ state, words }: Scene, step: Step, escalate: Grade | null): Bubble[] | null {
  if (!words.counselorPresent || state.told || (escalate !== 'urgent' && escalate !== 'attempt')) return null
  const told = words.message('desk.told').text
  const at = step.bubbles.findLastIndex(
    ({ text }) => !/[？?]/.test(text) && text.length + told.length <= FIRST_MAX,
  )
  if (at < 0) return step.bubbles.length < 2 ? [{ text: told }, ...step.bubbles] : null
  return step.bubbles.map((bubble, i) => (i === at ? { ...bubble, text: `${bubble.text}${told}` } : bubble))
}

/** Presses first, then danger, then commands, then what was asked. */
function firstOf(scene: Scene, risen: Floor): Step {
  const { heard, state, words } = scene
  const pressed = pressedIn(scene)
  if (pressed) return press(scene, risen, pressed)
  if (heard.unreadable) return { bubbles: [words.say(unreadableKey(heard))], escalate: 'asked' }
  const takenBack = afterDanger(scene, risen)
  if (takenBack) return takenBack
  const danger = dangerReply(scene, risen)
  if (danger) return danger
  if (state.awaitsPlace) return afterPlace(scene, risen)
  const text = heard.text.trim()
  if (OPT_OUT.test(text))
    return { bubbles: [words.say('talk.opt-out')], state: { optedOut: true }, optOut: true }
  if (ERASE.test(text)) return eraseQuestion(scene)
  const subscribed = subscribing(scene, risen)
  if (subscribed) return subscribed
  if (PRESENCE.test(text)) return stay(scene, risen) ?? { bubbles: [words.say('talk.warm')] }
  const { intent } = heard.understood
  const followed = state.topic && asksOn(scene, state.topic) ? followUp(scene, state.topic) : null
  if (followed) return followed
  if (intent && !NOTHING_SAID.has(intent)) return answer(scene, risen, intent)
  return stay(scene, risen) ?? (intent ? answer(scene, risen, intent) : unsure(scene))
}

/**
 * A danger told of before and now denied, or a goodbye after it: neither is an end. What tells of danger anew (别担心我，
 * 可他又打我妈了) is no denial, and what follows the question where somebody is, is its answer.
 */
function afterDanger({ state, floor, heard, words }: Scene, risen: Floor): Step | null {
  const text = heard.text.trim()
  if (floor.level === 'none' || state.awaitsPlace || OPT_OUT.test(text)) return null
  const { level } = heard.risk
  if (level === 'urgent' || (level === 'watch' && text.length > TAKEN_BACK_MAX)) return null
  if (DENIAL.test(text)) return { bubbles: [words.say('danger.gentle.denied')] }
  if (!GOODBYE.test(text)) return null
  return {
    bubbles: [words.say('danger.gentle.goodbye', { lines: words.lines(risen.kinds) })],
    offered: stepOffers(words, 'danger.gentle.goodbye'),
  }
}

/** What a pressed button says of danger counts like words: 是的 to a wish to die, 不安全. */
function affirmed(floor: Floor, { escalate, affirmed: kind }: Step): Floor {
  if (escalate !== 'urgent' && escalate !== 'attempt') return floor
  return { ...floor, level: 'urgent', kinds: [...new Set([...floor.kinds, ...(kind ? [kind] : [])])] }
}

function pressedIn({ state, heard }: Scene): string | null {
  const text = heard.text.trim()
  // In a burst the button is the last bubble: 嗯, then 都删掉.
  const last = text.slice(text.lastIndexOf('\n') + 1).trim()
  const byNumber = /^[1-9]$/.test(text) ? state.offered[Number(text) - 1] : undefined
  const byLabel = state.offered.find(({ label }) => label === text || label === last)
  return (byLabel ?? byNumber)?.to ?? STANDING[text] ?? null
}

function press(scene: Scene, risen: Floor, to: string): Step {
  const { words, content, heard } = scene
  if (to === 'human') return human(scene, risen)
  if (to === 'danger') {
    return {
      bubbles: [words.say('talk.in-danger', { lines: words.lines(['violence', 'self-harm']) })],
      state: { asked: true },
    }
  }
  if (to === 'ask') return { bubbles: [words.say('talk.ask-anything')] }
  if (to === 'none')
    return unsure({ ...scene, heard: { ...heard, understood: { ...heard.understood, alternatives: [] } } })
  if (to === 'erase.ask') return eraseQuestion(scene)
  if (to === 'erase.yes') return { bubbles: [words.say('talk.erase.done')], erase: true }
  if (to === 'erase.no') return { bubbles: [words.say('talk.erase.kept')] }
  if (to.startsWith('subscribe.')) return subscribeStep(scene, risen, to)
  const flow = DANGER_STEPS[to]
  if (flow) return flow(scene, risen)
  const [layer, id] = to.split(':')
  if (id && (layer === 'more' || layer === 'help')) return layerStep(scene, id, layer) ?? unsure(scene)
  return content.intents.has(to) ? answer(scene, risen, to) : unsure(scene)
}

function eraseQuestion({ words }: Scene): Step {
  return { bubbles: [words.say('talk.erase.ask')], offered: erasing(words), intent: 'svc.my_data' }
}

/** Whether a message asks for more of what was answered, rather than telling something new. */
function asksOn({ heard }: Scene, topic: string): boolean {
  const text = heard.text.trim()
  if (ASKS_ON.test(text)) return true
  return heard.understood.intent === topic && text.length <= FOLLOW_UP_MAX && pointsBack(text)
}

/** A short question that leans on what was said before: the next layer; after mere guesses, which of them it was. */
function followUp({ state, ...scene }: Scene, topic: string): Step | null {
  if (!scene.content.intents.has(topic)) return null
  if (state.misses === 0) {
    const shown = (layer: 'more' | 'help') => !state.offered.some(({ to }) => to === `${layer}:${topic}`)
    return layerStep({ state, ...scene }, topic, shown('more') && !shown('help') ? 'help' : 'more')
  }
  return {
    bubbles: [scene.words.say('talk.clarify')],
    offered: state.offered,
    state: { misses: state.misses },
  }
}

/** Not understood: three guesses, then another wording, then the lines where people answer. */
function unsure(scene: Scene): Step {
  const { state, heard, words, content } = scene
  const misses = state.misses + 1
  if (misses >= 2) {
    return {
      bubbles: [words.say('talk.two-misses', { lines: words.lines(['self-harm', 'neglect']) })],
      escalate: 'asked',
      state: { misses: 0 },
    }
  }
  const { alternatives, outOfScope, script } = heard.understood
  if (outOfScope && content.intents.has('chat.out_of_scope') && script === 'chinese') {
    return { ...answer(scene, scene.floor, 'chat.out_of_scope'), intent: null, state: { misses } }
  }
  // What is being talked of is a guess too: a question may lean on it (他会坐牢吗).
  const likely = [...(state.topic ? [state.topic] : []), ...alternatives.map(({ intent }) => intent)]
  const guesses = [...new Set(likely)]
    .filter((id) => content.intents.has(id) && !id.startsWith('chat.'))
    .slice(0, 3)
  if (guesses.length === 0 || alternatives.length === 0)
    return { bubbles: [...maybe(scene), words.say('talk.fallback')], state: { misses } }
  const offered = guesses.map((id) => ({ label: (content.intents.get(id) as Intent).title, to: id }))
  offered.push(
    { label: words.message('talk.none-of-these').text, to: 'none' },
    { label: words.message('talk.human-button').text, to: 'human' },
  )
  // The best guess carries a follow-up (那怎么办) until something better is known.
  const bubbles = [...maybe(scene), words.say('talk.clarify')]
  return { bubbles, offered, state: { misses, topic: guesses[0] ?? null } }
}

/** Articles that may be about it, in their own words: never advice. */
function maybe({ words, related }: Scene): Bubble[] {
  return related?.length ? [words.say('laws.related', { citations: related })] : []
}

const erasing = (words: Words): Offer[] => {
  const [yes, no] = words.message('talk.erase.ask').buttons
  return [
    { label: yes ?? '', to: 'erase.yes' },
    { label: no ?? '', to: 'erase.no' },
  ]
}

function unreadableKey({ understood }: Heard): string {
  return understood.script === 'mongolian' ? 'talk.unreadable.mongolian' : 'talk.unreadable'
}

/** Buttons stand under the last bubble, and are exactly what the next message is matched against. */
function withButtons(bubbles: Bubble[], offered: Offer[]): Bubble[] {
  return bubbles.map((bubble, i) => {
    const { buttons: _, ...bare } = bubble
    return i === bubbles.length - 1 && offered.length
      ? { ...bare, buttons: offered.map(({ label }) => label) }
      : bare
  })
}

const RANK: Record<RiskLevel, number> = { none: 0, watch: 1, urgent: 2 }
/** The running maximum. */
export function rise(floor: Floor, risk: Risk): Floor {
  if (risk.level === 'none') return floor
  return {
    level: RANK[risk.level] > RANK[floor.level] ? risk.level : floor.level,
    kinds: [...new Set([...floor.kinds, ...risk.kinds])],
    report: floor.report || risk.report,
  }
}

/** Why a human is wanted for this danger alone. */
export function gradeOf(risk: Risk): Grade | null {
  if (risk.level === 'urgent') return risk.kinds.includes('attempt') ? 'attempt' : 'urgent'
  return risk.report ? 'report' : null
}

function strongest(a: Grade | null, b: Grade | null): Grade | null {
  if (!a || !b) return a ?? b
  return Grade.options.indexOf(a) < Grade.options.indexOf(b) ? a : b
}
