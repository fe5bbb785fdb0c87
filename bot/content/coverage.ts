import { Reader, type Intent, type LayerName } from '../../shared/intent.js'
import type { Signed } from '../../shared/content.js'
import type { DangerKind, LineStyle, Speaker } from '../../shared/risk.js'
import { answersHash, type Content } from './content.js'
import { layersOf, rareCharacters, sentenceLength } from './readability.js'
import { standing } from './standing.js'

/** One topic in numbers. */
export interface TopicCoverage {
  id: string
  title: string
  risk: Intent['risk']
  danger: DangerKind | null
  utterances: number
  test: number
  /** Reader → the layers written for them. */
  readers: Partial<Record<Reader, LayerName[]>>
  citations: number
  /** Layers with a fact nobody has verified. */
  unverified: number
  signed: Signed
  /** Last day of the longest signature. */
  until: string | null
  /** Characters of the longest average sentence among its layers. */
  sentence: number
}

/** One cell of the lines of danger. */
export interface DangerCell {
  kind: DangerKind
  speaker: Speaker
  style: LineStyle
  learnt: number
  heldOut: number
}

/** What the content covers, on one day. */
export interface Coverage {
  topics: TopicCoverage[]
  cells: DangerCell[]
  /** Characters of first bubbles that compulsory schooling does not teach, with the topics they stand in, and of how many. */
  rare: { characters: Map<string, string[]>; of: number }
}

/** Counts what there is, on `day` (YYYY-MM-DD). */
export function coverageOf(content: Content, day: string): Coverage {
  const intents = [...content.intents.values()]
  return {
    topics: intents.map((intent) => topicCoverage(intent, day)),
    cells: dangerCells(content),
    rare: rareInFirst(intents),
  }
}

/**
 * The order in which people should read: what nobody has signed before what somebody has, what is said to somebody in
 * danger before what is not, as docs/wording.md has rules there that no machine can check.
 */
export function byReading(a: Read, b: Read): number {
  const [x, y] = [rank(a), rank(b)]
  const at = x.findIndex((value, i) => value !== y[i])
  return at < 0 ? (a.id < b.id ? -1 : 1) : (x[at] as number) - (y[at] as number)
}

type Read = Pick<TopicCoverage, 'id' | 'signed' | 'danger' | 'risk'>

const rank = ({ signed, danger, risk }: Read): number[] => [
  SIGNED.indexOf(signed),
  danger && DISTRESS.includes(danger) ? 0 : danger ? 1 : 2,
  RISKS.indexOf(risk),
]
const SIGNED: readonly Signed[] = ['unsigned', 'lapsed', 'expiring', 'signed']
const DISTRESS: readonly DangerKind[] = ['attempt', 'self-harm', 'sexual', 'violence']
const RISKS: readonly Intent['risk'][] = ['urgent', 'watch', 'none']

function topicCoverage(intent: Intent, day: string): TopicCoverage {
  const { id, title, risk, danger, utterances, test, answers, reviews } = intent
  const layers = answers.flatMap(layersOf)
  return {
    id,
    title,
    risk,
    danger: danger ?? null,
    utterances: utterances.length,
    test: test.length,
    readers: Object.fromEntries(
      answers.map((answer) => [answer.reader, layersOf(answer).map(({ name }) => name)]),
    ),
    citations: layers.reduce((sum, { layer }) => sum + layer.citations.length, 0),
    unverified: layers.filter(({ layer }) => layer.unverified).length,
    ...standing(reviews, answersHash(intent), day),
    sentence: Math.max(...layers.map(({ layer }) => sentenceLength(layer.text))),
  }
}

function dangerCells({ safety }: Content): DangerCell[] {
  const cells = new Map<string, DangerCell>()
  for (const { kind, groups } of safety) {
    for (const { speaker, style, lines, test } of groups) {
      const key = [kind, speaker, style].join()
      const cell = cells.get(key) ?? { kind, speaker, style, learnt: 0, heldOut: 0 }
      cells.set(key, cell)
      cell.learnt += lines.length
      cell.heldOut += test.length
    }
  }
  return [...cells.values()]
}

function rareInFirst(intents: readonly Intent[]): Coverage['rare'] {
  const characters = new Map<string, string[]>()
  let of = 0
  for (const { id, answers } of intents) {
    for (const { first } of answers) {
      const found = rareCharacters(first.text)
      of += found.of
      for (const each of found.rare) characters.set(each, [...(characters.get(each) ?? []), id])
    }
  }
  return { characters, of }
}

/** How many topics have an answer of their own for each reader. */
export function byReader(topics: readonly TopicCoverage[]): [Reader, number][] {
  return Reader.options.map((reader) => [reader, topics.filter(({ readers }) => readers[reader]).length])
}
