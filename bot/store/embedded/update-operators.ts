import { Fault, unsupported } from './fault.js'
import { compileFilter, isOperatorDoc } from './filter.js'
import { documentOrder } from './paths.js'
import { cloneValue, compareValues, isArray, isDoc, printValue, type Doc } from './values.js'

/** An operator's answer when the field stays as it is. */
export const UNCHANGED = Symbol('unchanged')

interface Place {
  path: string
  id: unknown
}

/** Old value (undefined = missing) and argument → new value, undefined to remove the field, or UNCHANGED. */
export interface FieldOperator {
  creates: boolean
  apply(old: unknown, argument: unknown, place: Place): unknown
}

const creating = (apply: FieldOperator['apply']): FieldOperator => ({ creates: true, apply })
const existing = (apply: FieldOperator['apply']): FieldOperator => ({
  creates: false,
  apply: (old, argument, place) => (old === undefined ? UNCHANGED : apply(old, argument, place)),
})

function arithmetic(
  name: string,
  missing: (amount: number) => number,
  compute: (old: number, amount: number) => number,
): FieldOperator {
  return creating((old, amount, { path, id }) => {
    if (typeof amount !== 'number')
      throw new Fault(
        14,
        `Cannot ${name === '$inc' ? 'increment' : 'multiply'} with non-numeric argument: {${path}: ${printValue(amount)}}`,
      )
    if (old === undefined) return missing(amount)
    if (typeof old !== 'number')
      throw new Fault(
        14,
        `Cannot apply ${name} to a value of non-numeric type. {_id: ${printValue(id)}} has the field '${path}' of non-numeric type ${typeof old}`,
      )
    return compute(old, amount)
  })
}

function arrayAt(old: unknown, operator: string, { path, id }: Place): unknown[] {
  if (isArray(old)) return old
  throw new Fault(
    2,
    `The field '${path}' must be an array but is of type ${old === null ? 'null' : typeof old} in document {_id: ${printValue(id)}} (${operator})`,
  )
}

function modifiers(operator: string, argument: unknown, known: string[]): Doc {
  if (!isDoc(argument) || !('$each' in argument)) return { $each: [argument] }
  const other = Object.keys(argument).find((key) => !known.includes(key))
  if (other) throw unsupported(`The clause ${other} of ${operator}`, 2)
  if (!isArray(argument.$each)) throw new Fault(2, `The argument to $each in ${operator} must be an array`)
  return argument
}

function whole(value: unknown, name: string): number {
  if (!Number.isInteger(value)) throw new Fault(2, `The value for ${name} must be an integer`)
  return value as number
}

function push(old: unknown, argument: unknown, place: Place): unknown {
  const spec = modifiers('$push', argument, ['$each', '$position', '$slice', '$sort'])
  const items = old === undefined ? [] : arrayAt(old, '$push', place).slice()
  items.splice(
    spec.$position === undefined ? items.length : whole(spec.$position, '$position'),
    0,
    ...cloneValue(spec.$each as unknown[]),
  )
  if (spec.$sort === 1 || spec.$sort === -1)
    items.sort((a, b) => compareValues(a, b) * (spec.$sort as number))
  else if (isDoc(spec.$sort)) {
    const order = documentOrder(
      Object.entries(spec.$sort).map(([path, direction]) => [path, direction === -1 ? -1 : 1]),
    )
    items.sort((a, b) => order(isDoc(a) ? a : {}, isDoc(b) ? b : {}))
  } else if (spec.$sort !== undefined)
    throw new Fault(
      2,
      'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields',
    )
  if (spec.$slice === undefined) return items
  const slice = whole(spec.$slice, '$slice')
  return slice === 0 ? [] : slice > 0 ? items.slice(0, slice) : items.slice(slice)
}

function addToSet(old: unknown, argument: unknown, place: Place): unknown {
  const items = old === undefined ? [] : arrayAt(old, '$addToSet', place).slice()
  for (const item of modifiers('$addToSet', argument, ['$each']).$each as unknown[]) {
    if (!items.some((other) => compareValues(other, item) === 0)) items.push(cloneValue(item))
  }
  return items
}

function pull(old: unknown, argument: unknown, place: Place): unknown {
  const items = arrayAt(old, '$pull', place)
  const asValue = isOperatorDoc(argument) || argument instanceof RegExp
  const onItem = asValue
    ? compileFilter({ item: argument })
    : isDoc(argument)
      ? compileFilter(argument)
      : undefined
  const test = (item: unknown): boolean => {
    if (!onItem) return compareValues(item, argument) === 0
    return asValue ? onItem({ item }) : isDoc(item) && onItem(item)
  }
  return items.filter((item) => !test(item))
}

function currentDate(argument: unknown): Date {
  if (argument === true || argument === false || (isDoc(argument) && argument.$type === 'date'))
    return new Date()
  throw unsupported(`$currentDate of ${printValue(argument)}`, 2)
}

const set = creating((_old, argument) => cloneValue(argument))

/** The update operators offered; `$rename` is handled on the whole document. A name that is not here is refused. */
export const OPERATORS: Record<string, FieldOperator> = {
  $set: set,
  $setOnInsert: set,
  $unset: existing(() => undefined),
  $inc: arithmetic(
    '$inc',
    (amount) => amount,
    (old, amount) => old + amount,
  ),
  $mul: arithmetic(
    '$mul',
    () => 0,
    (old, factor) => old * factor,
  ),
  $min: creating((old, value) => (old === undefined || compareValues(value, old) < 0 ? value : UNCHANGED)),
  $max: creating((old, value) => (old === undefined || compareValues(value, old) > 0 ? value : UNCHANGED)),
  $currentDate: creating((_old, argument) => currentDate(argument)),
  $push: creating(push),
  $addToSet: creating(addToSet),
  $pull: existing(pull),
  $pullAll: existing((old, argument, place) => {
    if (!isArray(argument)) throw new Fault(2, '$pullAll requires an array argument')
    return arrayAt(old, '$pullAll', place).filter(
      (item) => !argument.some((other) => compareValues(other, item) === 0),
    )
  }),
  $pop: existing((old, end, place) => {
    if (end !== 1 && end !== -1) throw new Fault(9, `$pop expects 1 or -1, found: ${printValue(end)}`)
    return end === 1 ? arrayAt(old, '$pop', place).slice(0, -1) : arrayAt(old, '$pop', place).slice(1)
  }),
  $rename: existing(() => UNCHANGED),
}
