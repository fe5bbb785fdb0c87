import type { LawHit, WordsFile } from '../../shared/law.js'
import { setImmediate as breathe } from 'node:timers/promises'
import { bigrams } from '../text/ngrams.js'
import { normalise } from '../text/normalise.js'
import { articleAddress, type Library } from './library.js'
import { inForce } from './view.js'

/** What a search may lean on beside the words of the articles. */
export interface SearchAids {
  words: WordsFile['words']
  /** What the answers cite, as often as they do. */
  cited: readonly { law: string; article: string }[]
  /** How people ask about an article: the utterances of the intents that cite it. */
  sayings: readonly { law: string; article: string; text: string }[]
}

export interface LawSearch {
  /** Best first. `work` counts the postings that were looked at; it never exceeds `POSTINGS_MOST`. */
  search(query: string, most: number): { hits: LawHit[]; work: number }
}

/** Longest query that is read, in characters. */
const QUERY_MOST = 300
/** Postings one search may look at: a few milliseconds. */
export const POSTINGS_MOST = 120_000
const K1 = 1.2
const B = 0.5
/** Weights beside the words of an article (1), set on the test phrases of intents/: never on labelled questions. */
const WEIGHT = { heading: 0.7, sayings: 3, expansion: 0.8, cited: 0.5 }
/** Longer terms of the statutes do not outweigh short ones: each pair of characters counts (pairs of the term)^-FLAT. */
const FLAT = 0.8
/** Everyday fillers that no article is about. */
const FILLER =
  /请问|你好|您好|谢谢|怎么办|咋办|怎么样|可以吗|行不行|能不能|可不可以|是不是|有没有|为什么|什么|怎么|如何|应该|现在|但是|因为|所以|然后|如果|觉得|知道|告诉|想问|我想|一下|自己|他们|我们|你们|这个|那个|哪些|哪个|吗|呢|啊|吧|呀|了|的/g
const EXCERPT = 60
/** Articles between two breaths while an index is made. */
const STEP = 60

interface Doc {
  law: string
  article: string
  under: string[]
  excerpt: string
  prior: number
}
type Postings = Map<string, [doc: number, count: number][]>
interface Field {
  postings: Postings
  lengths: number[]
  mean: number
}

