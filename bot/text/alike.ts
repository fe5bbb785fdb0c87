import { bigrams } from './ngrams.js'
import { normalise } from './normalise.js'

/** Two texts, by their places in the list. */
export interface Pair {
  a: number
  b: number
  /** Jaccard similarity of their character bigrams, 0..1 (Jaccard, 1912). */
  likeness: number
}

/** Texts of fewer different bigrams are alike by chance. */
const SHORTEST = 4

/**
 * The pairs of texts whose character bigrams overlap by more than `most` (0..1). Texts that share no rare bigram are
 * never compared: the first bigrams of each, rarest first, must meet those of the other (prefix filtering; Chaudhuri,
 * Ganti & Kaushik, 2006).
 */
export function alikePairs(texts: readonly string[], most: number): Pair[] {
  const grams = texts.map((text) => new Set(bigrams(normalise(text).text)))
  const counts = new Map<string, number>()
  for (const own of grams) for (const gram of own) counts.set(gram, (counts.get(gram) ?? 0) + 1)
  const rarestFirst = grams.map((own) =>
    [...own].sort((x, y) => (counts.get(x) ?? 0) - (counts.get(y) ?? 0) || (x < y ? -1 : 1)),
  )
  const seen = new Map<string, number[]>()
  const pairs: Pair[] = []
  grams.forEach((own, b) => {
    if (own.size < SHORTEST) return
    const prefix = rarestFirst[b]?.slice(0, own.size - Math.ceil(most * own.size) + 1) ?? []
    const near = new Set(prefix.flatMap((gram) => seen.get(gram) ?? []))
    for (const a of near) {
      const likeness = jaccard(grams[a] as Set<string>, own)
      if (likeness > most) pairs.push({ a, b, likeness })
    }
    for (const gram of prefix) seen.set(gram, [...(seen.get(gram) ?? []), b])
  })
  return pairs
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0
  for (const gram of a) if (b.has(gram)) shared++
  return shared / (a.size + b.size - shared || 1)
}
