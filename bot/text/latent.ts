import { orderOf, quantise } from './linear-model.js'
import type { PresenceLesson } from './presence.js'

/** Numbers an n-gram is placed by, and nodes that look at the place of a whole text. */
const SIZE = 24
const NODES = 32
/** An n-gram that fewer rows hold has no place: what is rare is the linear model's. */
const LEAST_ROWS = 8
const PASSES = 3
/** A small lesson is read more often, so that it is learnt as well as a large one. */
const ENOUGH_ROWS = 4_000
const MOST_PASSES = 40
/** Length of a step (AdaGrad), and what is left of it in the last pass. */
const STEP = 0.1
const LAST_STEP = 0.5
/** n-grams that are left out each time a row is read, so that none is relied upon alone. */
const LEFT_OUT = 0.5
/** Texts of fewer n-grams stay near the middle. */
const FEW = 4
/** What a node passes on below 0. */
const LEAK = 0.1
/** An output this nearly right teaches nothing worth its time. */
const NEGLIGIBLE = 0.03
const FIRST_SQUARE = 0.01
/** How far apart n-grams are placed at first. */
const SPREAD = 0.3
const SEED = 11

/**
 * A small network beside a linear model over the same n-grams: every frequent n-gram has a place in a small space, a
 * text stands in their middle, and one layer of nodes looks at where. It hears what n-grams mean together: 不 far from 想活.
 */
export interface LatentModel {
  outputs: number
  /** Per row of the linear model the number of its place, or -1. */
  numberOf: Int32Array
  /** int8; one scale a dimension. */
  places: Int8Array
  scale: Float32Array
  inner: Float32Array
  innerBias: Float32Array
  outer: Float32Array
  outerBias: Float32Array
}

/**
 * Trains yes-or-no outputs (Iyyer et al., Deep Unordered Composition Rivals Syntactic Methods, ACL 2015, with one layer
 * and their word dropout) by AdaGrad (Duchi et al., JMLR 12, 2011), one rate a place. A target of NaN teaches nothing.
 * Deterministic: each row's order, each n-gram's first place and what is left
 * out come from its own text, so that a lesson changed a little teaches nearly the same.
 */
export function trainLatent({ rows, featured, index }: PresenceLesson, outputs: number): LatentModel {
  const numberOf = frequent(featured, index.size)
  const count = numberOf.reduce((most, number) => Math.max(most, number + 1), 0)
  const taught = Array.from(rows.keys()).filter((i) => rows[i]!.weight > 0)
  const lessons = taught.map((i) => featured[i]!.map((row) => numberOf[row]!).filter((at) => at >= 0))
  const targets = taught.map((i) => rows[i]!)
  const hashes = targets.map(({ place }) => place)

  const places = new Float32Array(count * SIZE)
  for (const [gram, row] of index) {
    const random = randomFrom(gram)
    const at = numberOf[row]!
    for (let d = 0; at >= 0 && d < SIZE; d++) places[at * SIZE + d] = (random() - 0.5) * SPREAD
  }
  const placesSquare = new Float32Array(count).fill(FIRST_SQUARE)
  const net = layers(outputs)
  const left = new Uint8Array(lessons.reduce((most, { length }) => Math.max(most, length), 0))

  const passes = Math.max(PASSES, Math.min(MOST_PASSES, Math.ceil(ENOUGH_ROWS / taught.length)))
  for (let pass = 0; pass < passes; pass++) {
    const step = STEP * (1 - ((1 - LAST_STEP) * pass) / (passes - 1))
    for (const i of orderOf(hashes, SEED + pass)) {
      const lesson = lessons[i]!
      const random = randomFrom(hashes[i]! ^ Math.imul(pass + 1, 0x9e3779b1))
      let held = 0
      net.middle.fill(0)
      for (let g = 0; g < lesson.length; g++) {
        left[g] = random() < LEFT_OUT ? 1 : 0
        if (left[g]) continue
        held++
        const from = lesson[g]! * SIZE
        for (let d = 0; d < SIZE; d++) net.middle[d]! += places[from + d]!
      }
      const share = 1 / Math.sqrt(Math.max(held, FEW))
      for (let d = 0; d < SIZE; d++) net.middle[d]! *= share
      if (!net.learn(targets[i]!.target, targets[i]!.weight, step)) continue
      let square = 0
      for (let d = 0; d < SIZE; d++) square += (net.pull[d]! *= share) ** 2
      for (let g = 0; g < lesson.length; g++) {
        if (left[g]) continue
        const at = lesson[g]!
        const rate = step / Math.sqrt((placesSquare[at]! += square / SIZE))
        for (let d = 0; d < SIZE; d++) places[at * SIZE + d]! -= rate * net.pull[d]!
      }
    }
  }
  const { weights, scale } = quantise(places, SIZE)
  const { inner, innerBias, outer, outerBias } = net
  return { outputs, numberOf, places: weights, scale, inner, innerBias, outer, outerBias }
}

