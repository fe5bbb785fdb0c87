/** A training row: a normalised text, its target per output (one-hot, or 0, 1 and NaN = unknown), its weight. */
export interface Row {
  text: string
  target: ArrayLike<number>
  weight?: number
}

/** A linear classifier over character n-grams as it is stored: int8 weights, one scale per output. */
export interface LinearModel {
  /** `softmax`: outputs exclude each other, features are tf-idf. `presence`: each is a yes or no, features are there or not. */
  kind: 'softmax' | 'presence'
  outputs: string[]
  /** n-gram hash → row of weights. */
  index: Map<number, number>
  /** Empty for `presence`. */
  idf: Float32Array
  weights: Int8Array
  scale: Float32Array
  bias: Float32Array
}

/**
 * The order of one pass: as if shuffled, but each row's place depends on its own text alone, so that a lesson with
 * one row more is read in the same order, and teaches nearly the same.
 */
export function orderOf(hashes: readonly number[], pass: number): Uint32Array {
  const keys = Float64Array.from(hashes, (hash, i) => mixed(hash ^ Math.imul(pass, 0x9e3779b1)) * 2 ** 21 + i)
  return Uint32Array.from(keys.sort(), (key) => key % 2 ** 21)
}

/** A number of 32 bits that a text keeps wherever it stands (FNV-1a). */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return mixed(hash)
}

/** The last mixing step of MurmurHash3: neighbours must not stay neighbours. */
function mixed(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Weights as int8, one scale per output. */
export function quantise(weights: Float32Array, width: number): { weights: Int8Array; scale: Float32Array } {
  const scale = new Float32Array(width)
  for (let i = 0; i < weights.length; i++) {
    const k = i % width
    const size = Math.abs(weights[i]!)
    if (size > scale[k]!) scale[k] = size
  }
  for (let k = 0; k < width; k++) scale[k] = scale[k]! / 127 || 1
  const small = new Int8Array(weights.length)
  for (let i = 0; i < weights.length; i++) small[i] = Math.round(weights[i]! / scale[i % width]!)
  return { weights: small, scale }
}
