import type { Topic } from '../../shared/campaign.js'
import type { Content } from '../content/content.js'
import { dangerReply } from './danger.js'
import type { Floor, Scene, Step } from './scene.js'

const ASKING = '(?:你好)?(?:请|麻烦|可以|能不能|能)?(?:帮我|给我|我)?(?:也)?(?:想要|想|要)?(?:帮我|给我)?'
const LIST = new RegExp(
  `^${ASKING}(?:订阅|订阅提醒|订提醒|订阅消息)$|^(?:都)?有(?:哪些|什么|啥)提醒$|^(?:可以|能)订(?:阅)?(?:哪些|什么|啥)(?:提醒)?$`,
)
const ONE = new RegExp(
  `^${ASKING}(?:订阅|订|收到|接收|开通)(?:一下|一个)?(.{1,12}?)(?:的)?(提醒|预警|通知|消息)?$`,
)
const MINE =
  /^(?:看看|查一下|查查)?我(?:都|现在)*(?:订阅?了|订阅?过)(?:哪些|什么|啥)(?:提醒)?$|^我的(?:订阅|提醒)$/
const END =
  /^(?:请|帮我|给我|我)*(?:想|要)?(?:(?:退订|取消订阅)(.{1,12}?)(?:的)?(?:提醒|预警)?|(?:取消|停掉|停了|不想收|不要)(.{1,12}?)(?:的)?(?:提醒|预警))了?$/

/** What somebody says of warnings in their own words, or null when it is of something else. Read after danger. */
export function subscribing(scene: Scene, risen: Floor): Step | null {
  const text = bare(scene.heard.text)
  const ended = END.exec(text)
  const endedTopic = ended && topicNamed(scene.content, ended[1] ?? ended[2] ?? '')
  if (endedTopic) return end(scene, endedTopic)
  const wanted = LIST.test(text) || MINE.test(text) || text === '有哪些提醒'
  const one = wanted ? null : ONE.exec(text)
  const topic = one && topicNamed(scene.content, one[1] as string)
  // 订外卖 is none of ours; 订天气提醒 is, though there is none.
  if (!wanted && !topic && !(one?.[2] && /订/.test(text))) return null
  if (risen.level !== 'none') return later(scene)
  if (MINE.test(text)) return mine(scene)
  if (topic) return ask(scene, topic)
  return list(scene, one ? 'unknown' : 'list')
}

/**
 * The whole message orders or stops a warning by its name, or is the name itself, as its button is: what the name
 * speaks of (防溺水) is no danger that somebody is in. 提醒 or 订 must be in it: 我想收到毒品 is no order.
 */
export function ordersByName(content: Content, said: string): boolean {
  const text = bare(said)
  if (!/订|提醒|预警/.test(text)) return false
  const [one, end] = [ONE.exec(text), END.exec(text)]
  const names = [one?.[1], end?.[1], end?.[2], /(?:提醒|预警)$/.test(text) ? text : undefined]
  return names.some((name) => name !== undefined && topicNamed(content, name) !== null)
}

/** A pressed button of these steps. */
export function subscribeStep(scene: Scene, risen: Floor, to: string): Step {
  const [step, id] = to.split(':')
  const topic = scene.content.topics.find((each) => each.id === id)
  if (step === 'subscribe.end' && topic) return end(scene, topic)
  if (risen.level !== 'none') return dangerReply(scene, risen) ?? later(scene)
  if (step === 'subscribe.ask' && topic) return ask(scene, topic)
  if (step === 'subscribe.yes' && topic) return agree(scene, topic)
  if (step === 'subscribe.no') return { bubbles: [scene.words.say('subscribe.no')] }
  return list(scene, 'list')
}

/**
 * Adds one button to the answer of a topic that has warnings: once a conversation, never where there is danger, never
 * to who said 退订.
 */
export function invite(scene: Scene, risen: Floor, step: Step): Step {
  const { state, content, heard } = scene
  const intent = step.intent ? content.intents.get(step.intent) : undefined
  if (!intent || intent.risk === 'urgent' || state.invited || state.optedOut) return step
  if (risen.level !== 'none' || heard.risk.level !== 'none' || heard.risk.report || step.escalate) return step
  const near = (id: string) => (id.endsWith('.') ? intent.id.startsWith(id) : intent.id === id)
  const topic = content.topics.find((each) => each.near.some(near))
  if (!topic || !fits(scene, topic) || scene.subscribed?.includes(topic.id)) return step
  const offer = { label: '订阅提醒', to: `subscribe.ask:${topic.id}` }
  return { ...step, offered: [...(step.offered ?? []), offer], state: { ...step.state, invited: true } }
}

