import { orderOf, hashOf, quantise, type LinearModel, type Row } from './linear-model.js'
import { phrases } from './ngrams.js'

/** What a row outside its class may cost: larger fits the lesson more closely. */
const COST = 1
const PASSES = 2
/** Steps of Newton's method on one coordinate; three are mostly enough. */
const NEWTON_STEPS = 6
const SEED = 7
const FIRST_DUAL = 1e-8

/** What a text holds: rows of the model, each once. */
type Features = Int32Array

/**
 * Trains yes-or-no outputs on which n-grams occur, each weighed by how much likelier it is in a yes than in a no
 * (Wang & Manning, Baselines and Bigrams, 2012), as L2-regularised logistic regression by dual coordinate descent (Yu,
 * Huang & Lin, Machine Learning 85, 2011). A target of NaN is unknown and teaches its output nothing. Deterministic,
 * and a lesson changed a little teaches nearly the same.
 */
export function trainPresence(rows: readonly Row[], outputs: string[]): LinearModel {
  const width = outputs.length
  const index = vocabulary(rows)
  const featured = rows.map(({ text }) => presentIn(text, index))
  const squares = squaredRatios(rows, featured, index.size, width)
  const { weights, bias } = descend(rows, featured, squares, width)
  return { kind: 'presence', outputs, index, idf: new Float32Array(0), bias, ...quantise(weights, width) }
}

/** The model's rows that a text holds, each once. */
export function presentIn(text: string, index: Map<number, number>): Features {
  const present = new Set<number>()
  for (const gram of phrases(text)) {
    const row = index.get(gram)
    if (row !== undefined) present.add(row)
  }
  return Int32Array.from(present)
}

function vocabulary(rows: readonly Row[]): Map<number, number> {
  const documents = new Map<number, number>()
  for (const { text } of rows)
    for (const gram of new Set(phrases(text))) documents.set(gram, (documents.get(gram) ?? 0) + 1)
  const index = new Map<number, number>()
  for (const [gram, count] of documents) if (count > 1) index.set(gram, index.size)
  return index
}

/**
 * Per feature and output, the square of the log of how often it stands in a yes over how often in a no, each smoothed
 * by one: the weights below are those of plain presence, and move by the square of what the feature is worth.
 */
function squaredRatios(
  rows: readonly Row[],
  featured: readonly Features[],
  size: number,
  width: number,
): Float32Array {
  const yes = new Float32Array(size * width).fill(1)
  const no = new Float32Array(size * width).fill(1)
  rows.forEach(({ target }, i) => {
    const row = featured[i] as Features
    for (let k = 0; k < width; k++) {
      const counts = target[k] === 1 ? yes : target[k] === 0 ? no : null
      if (counts) for (let at = 0; at < row.length; at++) counts[row[at]! * width + k]!++
    }
  })
  const all = [yes, no].map((counts) => {
    const sums = new Float64Array(width)
    for (let i = 0; i < counts.length; i++) sums[i % width]! += counts[i]!
    return sums
  }) as [Float64Array, Float64Array]
  for (let i = 0; i < yes.length; i++)
    yes[i] = Math.log(yes[i]! / all[0][i % width]! / (no[i]! / all[1][i % width]!)) ** 2
  return yes
}

function descend(
  rows: readonly Row[],
  featured: readonly Features[],
  squares: Float32Array,
  width: number,
): { weights: Float32Array; bias: Float32Array } {
  const weights = new Float32Array(squares.length)
  const bias = new Float32Array(width)
  // A dual variable may not be 0 itself.
  const duals = new Float64Array(rows.length * width).fill(FIRST_DUAL)
  const places = rows.map(({ text }) => hashOf(text))
  const scores = new Float64Array(width)
  const norms = new Float64Array(width)
  const moves = new Float64Array(width)
  for (let pass = 0; pass < PASSES; pass++) {
    for (const i of orderOf(places, SEED + pass)) {
      const { target, weight = 1 } = rows[i] as Row
      if (weight === 0) continue
      const row = featured[i] as Features
      scores.set(bias)
      norms.fill(1)
      for (let at = 0; at < row.length; at++) {
        const base = row[at]! * width
        for (let k = 0; k < width; k++) {
          scores[k]! += weights[base + k]!
          norms[k]! += squares[base + k]!
        }
      }
      for (let k = 0; k < width; k++) {
        const side = target[k] === 1 ? 1 : target[k] === 0 ? -1 : 0
        const dual = duals[i * width + k]!
        const next = side ? dualOf(dual, norms[k]!, side * scores[k]!, COST * weight) : dual
        moves[k] = side * (next - dual)
        duals[i * width + k] = next
        bias[k]! += moves[k]!
      }
      for (let at = 0; at < row.length; at++) {
        const base = row[at]! * width
        for (let k = 0; k < width; k++) weights[base + k]! += moves[k]! * squares[base + k]!
      }
    }
  }
  return { weights, bias }
}

/** The best value of one dual variable while all others stand still (ibid., algorithm 5). */
function dualOf(now: number, square: number, margin: number, cost: number): number {
  let z = now
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const slope = square * (z - now) + margin + Math.log(z / (cost - z))
    const curve = square + cost / (z * (cost - z))
    const next = z - slope / curve
    const inside = next <= 0 ? z * 0.1 : next >= cost ? cost - (cost - z) * 0.1 : next
    if (Math.abs(inside - z) < 1e-10 * cost) return inside
    z = inside
  }
  return z
}
