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
  '$abs $add $ceil $divide $floor $mod $multiply $round $subtract $arrayElemAt $first $last $concatArrays $filter $isArray $map $size $slice ' +
  '$and $or $not $cond $ifNull $switch $dateAdd $dateDiff $dateSubtract $dateToString $dayOfMonth $dayOfWeek $hour $minute ' +
  '$month $year $mergeObjects $concat $strLenCP $substrCP $toLower $toUpper $let $literal'
const ACCUMULATORS = '$addToSet $avg $count $first $last $max $min $mergeObjects $push $sum'

type Operators = Record<`$${string}`, never>
const pick = (all: object, names: string): Operators =>
  Object.fromEntries(names.split(' ').map((name) => [name, (all as Operators)[name as '$']])) as Operators

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

const EXPRESSIONS = { ...pick(expressionOps, FROM_MINGO), ...(OWN as Operators) }
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

const VARIABLES = ['ROOT', 'CURRENT', 'REMOVE', 'NOW']

/**
 * Refuses by name, before any document is read, every operator and system variable in an aggregation expression that is
 * not offered. MongoDB's own variables are in capitals; those of $let, $map and $filter begin small.
 */
export function checkExpression(expression: unknown): void {
  if (isArray(expression)) return expression.forEach(checkExpression)
  if (typeof expression === 'string') {
    const variable = /^\$\$([A-Z]\w*)/.exec(expression)?.[1]
    if (variable && !VARIABLES.includes(variable)) throw unsupported(`The variable $$${variable}`, 17276)
  }
  if (!isDoc(expression)) return
  for (const [key, operand] of Object.entries(expression)) {
    if (key.startsWith('$') && !Object.hasOwn(EXPRESSIONS, key) && !Object.hasOwn(ACCUMULATOR_OPS, key))
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
