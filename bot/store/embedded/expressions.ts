import { Context, ProcessingMode } from 'mingo'
import { evalExpr } from 'mingo/core'
import * as accumulatorOps from 'mingo/operators/accumulator'
import * as expressionOps from 'mingo/operators/expression'
import type { Options } from 'mingo/types'
import { Fault, unsupported } from './fault.js'
import { compareValues, isArray, isDoc, printValue, typeRank } from './values.js'

type Expression = (obj: never, expr: unknown, options: Options) => unknown

/** What is taken from mingo as it stands. A name that is not here is refused, so the list is the promise. */
const FROM_MINGO =
  '$abs $add $ceil $divide $floor $mod $multiply $pow $round $sqrt $subtract $trunc $arrayElemAt $arrayToObject $concatArrays $filter ' +
  '$first $isArray $last $map $range $reduce $reverseArray $size $slice $and $or $not $cond $ifNull $switch $dateAdd $dateDiff $dateFromParts ' +
  '$dateSubtract $dateToParts $dateToString $dateTrunc $dayOfMonth $dayOfWeek $dayOfYear $hour $isoDayOfWeek $isoWeek $isoWeekYear ' +
  '$millisecond $minute $month $second $week $year $getField $mergeObjects $objectToArray $setDifference $setEquals $setIntersection ' +
  '$setIsSubset $setUnion $concat $ltrim $rtrim $trim $split $strLenCP $substrCP $toLower $toUpper $replaceAll $replaceOne $regexMatch ' +
  '$toDate $toBool $toDouble $isNumber $let $literal'
const ACCUMULATORS =
  '$addToSet $avg $count $first $last $max $min $mergeObjects $push $stdDevPop $stdDevSamp $sum'

const pick = (all: object, names: string): Record<`$${string}`, never> =>
  Object.fromEntries(names.split(' ').map((name) => [name, (all as Record<string, never>)[name]])) as Record<
    `$${string}`,
    never
  >

/** In an expression a missing field is less than null, unlike in a filter. */
const order = (a: unknown, b: unknown): number =>
  Number(a !== undefined) - Number(b !== undefined) || compareValues(a, b)

const comparison =
  (result: (order: number) => unknown): Expression =>
  (obj, expr, options) => {
    if (!isArray(expr) || expr.length !== 2)
      throw new Fault(2, 'A comparison expression takes exactly 2 arguments')
    const [a, b] = evalExpr(obj, expr, options) as unknown[]
    return result(Math.sign(order(a, b)))
  }

const OWN: Record<string, Expression> = {
  $cmp: comparison((sign) => sign),
  $eq: comparison((sign) => sign === 0),
  $ne: comparison((sign) => sign !== 0),
  $gt: comparison((sign) => sign > 0),
  $gte: comparison((sign) => sign >= 0),
  $lt: comparison((sign) => sign < 0),
  $lte: comparison((sign) => sign <= 0),
  $in: (obj, expr, options) => {
    const [item, items] = evalExpr(obj, expr, options) as unknown[]
    if (!isArray(items)) throw new Fault(40081, '$in requires an array as a second argument')
    return items.some((other) => order(item, other) === 0)
  },
  $toString: (obj, expr, options) => {
    const value = evalExpr(obj, expr, options)
    if (value === undefined || value === null) return null
    if (value instanceof Date) return value.toISOString()
    if (isArray(value) || isDoc(value) || typeRank(value) === 30)
      throw new Fault(241, `Unsupported conversion of ${printValue(value)} to string`)
    return String(value)
  },
}

const EXPRESSIONS = { ...pick(expressionOps, FROM_MINGO), ...(OWN as Record<`$${string}`, never>) }
const ACCUMULATOR_OPS = pick(accumulatorOps, ACCUMULATORS)

/** mingo's options: only the listed operators, strict mode, no script execution. */
export const mingoOptions: Options = {
  idKey: '_id',
  processingMode: ProcessingMode.CLONE_OFF,
  useStrictMode: true,
  scriptEnabled: false,
  failOnError: true,
  context: Context.init({ expression: EXPRESSIONS, accumulator: ACCUMULATOR_OPS }),
}

/** Refuses by name, before any document is read, every operator in an aggregation expression that is not offered. */
export function checkExpression(expression: unknown): void {
  if (isArray(expression)) return expression.forEach(checkExpression)
  if (!isDoc(expression)) return
  for (const [key, operand] of Object.entries(expression)) {
    if (key.startsWith('$') && !(key in EXPRESSIONS) && !(key in ACCUMULATOR_OPS))
      throw unsupported(`The expression ${key}`, 168)
    if (key !== '$literal') checkExpression(operand)
  }
}

/** Runs code of mingo's and turns its complaints into answers in MongoDB's shape. */
export function inMingo<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof Fault) throw error
    throw new Fault(2, error instanceof Error ? error.message : String(error))
  }
}

/** A `$expr` as a predicate. */
export function evaluate(expression: unknown): (doc: unknown) => boolean {
  checkExpression(expression)
  return (doc) =>
    inMingo(() => {
      const value = evalExpr(doc, expression, mingoOptions)
      return value !== undefined && value !== null && value !== false && value !== 0
    })
}
