import type { Intent, LayerName, Reader } from '../../shared/intent.js'
import { FORBIDDEN_PAIRS } from '../safety/forbidden-pairs.js'
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
