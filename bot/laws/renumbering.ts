import type { LawArticle, LawVersion, RenumberedPair } from '../../shared/law.js'
import { bigrams } from '../text/ngrams.js'
import { normalise } from '../text/normalise.js'

/** Below this likeness nothing is proposed: the article has no successor, or one that only a reader can see. */
const LEAST = 0.28
/** How much the place in the statute counts beside the words: articles rarely overtake each other. */
const PLACE = 0.12

type Vector = Map<string, number>

/**
 * For each article of one version the one of another that took its place: by the words they share (tf-idf over
 * character bigrams, cosine) and by their place. A proposal, in the order of `from`: an editor confirms it.
 */
export function proposeRenumbering(from: LawVersion, to: LawVersion): RenumberedPair[] {
  const [a, b] = vectors(from.articles, to.articles)
  const likeness = a.map((one, i) =>
    b.map((other, j) => cosine(one, other) - PLACE * Math.abs(i / a.length - j / b.length)),
  )
  return from.articles.map(({ number }, i) => {
    const row = likeness[i] as number[]
    const best = row.indexOf(Math.max(...row))
    const score = row[best] ?? 0
    // Another article is far more like that one: ours was taken into it or dropped.
    const rival = Math.max(0, ...likeness.map((each, k) => (k === i ? 0 : (each[best] as number))))
    const holds = score >= LEAST && !(score < 0.45 && rival > score + 0.25)
    return {
      from: number,
      to: holds ? (to.articles[best]?.number ?? null) : null,
      likeness: Math.round(Math.max(0, Math.min(1, score)) * 1000) / 1000,
    }
  })
}

function vectors(from: readonly LawArticle[], to: readonly LawArticle[]): [Vector[], Vector[]] {
  const counts = [...from, ...to].map(countsOf)
  const found = new Map<string, number>()
  for (const vector of counts) for (const gram of vector.keys()) found.set(gram, (found.get(gram) ?? 0) + 1)
  for (const vector of counts) {
    let length = 0
    for (const [gram, count] of vector) {
      const weight = (1 + Math.log(count)) * Math.log(counts.length / (found.get(gram) ?? 1))
      vector.set(gram, weight)
      length += weight * weight
    }
    const norm = Math.sqrt(length) || 1
    for (const [gram, weight] of vector) vector.set(gram, weight / norm)
  }
  return [counts.slice(0, from.length), counts.slice(from.length)]
}

function countsOf({ paragraphs }: LawArticle): Vector {
  const words = paragraphs.flatMap(({ text, items }) => [text, ...items]).join('')
  const counts: Vector = new Map()
  for (const gram of bigrams(normalise(words).text)) counts.set(gram, (counts.get(gram) ?? 0) + 1)
  return counts
}

function cosine(a: Vector, b: Vector): number {
  let sum = 0
  for (const [gram, weight] of a) sum += weight * (b.get(gram) ?? 0)
  return sum
}
