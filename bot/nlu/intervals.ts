/** `count` of `of`, with the 95 % interval of the share; `share` is null when there was nothing to count. */
export interface Proportion {
  count: number
  of: number
  share: number | null
  low: number
  high: number
}

/** An area under the curve, or null when one of the two sides is empty. */
export type Area = { area: number; low: number; high: number } | null

/** The 97.5 % point of the normal distribution. */
const Z = 1.959964

/**
 * `count` of `of` with Wilson's 95 % score interval (E. B. Wilson, Probable inference, the law of succession, and
 * statistical inference, JASA 22 (1927) 209–212): holds for few cases and for shares near 0 and 1.
 */
export function proportion(count: number, of: number): Proportion {
  if (of === 0) return { count, of, share: null, low: 0, high: 1 }
  const share = count / of
  const scale = 1 + Z ** 2 / of
  const middle = (share + Z ** 2 / (2 * of)) / scale
  const half = (Z * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2))) / scale
  // At the ends the bound is exact; rounding must not put it beside the share.
  return { count, of, share, low: count === 0 ? 0 : middle - half, high: count === of ? 1 : middle + half }
}

/**
 * The chance that a positive scores above a negative, a tie counting half (area under the ROC curve), with the 95 %
 * score interval of R. G. Newcombe, Statistics in Medicine 25 (2006) 559–573, method 5.
 */
export function auroc(positives: readonly number[], negatives: readonly number[]): Area {
  if (positives.length === 0 || negatives.length === 0) return null
  const sorted = [...negatives].sort((a, b) => a - b)
  const sum = positives.reduce(
    (total, score) => total + (below(sorted, score) + belowOrEqual(sorted, score)) / 2,
    0,
  )
  const area = sum / (positives.length * negatives.length)
  const outside = (guess: number) =>
    Math.abs(guess - area) > Z * deviation(guess, positives.length, negatives.length)
  return { area, low: border(0, area, outside), high: border(1, area, outside) }
}

const below = (sorted: readonly number[], score: number) => position(sorted, (each) => each < score)
const belowOrEqual = (sorted: readonly number[], score: number) => position(sorted, (each) => each <= score)

/** How many items at the beginning hold. */
function position(sorted: readonly number[], holds: (each: number) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(sorted[middle] as number)) low = middle + 1
    else high = middle
  }
  return low
}

/** Hanley and McNeil's standard error of an area, both sides taken as equally large, as Newcombe's method 5 has it. */
function deviation(area: number, positives: number, negatives: number): number {
  const rest = (positives + negatives) / 2 - 1
  const spread = 1 + rest * ((1 - area) / (2 - area) + area / (1 + area))
  return Math.sqrt((area * (1 - area) * spread) / (positives * negatives))
}

/** Where `outside` stops to hold on the way from one end to the area. */
function border(end: number, area: number, outside: (guess: number) => boolean): number {
  let [far, near] = [end, area]
  for (let i = 0; i < 50; i++) {
    const middle = (far + near) / 2
    if (outside(middle)) far = middle
    else near = middle
  }
  return near
}