/** Without marks and what makes an order polite. */
const bare = (text: string) => text.replace(/[\s\p{P}]/gu, '').replace(/(?:可以|行|好)?[吗吧呀啊呢]$/u, '')

/** A name as people say it: 防溺水, 防溺水提醒, 禁毒的. */
function topicNamed(content: Content, name: string): Topic | null {
  const said = name.replace(/(?:的|提醒|预警)+$/, '')
  const called = ({ title, names }: Topic) => names.includes(said) || title.replace(/提醒$/, '') === said
  return content.topics.find(called) ?? null
}

const asParent = ({ state, heard }: Scene) => (heard.understood.reader ?? state.reader) === 'parent'

/** Whether a topic is for a reader of this age; unknown ages confirm theirs in the question. A parent's is not the child's. */
function fits(scene: Scene, topic: Topic): boolean {
  const age = scene.heard.understood.entities.age ?? scene.state.age
  return !topic.minAge || age === null || age >= topic.minAge || asParent(scene)
}

function list(scene: Scene, key: 'list' | 'unknown' | 'too-young', topic?: Topic): Step {
  const { content, words } = scene
  const open = content.topics.filter((each) => fits(scene, each)).slice(0, 8)
  const young = key === 'list' && open.length < content.topics.length
  const bubble = words.say(`subscribe.${young ? 'list.young' : key}`)
  return {
    bubbles: [{ ...bubble, text: bubble.text.replace('{{age}}', String(topic?.minAge ?? '')) }],
    offered: open.map(({ id, title }) => ({ label: title, to: `subscribe.ask:${id}` })),
  }
}

/** The one question: what comes, how often, how it stops, who sees it. */
function ask(scene: Scene, topic: Topic): Step {
  const { words, subscribed } = scene
  if (subscribed?.includes(topic.id)) return { bubbles: [titled(scene, 'already', topic)] }
  if (!fits(scene, topic)) return list(scene, 'too-young', topic)
  const [yes = '', no = ''] = words.message('subscribe.ask').buttons
  const age = topic.minAge && !asParent(scene) ? `满${topic.minAge}岁，` : ''
  const bubble = titled(scene, 'ask', topic)
  return {
    bubbles: [{ ...bubble, text: bubble.text.replace('{{consent}}', topic.consent.text) }],
    offered: [
      { label: `${age}${yes}`, to: `subscribe.yes:${topic.id}` },
      { label: no, to: 'subscribe.no' },
    ],
  }
}

function agree(scene: Scene, topic: Topic): Step {
  if (!fits(scene, topic)) return list(scene, 'too-young', topic)
  return {
    bubbles: [titled(scene, 'yes', topic)],
    subscribe: { topic: topic.id, wording: topic.consent.version, parent: asParent(scene) },
    state: { optedOut: false, invited: true },
  }
}

function mine(scene: Scene): Step {
  const { content, words, subscribed = [] } = scene
  const topics = content.topics.filter(({ id }) => subscribed.includes(id))
  if (topics.length === 0) return { bubbles: [words.say('subscribe.mine.none')] }
  const bubble = words.say('subscribe.mine')
  const titles = topics.map(({ title }) => title).join('、')
  return {
    bubbles: [{ ...bubble, text: bubble.text.replace('{{titles}}', titles) }],
    offered: topics.map(({ id, title }) => ({ label: `停掉${title}`, to: `subscribe.end:${id}` })),
  }
}

/** Stopping is never put off: not by danger, not by a question (个人信息保护法 第十五条). */
function end(scene: Scene, topic: Topic): Step {
  if (scene.subscribed && !scene.subscribed.includes(topic.id))
    return { bubbles: [titled(scene, 'not-mine', topic)] }
  return { bubbles: [titled(scene, 'ended', topic)], unsubscribe: topic.id }
}

function later({ words }: Scene): Step {
  const [safe = '', unsafe = '', human = ''] = words.message('subscribe.later').buttons
  return {
    bubbles: [words.say('subscribe.later')],
    offered: [
      { label: safe, to: 'safe.yes' },
      { label: unsafe, to: 'safe.no' },
      { label: human, to: 'human' },
    ],
  }
}

function titled({ words }: Scene, key: string, { title }: Topic) {
  const bubble = words.say(`subscribe.${key}`)
  return { ...bubble, text: bubble.text.replace('{{title}}', title) }
}
