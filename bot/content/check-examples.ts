import { alikePairs } from '../text/alike.js'
import type { Content } from './content.js'
import type { Fault } from './faults.js'

/** A held-out line this near to a learnt one measures memory. Jaccard of character bigrams. */
const ALIKE = 0.8

/** Mistakes in what is learnt from and measured on: held-out lines that are learnt too, topics that are not there. */
export function checkExamples(content: Content): Fault[] {
  return [...checkDanger(content), ...checkConversations(content), ...checkMessages(content)]
}

function checkDanger({ safety }: Content): Fault[] {
  return safety.flatMap(({ kind, groups }) => {
    const lines = groups.flatMap((group) => group.lines.map((text) => ({ text, at: '' })))
    const held = groups.flatMap(({ test }, i) => test.map((text) => ({ text, at: `groups.${i}.test` })))
    return alike([...lines, ...held]).map(({ learnt, heldOut, at }) => ({
      path: `danger/${kind}.yml`,
      at,
      what:
        learnt === heldOut
          ? `测试句“${heldOut}”也在学的句子里`
          : `测试句“${heldOut}”和学的句子“${learnt}”几乎一样`,
    }))
  })
}

/** Held-out texts (those with a place) that are nearly the same as a learnt one (without). */
function alike(all: { text: string; at: string }[]): { learnt: string; heldOut: string; at: string }[] {
  const texts = all.map(({ text }) => text)
  const short = new Set(all.filter(({ at }) => !at).map(({ text }) => text))
  const same = all.filter(({ text, at }) => at && short.has(text))
  const near = alikePairs(texts, ALIKE).flatMap(({ a, b }) => {
    const [x, y] = [all[a], all[b]]
    if (!x || !y || Boolean(x.at) === Boolean(y.at) || x.text === y.text) return []
    const [learnt, held] = x.at ? [y, x] : [x, y]
    return [{ learnt: learnt.text, heldOut: held.text, at: held.at }]
  })
  return [...same.map(({ text, at }) => ({ learnt: text, heldOut: text, at })), ...near]
}

function checkConversations({ conversations }: Content): Fault[] {
  const opening = (messages: readonly string[]) => messages.slice(0, 3).join('\n')
  const learnt = new Set(conversations.learn.map(({ messages }) => opening(messages)))
  return conversations.test
    .filter(({ messages }) => learnt.has(opening(messages)))
    .map(({ messages }) => ({
      path: 'conversations',
      at: '',
      what: `用来考的对话也在学的对话里：“${messages[0]}”`,
    }))
}

function checkMessages({ intents, several, followUps }: Content): Fault[] {
  const unknown = (path: string, at: string, ids: readonly string[]) =>
    ids.filter((id) => !intents.has(id)).map((id) => ({ path, at, what: `没有话题 ${id}` }))
  return [
    ...several.flatMap(({ topics }, i) =>
      unknown('examples/several.yml', `messages.${i}.topics`, topics.flat()),
    ),
    ...followUps.flatMap(({ topic, expected }, i) =>
      unknown('examples/follow-ups.yml', `messages.${i}`, [topic, ...expected]),
    ),
  ]
}
