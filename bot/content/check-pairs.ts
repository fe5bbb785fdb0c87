import type { Intent, LayerName, Reader } from '../../shared/intent.js'
import type { DangerKind } from '../../shared/risk.js'
import { FORBIDDEN_PAIRS } from '../safety/forbidden-pairs.js'
import type { Content } from './content.js'
import type { Fault } from './faults.js'
import { layersOf } from './readability.js'

type Layered = {
  reader: Reader
  name: LayerName
  text: string
  citations: { law: string; article: string }[]
}

/** What an intent says in a situation in which it must not be said; a rule's missing words count too. */
export function checkPairs(intent: Intent): Omit<Fault, 'path'>[] {
  return intent.answers.flatMap((answer, i) =>
    layersOf(answer).flatMap(({ name, layer }) =>
      pairFaults(intent.id, { reader: answer.reader, name, ...layer }).map((what) => ({
        at: `answers.${i}.${name}.text`,
        what,
      })),
    ),
  )
}

function pairFaults(id: string, { reader, name, text, citations }: Layered): string[] {
  return FORBIDDEN_PAIRS.flatMap((pair) => {
    const { topics, readers, layers } = pair.in
    if (!topics.test(id) || !readers.includes(reader) || !layers.includes(name)) return []
    const said = pair.never?.exec(text)
    const cited = citations.find(({ law, article }) => pair.uncited?.test(law + article))
    return [
      ...(said ? [`“${said[0]}”：${pair.why}`] : []),
      ...(cited ? [`${cited.law}${cited.article}：${pair.why}`] : []),
      ...(pair.needs && !pair.needs.test(text) ? [pair.why] : []),
    ]
  })
}

/** Why this topic must not be the answer to a message in one of these dangers, or null. */
export function misrouted(kinds: readonly DangerKind[], topic: string): string | null {
  const pair = FORBIDDEN_PAIRS.find(
    ({ answered }) => answered?.by.test(topic) && kinds.some((kind) => answered.to.includes(kind)),
  )
  return pair?.why ?? null
}

/** Topics a rule speaks of that the content does not have would make the rule idle: for a test. */
export const pairedTopics = ({ intents }: Pick<Content, 'intents'>): string[][] =>
  FORBIDDEN_PAIRS.map((pair) => [...intents.keys()].filter((id) => pair.in.topics.test(id)))
