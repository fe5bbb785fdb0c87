import { evaluate } from './expressions.js'
import { Fault, unsupported } from './fault.js'
import { valuesAt } from './paths.js'
import { compareValues, isArray, isDoc, typeRank, type Doc } from './values.js'

/** A compiled filter. */
export type Matcher = (doc: unknown) => boolean
type Test = (value: unknown) => boolean
/** A field operator: gets every value at the path (arrays whole, undefined = missing). */
type FieldTest = (values: unknown[]) => boolean

/** Any value, or any element of an array value: MongoDB's reading of `{ tags: 'a' }`. */
const some =
  (test: Test): FieldTest =>
  (values) =>
    values.some((value) => test(value) || (isArray(value) && value.some(test)))

const equals =
  (operand: unknown): Test =>
  (value) =>
    compareValues(value, operand) === 0

function list(operator: string, operand: unknown): unknown[] {
  if (!isArray(operand)) throw new Fault(2, `${operator} needs an array`)
  return operand
}

function range(operand: unknown, accept: (order: number) => boolean): FieldTest {
  if (operand instanceof RegExp) throw new Fault(2, "Can't have RegEx as arg to a comparison operator")
  const rank = typeRank(operand)
  const inclusive = accept(0)
  const notANumber = Number.isNaN(operand)
  return some((value) => {
    if (typeRank(value) !== rank) return false
    if (notANumber || Number.isNaN(value)) return inclusive && notANumber && Number.isNaN(value)
    return accept(compareValues(value, operand))
  })
}

/** A regular expression as JavaScript's: BSON's dotAll arrives from the codec as `g`, which would make tests stateful. */
function pattern(source: unknown, options: unknown): RegExp {
  const flags =
    typeof options === 'string' ? options : source instanceof RegExp ? source.flags.replace('g', 's') : ''
  const unknownFlag = [...flags].find((flag) => !'imsu'.includes(flag))
  if (unknownFlag) throw unsupported(`The $regex option '${unknownFlag}'`, 2)
  if (typeof source !== 'string' && !(source instanceof RegExp))
    throw new Fault(2, '$regex has to be a string')
  try {
    return new RegExp(source instanceof RegExp ? source.source : source, flags)
  } catch (error) {
    throw new Fault(2, `Regular expression is invalid: ${String(error)}`)
  }
}

const matchesPattern = (regex: RegExp): FieldTest =>
  some((value) => typeof value === 'string' && regex.test(value))

function membership(operand: unknown): FieldTest {
  const items = list('$in', operand)
  const patterns = items
    .filter((item) => item instanceof RegExp)
    .map((item) => matchesPattern(pattern(item, undefined)))
  const plain = items.filter((item) => !(item instanceof RegExp)).sort(compareValues)
  const isMember: Test = (value) => {
    let low = 0
    let high = plain.length - 1
    while (low <= high) {
      const middle = (low + high) >>> 1
      const order = compareValues(plain[middle], value)
      if (order === 0) return true
      if (order < 0) low = middle + 1
      else high = middle - 1
    }
    return false
  }
  return (values) => some(isMember)(values) || patterns.some((test) => test(values))
}

function elementMatch(operand: unknown): FieldTest {
  if (!isDoc(operand)) throw new Fault(2, '$elemMatch needs an Object')
  const first = Object.keys(operand)[0]
  const ofValues = first?.startsWith('$') && !['$and', '$or', '$nor', '$expr'].includes(first)
  const condition = ofValues ? compileCondition(operand) : undefined
  const matcher = ofValues ? undefined : compileFilter(operand)
  const test: Test = condition
    ? (item) => condition([item])
    : (item) => (isDoc(item) || isArray(item)) && matcher?.(item) === true
  return (values) => values.some((value) => isArray(value) && value.some(test))
}

const not =
  (test: FieldTest): FieldTest =>
  (values) =>
    !test(values)

const FIELD_OPERATORS: Record<string, (operand: unknown, all: Doc) => FieldTest> = {
  $eq: (operand) => some(equals(operand)),
  $ne: (operand) => not(some(equals(operand))),
  $gt: (operand) => range(operand, (order) => order > 0),
  $gte: (operand) => range(operand, (order) => order >= 0),
  $lt: (operand) => range(operand, (order) => order < 0),
  $lte: (operand) => range(operand, (order) => order <= 0),
  $in: membership,
  $nin: (operand) => not(membership(operand)),
  $exists: (operand) => (values) => values.some((value) => value !== undefined) === Boolean(operand),
  $size: (operand) => (values) => values.some((value) => isArray(value) && value.length === operand),
  $all: (operand) => {
    const tests = list('$all', operand).map((item) =>
      isDoc(item) && '$elemMatch' in item
        ? elementMatch(item.$elemMatch)
        : item instanceof RegExp
          ? matchesPattern(pattern(item, undefined))
          : some(equals(item)),
    )
    return (values) => tests.length > 0 && tests.every((test) => test(values))
  },
  $elemMatch: elementMatch,
  $not: (operand) => {
    if (!isDoc(operand) && !(operand instanceof RegExp))
      throw new Fault(2, '$not needs a regex or a document')
    return not(compileCondition(operand))
  },
  $regex: (operand, all) => matchesPattern(pattern(operand, all.$options)),
  $options: (_operand, all) => {
    if (!('$regex' in all)) throw new Fault(2, '$options needs a $regex')
    return () => true
  },
}

/** True for `{ $gt: 1 }`: a document of operators, not one to compare with. */
export const isOperatorDoc = (value: unknown): value is Doc =>
  isDoc(value) && Object.keys(value)[0]?.startsWith('$') === true

function compileCondition(condition: unknown): FieldTest {
  if (condition instanceof RegExp) return matchesPattern(pattern(condition, undefined))
  if (!isOperatorDoc(condition)) return some(equals(condition))
  const tests = Object.entries(condition).map(([operator, operand]) => {
    const build = Object.hasOwn(FIELD_OPERATORS, operator) ? FIELD_OPERATORS[operator] : undefined
    if (!build)
      throw new Fault(2, `unknown operator: ${operator} (or not supported by the embedded database)`)
    return build(operand, condition)
  })
  return tests.length === 1 ? (tests[0] as FieldTest) : (values) => tests.every((test) => test(values))
}

function branches(operator: string, operand: unknown): Matcher[] {
  const items = list(operator, operand)
  if (items.length === 0) throw new Fault(2, `${operator} argument must be a non-empty array`)
  return items.map(compileFilter)
}

/**
 * Compiles a query filter to a predicate over documents.
 * Throws a Fault (code 2) that names any operator MongoDB or this server does not know, before a document is looked at.
 */
export function compileFilter(filter: unknown): Matcher {
  if (!isDoc(filter)) throw new Fault(14, 'Expected the filter to be an object')
  const tests = Object.entries(filter).map(([key, condition]): Matcher => {
    if (key === '$and' || key === '$or' || key === '$nor') {
      const parts = branches(key, condition)
      if (key === '$and') return (doc) => parts.every((part) => part(doc))
      return key === '$or'
        ? (doc) => parts.some((part) => part(doc))
        : (doc) => !parts.some((part) => part(doc))
    }
    if (key === '$expr') return evaluate(condition)
    if (key.startsWith('$'))
      throw new Fault(2, `unknown top level operator: ${key} (or not supported by the embedded database)`)
    const test = compileCondition(condition)
    return (doc) => test(valuesAt(doc, key))
  })
  return tests.length === 1 ? (tests[0] as Matcher) : (doc) => tests.every((test) => test(doc))
}