/** Log odds per output of a text that holds these rows of the linear model. */
export function latentLogOdds(model: LatentModel, found: Int32Array): Float64Array {
  const { outputs, numberOf, places, scale, inner, innerBias, outer, outerBias } = model
  const middle = new Float64Array(SIZE)
  let held = 0
  for (const row of found) {
    const at = numberOf[row]!
    if (at < 0) continue
    held++
    for (let d = 0; d < SIZE; d++) middle[d]! += places[at * SIZE + d]!
  }
  const share = 1 / Math.sqrt(Math.max(held, FEW))
  for (let d = 0; d < SIZE; d++) middle[d]! *= scale[d]! * share
  const odds = Float64Array.from(outerBias)
  for (let n = 0; n < NODES; n++) {
    let sum = innerBias[n]!
    for (let d = 0; d < SIZE; d++) sum += middle[d]! * inner[d * NODES + n]!
    const passed = sum > 0 ? sum : sum * LEAK
    for (let k = 0; k < outputs; k++) odds[k]! += passed * outer[n * outputs + k]!
  }
  return odds
}

/** The layers, and one step of learning on what stands in `middle`. */
function layers(outputs: number) {
  const random = randomFrom(SEED)
  const filled = (length: number, width: number) =>
    Float32Array.from({ length }, () => (random() - 0.5) * 2 * Math.sqrt(3) * width)
  const inner = filled(SIZE * NODES, Math.sqrt(2 / SIZE))
  const outer = filled(NODES * outputs, 0.1)
  const [innerBias, outerBias] = [new Float32Array(NODES), new Float32Array(outputs)]
  const squares = [inner, innerBias, outer, outerBias].map(({ length }) =>
    new Float32Array(length).fill(FIRST_SQUARE),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array]
  const middle = new Float64Array(SIZE)
  const pull = new Float64Array(SIZE)
  const passed = new Float64Array(NODES)
  const pullOfNode = new Float64Array(NODES)
  const errors = new Float64Array(outputs)

  const move = (weights: Float32Array, square: Float32Array, at: number, slope: number, step: number) => {
    square[at]! += slope * slope
    weights[at]! -= (step * slope) / Math.sqrt(square[at]!)
  }

  /** False when nothing was to be learnt; else `pull` says where the middle should not have been. */
  function learn(target: ArrayLike<number>, weight: number, step: number): boolean {
    for (let n = 0; n < NODES; n++) {
      let sum = innerBias[n]!
      for (let d = 0; d < SIZE; d++) sum += middle[d]! * inner[d * NODES + n]!
      passed[n] = sum > 0 ? sum : sum * LEAK
    }
    let isWrong = false
    for (let k = 0; k < outputs; k++) {
      let odds = outerBias[k]!
      for (let n = 0; n < NODES; n++) odds += passed[n]! * outer[n * outputs + k]!
      const error = (1 / (1 + Math.exp(-odds)) - target[k]!) * weight
      // Also NaN, the unknown.
      errors[k] = Math.abs(error) >= NEGLIGIBLE ? error : 0
      if (errors[k] !== 0) isWrong = true
    }
    if (!isWrong) return false
    pullOfNode.fill(0)
    for (let k = 0; k < outputs; k++) {
      const error = errors[k]!
      if (error === 0) continue
      move(outerBias, squares[3], k, error, step)
      for (let n = 0; n < NODES; n++) {
        const at = n * outputs + k
        pullOfNode[n]! += error * outer[at]!
        move(outer, squares[2], at, error * passed[n]!, step)
      }
    }
    pull.fill(0)
    for (let n = 0; n < NODES; n++) {
      const slope = passed[n]! > 0 ? pullOfNode[n]! : pullOfNode[n]! * LEAK
      move(innerBias, squares[1], n, slope, step)
      for (let d = 0; d < SIZE; d++) {
        const at = d * NODES + n
        pull[d]! += slope * inner[at]!
        move(inner, squares[0], at, slope * middle[d]!, step)
      }
    }
    return true
  }

  return { middle, pull, inner, innerBias, outer, outerBias, learn }
}

/** Per row of the linear model a number from 0 up where enough rows of the lesson hold it, else -1. */
function frequent(featured: readonly Int32Array[], size: number): Int32Array {
  const counts = new Int32Array(size)
  for (const found of featured) for (const row of found) counts[row]!++
  let count = 0
  return counts.map((held) => (held >= LEAST_ROWS ? count++ : -1))
}

/** Numbers from 0 to below 1, the same ones for the same seed (xorshift32: Marsaglia, J. Stat. Softw. 8, 2003). */
function randomFrom(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
