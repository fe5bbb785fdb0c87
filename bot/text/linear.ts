import { hashOf, orderOf, quantise, type LinearModel, type Row } from './linear-model.js'
import { ngrams } from './ngrams.js'

export interface LinearOptions {
  outputs: string[]
  epochs?: number
  rate?: number
  seed?: number
}

/** An output this nearly right teaches nothing worth its time. */
const NEGLIGIBLE = 0.01

const ENOUGH_ROWS = 4_000
const MOST_PASSES = 40
/** How fast the steps of descent shrink from one pass to the next. */
const COOLING = 0.05
/** The bias, present in every row, moves more slowly than a word. */
const BIAS_SHARE = 0.1

/** Length, in units of tf-idf, below which a text counts as short. */
const SHORT = 10

/** A text as sparse features: rows of the model and their tf-idf values, length 1 as a vector. */
interface Features {
  rows: Int32Array
  values: Float32Array
}

/**
 * Trains by stochastic gradient descent with cooling steps (Bottou, Stochastic gradient descent tricks, 2012).
 * Features are the n-grams that occur at least twice. Weights are kept as int8. Deterministic, and a lesson changed a
 * little teaches nearly the same.
 */
export function trainLinear(rows: readonly Row[], options: LinearOptions): LinearModel {
  const { outputs, epochs = 8, rate = 1.5, seed = 7 } = options
  const width = outputs.length
  const { index, idf } = vocabulary(rows)
  const featured = rows.map((row) => features(row.text, index, idf))
  const weights = new Float32Array(index.size * width)
  const bias = new Float32Array(width)
  const places = rows.map((row) => hashOf(row.text))
  const scores = new Float64Array(width)
  const errors = new Float64Array(width)
  const wrong = new Int32Array(width)
  // A small lesson is read more often, so that it is learnt as well as a large one.
  const passes = Math.max(epochs, Math.min(MOST_PASSES, Math.ceil(ENOUGH_ROWS / rows.length)))
  for (let pass = 0; pass < passes; pass++) {
    const step = rate / (1 + COOLING * pass)
    for (const at of orderOf(places, seed + pass)) {
      const row = rows[at] as Row
      const { rows: where, values } = featured[at] as Features
      scores.set(bias)
      for (let f = 0; f < where.length; f++) {
        const base = (where[f] as number) * width
        const value = values[f] as number
        for (let k = 0; k < width; k++) scores[k]! += weights[base + k]! * value
      }
      squash(scores)
      const importance = row.weight ?? 1
      let active = 0
      for (let k = 0; k < width; k++) {
        const error = (scores[k]! - (row.target[k] as number)) * importance
        if (Math.abs(error) < NEGLIGIBLE) continue
        errors[active] = error * step
        wrong[active++] = k
        bias[k]! -= error * step * BIAS_SHARE
      }
      for (let f = 0; f < where.length; f++) {
        const base = (where[f] as number) * width
        const value = values[f] as number
        for (let a = 0; a < active; a++) weights[base + wrong[a]!]! -= errors[a]! * value
      }
    }
  }
  return { kind: 'softmax', outputs, index, idf, bias, ...quantise(weights, width) }
}

/** The probability per output of a `softmax` model, in the order of its outputs. */
export function predict(model: LinearModel, text: string): Float64Array {
  const width = model.outputs.length
  const scores = new Float64Array(width)
  const { rows, values } = features(text, model.index, model.idf)
  for (let f = 0; f < rows.length; f++) {
    const base = (rows[f] as number) * width
    const value = values[f]!
    for (let k = 0; k < width; k++) scores[k]! += model.weights[base + k]! * value
  }
  for (let k = 0; k < width; k++) scores[k] = scores[k]! * model.scale[k]! + model.bias[k]!
  squash(scores)
  return scores
}

function squash(scores: Float64Array): void {
  let most = -Infinity
  for (const score of scores) if (score > most) most = score
  let sum = 0
  for (let k = 0; k < scores.length; k++) sum += scores[k] = Math.exp(scores[k]! - most)
  for (let k = 0; k < scores.length; k++) scores[k]! /= sum
}

function vocabulary(rows: readonly Row[]): { index: Map<number, number>; idf: Float32Array } {
  const documents = new Map<number, number>()
  for (const row of rows)
    for (const gram of new Set(ngrams(row.text))) documents.set(gram, (documents.get(gram) ?? 0) + 1)
  const index = new Map<number, number>()
  const idf: number[] = []
  for (const [gram, count] of documents) {
    if (count < 2) continue
    index.set(gram, index.size)
    idf.push(Math.log((1 + rows.length) / (1 + count)) + 1)
  }
  return { index, idf: Float32Array.from(idf) }
}

function features(text: string, index: Map<number, number>, idf: Float32Array): Features {
  const counts = new Map<number, number>()
  for (const gram of ngrams(text)) {
    const row = index.get(gram)
    if (row !== undefined) counts.set(row, (counts.get(row) ?? 0) + 1)
  }
  const rows = new Int32Array(counts.size)
  const values = new Float32Array(counts.size)
  let n = 0
  let length = 0
  for (const [row, count] of counts) {
    const value = (1 + Math.log(count)) * idf[row]!
    rows[n] = row
    values[n++] = value
    length += value * value
  }
  // A text of three characters is no stronger evidence than one of ten: short vectors stay short.
  const norm = Math.sqrt(length + SHORT * SHORT)
  for (let i = 0; i < n; i++) values[i]! /= norm
  return { rows, values }
}
