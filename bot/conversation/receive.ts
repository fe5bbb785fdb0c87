import type { Bubble } from '../../shared/message.js'
import type { Brain } from '../content/brain.js'
import type { Content } from '../content/content.js'
import type { Channel } from '../delivery/channel.js'
import type { LawFinder } from '../laws/search.js'
import { noRisk } from '../safety/assess.js'
import { scriptOf } from '../text/normalise.js'
import { decide, type Decision } from './decide.js'
import { latelyAfter, sameTalk } from './lately.js'
import { relatedArticles } from './related.js'
import type { Floor, Heard } from './scene.js'
import type { State } from './state.js'
import { ordersByName } from './subscribe.js'
import { wordsAt, type Moment } from './words.js'

/** What the bot knows: the live content and what was learnt from it. */
export interface Knowledge {
  content: Content
  brain: Brain
  /** Searches the imported statutes, where there are any. */
  laws?: LawFinder
}

/** The story of one turn: what was heard, how dangerous it is, what it is about, what to do. */
export async function receive(
  knowledge: Knowledge,
  known: { state: State; floor: Floor; subscribed?: readonly string[] },
  said: { texts: string[]; unreadable: boolean },
  moment: Moment,
): Promise<Decision & { heard: Heard; risky: boolean }> {
  const { content, brain } = knowledge
  const { state } = known
  const read = await hear(brain, said.texts, said.unreadable, state.topic, sameTalk(state.lately, moment.now))
  const heard = ordersByName(content, read.text) ? { ...read, risk: noRisk() } : read
  const region = heard.understood.entities.region ?? state.region ?? moment.region
  const words = wordsAt(content, { ...moment, region })
  const related = await relatedArticles(knowledge, known.floor, heard, words.day)
  const decided = decide({ ...known, heard, content, words, related })
  const lately = latelyAfter(state.lately, said.texts, moment.now)
  return { ...decided, state: { ...decided.state, lately }, heard, risky: heard.risk.level !== 'none' }
}

/** Reads a burst of bubbles: danger in each and in all of them together, the topic in all together, beside what was said before. */
export async function hear(
  brain: Brain,
  texts: string[],
  unreadable: boolean,
  topic: string | null = null,
  lately: readonly string[] = [],
): Promise<Heard> {
  const text = texts.join('\n')
  const { risk: whole, understood } = await brain.read(text, topic, lately)
  const pieces =
    texts.length > 1
      ? [
          ...texts.map((each, i) => brain.assess(each, [...lately, ...texts.slice(0, i)])),
          brain.assess(texts.join(''), lately),
        ]
      : []
  const rank = { none: 0, watch: 1, urgent: 2 }
  const risk = [whole, ...pieces].reduce((a, b) =>
    rank[b.level] > rank[a.level] || (b.level === a.level && b.score > a.score) ? b : a,
  )
  const foreign = ['mongolian', 'cyrillic', 'other'].includes(scriptOf(text))
  return { text, unreadable: unreadable || foreign, risk, understood }
}

/**
 * What a first reply opens with: that it is an AI, and while this is a demo system, that too. Where no page has shown
 * the notice it stands here, and where the servers lie abroad, that (个人信息保护法 第十七条、第三十九条).
 */
export function opening(
  content: Content,
  moment: Moment,
  demo: boolean,
  channel: Pick<Channel, 'fetches' | 'abroad'> = { fetches: true },
): Bubble {
  const words = wordsAt(content, moment)
  const keys = [
    ...(demo ? ['talk.demo'] : []),
    'talk.first-time',
    ...(channel.fetches ? [] : ['notice.short']),
    ...(channel.abroad ? ['notice.abroad'] : []),
  ]
  return { text: keys.map((key) => words.message(key).text).join('') }
}
