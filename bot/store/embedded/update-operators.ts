import { Fault, unsupported } from './fault.js'
import { compileFilter, isOperatorDoc } from './filter.js'
import { documentOrder, parseSort } from './paths.js'
import { cloneValue, compareValues, isArray, isDoc, printValue, type Doc } from './values.js'

/** An operator's answer when the field stays as it is. */
export const UNCHANGED = Symbol('unchanged')

interface Place {
  path: string
  id: unknown
}

/** Old value (undefined = missing) and argument → new value, undefined to remove the field, or UNCHANGED. */
interface FieldOperator {
  /** Makes the documents on the way to its path. */
  creates: boolean
  apply(old: unknown, argument: unknown, place: Place): unknown
}

const creating = (apply: FieldOperator['apply']): FieldOperator => ({ creates: true, apply })
const existing = (apply: FieldOperator['apply']): FieldOperator => ({
  creates: false,
  apply: (old, argument, place) => (old === undefined ? UNCHANGED : apply(old, argument, place)),
})

function increment(old: unknown, amount: unknown, { path, id }: Place): unknown {
  if (typeof amount !== 'number')
    throw new Fault(14, `Cannot increment with non-numeric argument: {${path}: ${printValue(amount)}}`)
  if (old === undefined) return amount
  if (typeof old === 'number') return old + amount
  throw new Fault(
    14,
    `Cannot apply $inc to a value of non-numeric type. {_id: ${printValue(id)}} has the field '${path}' of non-numeric type ${typeof old}`,
  )
}

function arrayAt(old: unknown, operator: string, { path, id }: Place): unknown[] {
  if (isArray(old)) return old
  throw new Fault(
    2,
    `The field '${path}' must be an array but is of type ${old === null ? 'null' : typeof old} in document {_id: ${printValue(id)}} (${operator})`,
  )
}

function modifiers(operator: string, argument: unknown, known: string[]): Doc & { $each: unknown[] } {
  if (!isDoc(argument) || !('$each' in argument)) return { $each: [argument] }
  const other = Object.keys(argument).find((key) => !known.includes(key))
  if (other) throw unsupported(`The clause ${other} of ${operator}`, 2)
  if (!isArray(argument.$each)) throw new Fault(2, `The argument to $each in ${operator} must be an array`)
  return { ...argument, $each: argument.$each }
}

function whole(value: unknown, name: string): number {
  if (!Number.isInteger(value)) throw new Fault(2, `The value for ${name} must be an integer`)
  return value as number
}

function push(old: unknown, argument: unknown, place: Place): unknown {
  const spec = modifiers('$push', argument, ['$each', '$position', '$slice', '$sort'])
  const items = old === undefined ? [] : arrayAt(old, '$push', place).slice()
  const at = spec.$position === undefined ? items.length : whole(spec.$position, '$position')
  items.splice(at, 0, ...cloneValue(spec.$each))
  if (isDoc(spec.$sort)) {
    const order = documentOrder(parseSort(spec.$sort))
    items.sort((a, b) => order(isDoc(a) ? a : {}, isDoc(b) ? b : {}))
  } else if (spec.$sort !== undefined) {
    const [[, direction]] = parseSort({ item: spec.$sort }) as [[string, number]]
    items.sort((a, b) => compareValues(a, b) * direction)
  }
  if (spec.$slice === undefined) return items
  const slice = whole(spec.$slice, '$slice')
  return slice < 0 ? items.slice(slice) : items.slice(0, slice)
}

function addToSet(old: unknown, argument: unknown, place: Place): unknown {
  const items = old === undefined ? [] : arrayAt(old, '$addToSet', place).slice()
  for (const item of modifiers('$addToSet', argument, ['$each']).$each) {
    if (!items.some((other) => compareValues(other, item) === 0)) items.push(cloneValue(item))
  }
  return items
}

function pull(old: unknown, argument: unknown, place: Place): unknown {
  const items = arrayAt(old, '$pull', place)
  if (isOperatorDoc(argument) || argument instanceof RegExp) {
    const matches = compileFilter({ item: argument })
    return items.filter((item) => !matches({ item }))
  }
  if (!isDoc(argument)) return items.filter((item) => compareValues(item, argument) !== 0)
  const matches = compileFilter(argument)
  return items.filter((item) => !isDoc(item) || !matches(item))
}

const set = creating((_old, argument) => cloneValue(argument))

/** The update operators offered. A name that is not here is refused. */
export const OPERATORS: Record<string, FieldOperator> = {
  $set: set,
  $setOnInsert: set,
  $unset: existing(() => undefined),
  $inc: creating(increment),
  $min: creating((old, value) => (old === undefined || compareValues(value, old) < 0 ? value : UNCHANGED)),
  $max: creating((old, value) => (old === undefined || compareValues(value, old) > 0 ? value : UNCHANGED)),
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
}
