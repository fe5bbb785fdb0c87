import type { CitationCard } from '../../shared/message.js'
import type { Content } from '../content/content.js'
import type { LawFinder } from '../laws/search.js'
import { findVersion } from '../laws/view.js'
import type { Floor, Heard } from './scene.js'

const MOST = 3
/** A message of fewer characters says too little to look for. */
const LEAST_CHARACTERS = 6
/** Below this nothing is offered: of our test phrases with a topic 94 % reach it, of everyday sentences 28 %. */
const LEAST_SCORE = 40

/**
 * Articles that may be about what was said, in their own first words: only when no topic was recognised, never
 * while there is any danger, in this message or before.
 */
export async function relatedArticles(
  { content, laws }: { content: Content; laws?: LawFinder },
  floor: Floor,
  { risk, understood, text, unreadable }: Heard,
  day: string,
): Promise<CitationCard[]> {
  const { texts } = content
  if (!laws || !texts || unreadable || understood.intent || understood.outOfScope) return []
  if (risk.level !== 'none' || risk.report || floor.level !== 'none' || floor.report) return []
  if ([...text.trim()].length < LEAST_CHARACTERS) return []
  const hits = await laws.find(texts, day, text, MOST)
  return hits.flatMap(({ law, article, excerpt, score, path }) => {
    const version = score >= LEAST_SCORE ? findVersion(texts, law, { day }) : null
    return version
      ? [{ law, article, plain: excerpt, since: version.effective, version: version.version, path }]
      : []
  })
}
