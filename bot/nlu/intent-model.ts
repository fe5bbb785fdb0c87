import { bm25Steps, type Bm25 } from '../text/bm25.js'
import { type LinearModel, type Row } from '../text/linear-model.js'
import { predict, trainLinear } from '../text/linear.js'
import { normalise } from '../text/normalise.js'
import { finish, type Steps } from '../text/steps.js'

/** What the recogniser learns from. */
export interface Lesson {
  intents: { id: string; title: string; utterances: readonly string[]; answers: readonly string[] }[]
  /** Text that is none of the hotline's business. */
  background: readonly string[]
  /** Phrases never trained on, with their intent (null = none of ours): they say how sure a vote may be. */
  heldOut: readonly { id: string | null; text: string }[]
}

/** A trained recogniser. The search index is rebuilt from the lesson; the rest is stored. */
export interface IntentModel {
  linear: LinearModel
  calibration: Calibration
  /** At or above: answer. Below: ask "did you mean". */
  accept: number
  /** Below even for the question "did you mean". */
  refuse: number
}

/** How votes become a confidence: a temperature on the linear vote, a share for search, a logistic on top. */
export interface Calibration {
  searchShare: number
  slope: number
  offset: number
}

/** The class of everything that is not ours. */
export const BACKGROUND = '-'

const EPOCHS = 6
const SEARCH_SHARE = 0.25
/** Nine of ten are right from here on (held-out phrases); below, people are asked which of three they mean. */
const ACCEPT = 0.4
const REFUSE = 0.25
const NEIGHBOURS = 12

/** Each intent's probability, highest first, background among them. */
export type Vote = [id: string, share: number][]

/** Trains the recogniser and calibrates it on the held-out phrases. Deterministic. */
export function trainIntents(lesson: Lesson): IntentModel {
  const rows = finish(lessonRows(lesson))
  const outputs = [...lesson.intents.map(({ id }) => id), BACKGROUND]
  const linear = fit(rows, outputs)
  const index = finish(searchIndex(rows))
  const outcomes = lesson.heldOut.flatMap(({ id, text }): [share: number, right: number][] => {
    const [best] = vote(linear, index, normalise(text).text, SEARCH_SHARE)
    return best ? [[best[1], Number(best[0] === (id ?? BACKGROUND))]] : []
  })
  const { slope, offset } = logistic(outcomes)
  const calibration = { searchShare: SEARCH_SHARE, slope, offset }
  return { linear, calibration, accept: ACCEPT, refuse: REFUSE }
}

/** The search index over the lesson's utterances. */
export const indexLesson = (lesson: Lesson): SearchIndex => finish(indexSteps(lesson))

/** The same, step by step. */
export function* indexSteps(lesson: Lesson): Steps<SearchIndex> {
  return yield* searchIndex(yield* lessonRows(lesson))
}

export interface SearchIndex {
  bm25: Bm25
  ids: string[]
}

/** The recogniser's vote on a normalised text. */
export function vote(linear: LinearModel, index: SearchIndex, text: string, searchShare: number): Vote {
  const p = predict(linear, text)
  const shares = new Map<string, number>()
  linear.outputs.forEach((id, i) => shares.set(id, (1 - searchShare) * (p[i] as number)))
  const found = index.bm25.search(text, NEIGHBOURS)
  const nearest = new Map<string, number>()
  for (const [at, score] of found) {
    const id = index.ids[at] as string
    nearest.set(id, Math.max(nearest.get(id) ?? 0, score) + 0.15 * score)
  }
  let sum = 0
  for (const score of nearest.values()) sum += score ** 2
  // A search that found only far texts says little: its share is weighed by its best score.
  const trust = Math.min(1, (found[0]?.[1] ?? 0) * 2)
  for (const [id, score] of nearest)
    shares.set(id, (shares.get(id) ?? 0) + (searchShare * trust * score ** 2) / sum)
  return [...shares].sort((a, b) => b[1] - a[1])
}

/** A vote's share as the chance of being right, 0..1. */
export function confidenceOf(calibration: Calibration, share: number): number {
  return 1 / (1 + Math.exp(-(calibration.slope * logit(share) + calibration.offset)))
}

interface LessonRow {
  id: string
  text: string
  utterance: boolean
}

/** Lines of everyday text normalised in one step. */
const STEP = 250

function* lessonRows(lesson: Lesson): Steps<LessonRow[]> {
  const rows: LessonRow[] = []
  for (const { id, title, utterances, answers } of lesson.intents) {
    yield
    rows.push({ id, text: normalise(title).text, utterance: false })
    for (const text of utterances) rows.push({ id, text: normalise(text).text, utterance: true })
    for (const text of answers) rows.push({ id, text: normalise(text).text, utterance: false })
  }
  for (const [i, text] of lesson.background.entries()) {
    if (i % STEP === 0) yield
    rows.push({ id: BACKGROUND, text: normalise(text).text, utterance: true })
  }
  return rows
}

function fit(rows: readonly LessonRow[], outputs: string[]): LinearModel {
  const place = new Map(outputs.map((id, i) => [id, i]))
  const oneHot = outputs.map((_, i) => {
    const target = new Uint8Array(outputs.length)
    target[i] = 1
    return target
  })
  const training: Row[] = rows.map(({ id, text, utterance }) => ({
    text,
    target: oneHot[place.get(id) as number] as Uint8Array,
    weight: utterance ? (id === BACKGROUND ? 0.6 : 1) : 0.5,
  }))
  return trainLinear(training, { outputs, epochs: EPOCHS })
}

function* searchIndex(rows: readonly LessonRow[]): Steps<SearchIndex> {
  const used = rows.filter(({ utterance }) => utterance)
  return { bm25: yield* bm25Steps(used.map(({ text }) => text)), ids: used.map(({ id }) => id) }
}

const logit = (p: number) => Math.log((p + 1e-6) / (1 - p + 1e-6))

/** Platt scaling (1999): right or wrong as a logistic of the share's logit, by gradient descent. */
function logistic(points: [share: number, right: number][]): { slope: number; offset: number } {
  let slope = 1
  let offset = 0
  for (let step = 0; step < 400; step++) {
    let bySlope = 0
    let byOffset = 0
    for (const [share, right] of points) {
      const x = logit(share)
      const error = 1 / (1 + Math.exp(-(slope * x + offset))) - right
      bySlope += error * x
      byOffset += error
    }
    slope -= (0.2 * bySlope) / (points.length || 1)
    offset -= (0.2 * byOffset) / (points.length || 1)
  }
  return { slope, offset }
}
