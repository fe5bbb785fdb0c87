import { orderOf, hashOf, quantise, type LinearModel, type Row } from './linear-model.js'
import { GramTable } from './gram-table.js'
import { phrases } from './ngrams.js'

/** What a row outside its class may cost: larger fits the lesson more closely. */
const COST = 0.25
const PASSES = 4
/** Steps of Newton's method on one coordinate; three or four are mostly enough. */
const NEWTON_STEPS = 8
const SEED = 7
/** An n-gram that fewer rows hold says nothing. */
const LEAST_ROWS = 3
const FIRST_DUAL = 1e-8
/** A shorter step has arrived. Log odds. */
const CLOSE = 0.01
/** A dual variable that would move by less stays: it teaches nothing worth its time. */
const NEGLIGIBLE = 1e-3
/** A row so far on its side has no dual variable worth a step: at most cost × exp(-6). Log odds. */
const SURE = 6

/** Rows of the model that a text holds, each once. */
type Features = Int32Array

/** A training row with its n-grams. */
export interface PresenceRow {
  /** Hashes, each once. */
  grams: Uint32Array
  /** Where it comes in the order of reading: its text alone decides. */
  place: number
  /** 0, 1 or NaN for unknown, per output. */
  target: ArrayLike<number>
  weight: number
}

export const presenceRow = ({ text, target, weight = 1 }: Row): PresenceRow => ({
  grams: distinct(phrases(text)),
  place: hashOf(text),
  target,
  weight,
})

/** Rows with the n-grams that enough of them hold: looked up once for all the models they teach. */
export interface PresenceLesson {
  rows: readonly PresenceRow[]
  featured: readonly Features[]
  index: Map<number, number>
}

export function presenceLesson(rows: readonly PresenceRow[]): PresenceLesson {
  const table = vocabulary(rows)
  return { rows, featured: rows.map(({ grams }) => present(grams, table.rowOf)), index: table.index() }
}

/**
 * Trains yes-or-no outputs on which n-grams occur, each weighed by how much likelier it is in a yes than in a no
 * (Wang & Manning, Baselines and Bigrams, 2012), as L2-regularised logistic regression by dual coordinate descent (Yu,
 * Huang & Lin, Machine Learning 85, 2011). A target of NaN is unknown and teaches its output nothing.
 * Deterministic, and a lesson changed a little teaches nearly the same.
 */
export function trainPresence({ rows, featured, index }: PresenceLesson, outputs: string[]): LinearModel {
  const width = outputs.length
  const squares = squaredRatios(rows, featured, index.size, width)
  const { weights, bias } = descend(rows, featured, squares, width)
  return { kind: 'presence', outputs, index, idf: new Float32Array(0), bias, ...quantise(weights, width) }
}

/** Log odds per output of a text that holds these rows of a `presence` model, in the order of its outputs. */
export function presenceLogOdds(
  { outputs, weights, scale, bias }: LinearModel,
  found: Features,
): Float64Array {
  const width = outputs.length
  const odds = new Float64Array(width)
  for (const row of found) {
    const base = row * width
    for (let k = 0; k < width; k++) odds[k]! += weights[base + k]!
  }
  for (let k = 0; k < width; k++) odds[k] = odds[k]! * scale[k]! + bias[k]!
  return odds
}

/** The model's rows that a text holds, each once. */
export const presentIn = (text: string, index: Map<number, number>): Features =>
  present(distinct(phrases(text)), (gram) => index.get(gram) ?? -1)

/** `rowOf` is -1 where the model has no row. */
function present(grams: Uint32Array, rowOf: (gram: number) => number): Features {
  const found = new Int32Array(grams.length)
  let count = 0
  for (const gram of grams) {
    const row = rowOf(gram)
    if (row >= 0) found[count++] = row
  }
  return found.slice(0, count)
}

/** Sorts in place. */
function distinct(grams: Uint32Array): Uint32Array {
  grams.sort()
  let count = 0
  for (let i = 0; i < grams.length; i++) if (i === 0 || grams[i] !== grams[i - 1]) grams[count++] = grams[i]!
  return grams.slice(0, count)
}

/** A row of the model for every n-gram that enough rows hold. */
function vocabulary(rows: readonly PresenceRow[]): GramTable {
  const table = new GramTable(LEAST_ROWS)
  for (const { grams } of rows) for (const gram of grams) table.count(gram)
  return table
}

