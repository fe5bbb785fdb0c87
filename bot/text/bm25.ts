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

/** Builds the index over normalised texts. */
export const bm25 = (texts: readonly string[]): Bm25 => finish(bm25Steps(texts))

/** The same, step by step. */
export function* bm25Steps(texts: readonly string[]): Steps<Bm25> {
  const postings = new Map<string, [number, number][]>()
  const lengths: number[] = []
  for (const [i, text] of texts.entries()) {
    if (i % STEP === STEP - 1) yield
    const grams = bigrams(text)
    const counts = new Map<string, number>()
    for (const gram of grams) counts.set(gram, (counts.get(gram) ?? 0) + 1)
    for (const [gram, count] of counts) {
      const list = postings.get(gram)
      if (list) list.push([i, count])
      else postings.set(gram, [[i, count]])
    }
    lengths.push(grams.length)
  }
  const mean = lengths.reduce((a, b) => a + b, 0) / (lengths.length || 1)
  const idf = (found: number) => Math.log(1 + (texts.length - found + 0.5) / (found + 0.5))

  const search = (query: string, most: number): [number, number][] => {
    const scores = new Map<number, number>()
    let perfect = 0
    for (const gram of new Set(bigrams(query))) {
      const list = postings.get(gram)
      const weight = idf(list?.length ?? 0)
      perfect += weight
      for (const [text, count] of list ?? []) {
        const length = lengths[text] as number
        const part = (weight * count * (K1 + 1)) / (count + K1 * (1 - B + (B * length) / mean))
        scores.set(text, (scores.get(text) ?? 0) + part)
      }
    }
    const best = [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, most)
    return best.map(([text, score]) => [text, Math.min(1, score / (perfect * 1.3 || 1))])
  }
  return { search }
}
