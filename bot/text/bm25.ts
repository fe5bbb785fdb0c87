import { bigrams } from './ngrams.js'
import { finish, type Steps } from './steps.js'

/** A search index over short texts by character bigrams (Okapi BM25, Robertson & Zaragoza 2009). */
export interface Bm25 {
  /** Scores the texts like `query`, best first: [number of the text, score in 0..1 of its own perfect match]. */
  search(query: string, most: number): [number, number][]
}

const K1 = 1.2
const B = 0.4

/** Texts a step of building takes: some milliseconds. */
const STEP = 250

/** The texts a bigram stands in, and how often in each. */
interface Posting {
  texts: number[]
  counts: number[]
}

/** Builds the index over normalised texts. */
export const bm25 = (texts: readonly string[]): Bm25 => finish(bm25Steps(texts))

/** The same, step by step. */
export function* bm25Steps(texts: readonly string[]): Steps<Bm25> {
  const postings = new Map<string, Posting>()
  const lengths = new Float64Array(texts.length)
  for (const [i, text] of texts.entries()) {
    if (i % STEP === STEP - 1) yield
    const grams = bigrams(text)
    const counts = new Map<string, number>()
    for (const gram of grams) counts.set(gram, (counts.get(gram) ?? 0) + 1)
    for (const [gram, count] of counts) {
      const found = postings.get(gram)
      if (found) found.counts[found.texts.push(i) - 1] = count
      else postings.set(gram, { texts: [i], counts: [count] })
    }
    lengths[i] = grams.length
  }
  const mean = lengths.reduce((a, b) => a + b, 0) / (lengths.length || 1)
  const idf = (found: number) => Math.log(1 + (texts.length - found + 0.5) / (found + 0.5))
  // What a count weighs down in a text of this length.
  const damping = lengths.map((length) => K1 * (1 - B + (B * length) / mean))
  const scores = new Float64Array(texts.length)

  const search = (query: string, most: number): [number, number][] => {
    const touched: number[] = []
    let perfect = 0
    for (const gram of new Set(bigrams(query))) {
      const posting = postings.get(gram)
      const weight = idf(posting?.texts.length ?? 0)
      perfect += weight
      if (!posting) continue
      for (let at = 0; at < posting.texts.length; at++) {
        const text = posting.texts[at]!
        const count = posting.counts[at]!
        if (scores[text] === 0) touched.push(text)
        scores[text]! += (weight * count * (K1 + 1)) / (count + damping[text]!)
      }
    }
    const best = highest(touched, scores, most)
    const found = best.map((text): [number, number] => [
      text,
      Math.min(1, scores[text]! / (perfect * 1.3 || 1)),
    ])
    for (const text of touched) scores[text] = 0
    return found
  }
  return { search }
}

/** The `most` texts with the highest scores, best first, of equals the earlier one. */
function highest(texts: readonly number[], scores: Float64Array, most: number): number[] {
  const best: number[] = []
  const before = (a: number, b: number) => scores[a]! > scores[b]! || (scores[a] === scores[b] && a < b)
  for (const text of texts) {
    if (best.length === most && !before(text, best[most - 1]!)) continue
    let place = best.length
    while (place > 0 && before(text, best[place - 1]!)) place--
    best.splice(place, 0, text)
    if (best.length > most) best.pop()
  }
  return best
}
