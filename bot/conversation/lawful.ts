import { citationsOf } from '../content/cited.js'
import type { LiveLibrary } from '../laws/library.js'
import { lawFinder, type LawFinder } from '../laws/search.js'
import type { Content } from '../content/content.js'
import type { Knowledge } from './receive.js'

/** What the bot knows together with the statutes imported by now. */
export function withLaws(knowledge: () => Knowledge, library: LiveLibrary): () => Knowledge {
  const finders = new WeakMap<Content['intents'], LawFinder>()
  const finderFor = (content: Content): LawFinder => {
    const finder = finders.get(content.intents) ?? lawFinder(aidsOf(content))
    finders.set(content.intents, finder)
    return finder
  }
  return () => {
    const { content, ...rest } = knowledge()
    return { ...rest, content: { ...content, texts: library.current() }, laws: finderFor(content) }
  }
}

/** What the content lends to the search: its words, what it cites, and how people ask about that. */
export function aidsOf(content: Content) {
  const cited = citationsOf(content)
  const sayings = cited.flatMap(({ intent, law, article }) =>
    (content.intents.get(intent)?.utterances ?? []).map((text) => ({ law, article, text })),
  )
  return { words: content.words, cited, sayings }
}