/**
 * Per feature and output, the square of the log of how often it stands in a yes over how often in a no, each smoothed
 * by one: the weights below are those of plain presence, and move by the square of what the feature is worth.
 */
function squaredRatios(
  rows: readonly PresenceRow[],
  featured: readonly Features[],
  size: number,
  width: number,
): Float32Array {
  const yes = new Float32Array(size * width).fill(1)
  const no = new Float32Array(size * width).fill(1)
  rows.forEach(({ target }, i) => {
    for (const gram of featured[i]!) {
      const base = gram * width
      for (let k = 0; k < width; k++) {
        if (target[k] === 1) yes[base + k]!++
        else if (target[k] === 0) no[base + k]!++
      }
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
  rows: readonly PresenceRow[],
  featured: readonly Features[],
  squares: Float32Array,
  width: number,
): { weights: Float32Array; bias: Float32Array } {
  const weights = new Float32Array(squares.length)
  const bias = new Float32Array(width)
  // A dual variable may not be 0 itself.
  const duals = new Float64Array(rows.length * width).fill(FIRST_DUAL)
  const norms = normsOf(featured, squares, width)
  const places = rows.map(({ place }) => place)
  const scores = new Float64Array(width)
  const moves = new Float64Array(width)
  const moved = new Int32Array(width)
  const looked = new Int32Array(width)
  // What stood still in one pass is left alone from then on (Hsieh et al., ICML 2008, section 3.2: shrinking).
  const still = new Uint8Array(rows.length * width)
  for (let pass = 0; pass < PASSES; pass++) {
    for (const i of orderOf(places, SEED + pass)) {
      const { target, weight } = rows[i]!
      if (weight === 0) continue
      const row = featured[i]!
      let count = 0
      for (let k = 0; k < width; k++) if (still[i * width + k] === 0) looked[count++] = k
      if (count === 0) continue
      scores.set(bias)
      for (let at = 0; at < row.length; at++) {
        const base = row[at]! * width
        for (let l = 0; l < count; l++) {
          const k = looked[l]!
          scores[k]! += weights[base + k]!
        }
      }
      let active = 0
      for (let l = 0; l < count; l++) {
        const k = looked[l]!
        const at = i * width + k
        const side = target[k] === 1 ? 1 : target[k] === 0 ? -1 : 0
        const dual = duals[at]!
        const isSure = side === 0 || (dual < NEGLIGIBLE && side * scores[k]! > SURE)
        const next = isSure ? dual : dualOf(dual, norms[at]!, side * scores[k]!, COST * weight)
        if (Math.abs(next - dual) < NEGLIGIBLE) {
          still[at] = 1
          continue
        }
        duals[at] = next
        bias[k]! += side * (next - dual)
        moves[active] = side * (next - dual)
        moved[active++] = k
      }
      if (active === 0) continue
      for (let at = 0; at < row.length; at++) {
        const base = row[at]! * width
        for (let a = 0; a < active; a++) {
          const place = base + moved[a]!
          weights[place]! += moves[a]! * squares[place]!
        }
      }
    }
  }
  return { weights, bias }
}

/** The squared length of each row in each output, the bias with it. */
function normsOf(featured: readonly Features[], squares: Float32Array, width: number): Float32Array {
  const norms = new Float32Array(featured.length * width).fill(1)
  featured.forEach((row, i) => {
    for (let at = 0; at < row.length; at++) {
      const base = row[at]! * width
      for (let k = 0; k < width; k++) norms[i * width + k]! += squares[base + k]!
    }
  })
  return norms
}

/**
 * The best value of one dual variable while all others stand still: the root of square · (z - now) + margin +
 * log(z / (cost - z)) (ibid., algorithm 5), sought in log odds, where Newton's steps are long, between bounds it must lie in.
 */
function dualOf(now: number, square: number, margin: number, cost: number): number {
  let low = square * (now - cost) - margin
  let high = square * now - margin
  let odds = Math.min(high, Math.max(low, Math.log(now / (cost - now))))
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const share = 1 / (1 + Math.exp(-odds))
    const slope = square * (cost * share - now) + margin + odds
    if (slope > 0) high = odds
    else low = odds
    const next = odds - slope / (1 + square * cost * share * (1 - share))
    const inside = next > low && next < high ? next : (low + high) / 2
    const still = Math.abs(inside - odds) < CLOSE
    odds = inside
    if (still) break
  }
  return cost / (1 + Math.exp(-odds))
}