/** A search over the articles in force on `day`. Made in small steps: a second of work would stall every chat. */
export async function lawSearch(library: Library, day: string, aids: SearchAids): Promise<LawSearch> {
  const docs: Doc[] = []
  const texts = { body: [] as string[], heading: [] as string[], sayings: [] as string[] }
  const sayings = new Map<string, string>()
  for (const { law, article, text } of aids.sayings) {
    const key = `${law}|${article}`
    sayings.set(key, `${sayings.get(key) ?? ''}\n${text}`)
  }
  const prior = priors(aids.cited)
  for (const version of library.versions.filter((each) => inForce(each, day))) {
    for (const { number, under, paragraphs } of version.articles) {
      if (docs.length % STEP === 0) await breathe()
      const words = paragraphs.flatMap(({ text, items }) => [text, ...items]).join('\n')
      docs.push({
        law: version.statute,
        article: number,
        under,
        excerpt: words.length > EXCERPT ? `${words.slice(0, EXCERPT)}…` : words,
        prior: prior(version.statute, number),
      })
      texts.body.push(normalise(words).text)
      texts.heading.push(normalise([version.statute, ...under].join('\n')).text)
      texts.sayings.push(normalise(sayings.get(`${version.statute}|${number}`) ?? '').text)
    }
  }
  const fields = {
    body: await field(texts.body),
    heading: await field(texts.heading),
    sayings: await field(texts.sayings),
  }
  const words = aids.words.map(({ say, law }) => ({
    say: say.map((each) => normalise(each).text),
    law: law.map((each) => normalise(each).text),
  }))

  function search(query: string, most: number): { hits: LawHit[]; work: number } {
    const scores = new Float64Array(docs.length)
    let work = 0
    const add = (which: keyof typeof fields, grams: ReadonlyMap<string, number>, weight: number) => {
      const { postings, lengths, mean } = fields[which]
      for (const [gram, asked] of grams) {
        const list = postings.get(gram)
        // A pair of characters that a third of all articles has tells nothing apart.
        if (!list || list.length > Math.max(50, docs.length / 3) || work + list.length > POSTINGS_MOST)
          continue
        work += list.length
        const idf = Math.log(1 + (docs.length - list.length + 0.5) / (list.length + 0.5))
        for (const [doc, count] of list) {
          const length = 1 - B + (B * (lengths[doc] as number)) / mean
          scores[doc] =
            (scores[doc] as number) + (weight * asked * idf * count * (K1 + 1)) / (count + K1 * length)
        }
      }
    }
    const plain = normalise(query.slice(0, QUERY_MOST)).text
    const grams = gramsOf(plain.replace(FILLER, '\n'))
    const more = new Map<string, number>()
    for (const { say, law } of words) {
      if (!say.some((each) => plain.includes(each))) continue
      for (const term of law) {
        const pieces = bigrams(term)
        for (const gram of pieces) more.set(gram, Math.max(more.get(gram) ?? 0, pieces.length ** -FLAT))
      }
    }
    add('body', grams, 1)
    add('body', more, WEIGHT.expansion)
    add('heading', grams, WEIGHT.heading)
    add('heading', more, WEIGHT.heading * WEIGHT.expansion)
    add('sayings', grams, WEIGHT.sayings)
    const found = docs
      .map((doc, i) => ({ doc, score: scores[i] as number }))
      .filter(({ score }) => score > 0)
      .map(({ doc, score }) => ({ doc, score: score * (1 + doc.prior) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, most)
    const hits = found.map(({ doc: { law, article, under, excerpt }, score }) => ({
      law,
      article,
      under,
      excerpt,
      score: Math.round(score * 100) / 100,
      path: articleAddress(law, article),
    }))
    return { hits, work }
  }
  return { search }
}

/** What is cited often is asked about often. */
function priors(cited: SearchAids['cited']): (law: string, article: string) => number {
  const counts = new Map<string, number>()
  for (const { law, article } of cited)
    counts.set(`${law}|${article}`, (counts.get(`${law}|${article}`) ?? 0) + 1)
  return (law, article) => WEIGHT.cited * Math.log1p(counts.get(`${law}|${article}`) ?? 0)
}

/** Pairs of characters within a clause; what is said again counts a little more. */
function gramsOf(text: string): Map<string, number> {
  const grams = new Map<string, number>()
  for (const piece of text.split(/[\n，。！？、；,.!?;]+/)) {
    for (const gram of bigrams(piece)) grams.set(gram, (grams.get(gram) ?? 0.85) + 0.15)
  }
  return grams
}

async function field(texts: readonly string[]): Promise<Field> {
  const postings: Postings = new Map()
  const lengths: number[] = []
  for (const [doc, text] of texts.entries()) {
    if (doc % STEP === 0) await breathe()
    const grams = text.split('\n').flatMap(bigrams)
    const counts = new Map<string, number>()
    for (const gram of grams) counts.set(gram, (counts.get(gram) ?? 0) + 1)
    for (const [gram, count] of counts) {
      const list = postings.get(gram)
      if (list) list.push([doc, count])
      else postings.set(gram, [[doc, count]])
    }
    lengths.push(grams.length)
  }
  return { postings, lengths, mean: lengths.reduce((a, b) => a + b, 0) / (lengths.length || 1) || 1 }
}

/** Searches what is in force now: indexed once, and again when an import or a day changes that. */
export function lawFinder(aids: SearchAids) {
  let made: { of: Library; key: string; search: Promise<LawSearch> } | null = null
  return {
    async find(library: Library, day: string, query: string, most: number): Promise<LawHit[]> {
      const valid = library.versions.filter((each) => inForce(each, day))
      if (valid.length === 0) return []
      const key = valid.map(({ statute, version }) => `${statute}@${version}`).join()
      if (made?.of !== library || made.key !== key)
        made = { of: library, key, search: lawSearch(library, day, aids) }
      const { search } = made
      return (await search).search(query, most).hits
    },
  }
}
export type LawFinder = ReturnType<typeof lawFinder>
