import { Fault, unsupported } from './fault.js'
import { compareValues, EMPTY_ARRAY, isArray, isDoc, printValue, type Doc } from './values.js'

const MAX_POSITION = 1_500_000
const isPosition = (part: string): boolean => /^\d+$/.test(part)

function walk(value: unknown, parts: string[], at: number, visit: (value: unknown) => void): void {
  const part = parts[at]
  if (part === undefined) return visit(value)
  if (isArray(value)) {
    if (isPosition(part) && Number(part) < value.length) walk(value[Number(part)], parts, at + 1, visit)
    for (const item of value) if (isDoc(item)) walk(item, parts, at, visit)
    return
  }
  if (isDoc(value) && Object.hasOwn(value, part)) return walk(value[part], parts, at + 1, visit)
  visit(undefined)
}

/**
 * Every value a dotted path reaches, arrays on the way taken element by element as MongoDB does; undefined = missing.
 * An array at the end comes whole: what to do with its elements differs from operator to operator.
 */
export function valuesAt(doc: unknown, path: string): unknown[] {
  if (!path.includes('.') && isDoc(doc)) return [Object.hasOwn(doc, path) ? doc[path] : undefined]
  const found: unknown[] = []
  walk(doc, path.split('.'), 0, (value) => found.push(value))
  return found
}

/** The values an index or a sort sees at a path: array elements, EMPTY_ARRAY for [], undefined when missing. */
export function keysAt(doc: Doc, path: string): unknown[] {
  const values = valuesAt(doc, path)
  if (values.length === 1 && !isArray(values[0])) return values
  const keys: unknown[] = []
  for (const value of values) {
    if (!isArray(value)) keys.push(value)
    else if (value.length === 0) keys.push(EMPTY_ARRAY)
    else keys.push(...value)
  }
  return keys.length > 0 ? keys : [undefined]
}

export type SortSpec = [path: string, direction: 1 | -1][]

/** Reads `{ a: 1, b: -1 }`; throws a Fault for anything else, `$meta` among it. */
export function parseSort(sort: unknown): SortSpec {
  if (!isDoc(sort)) throw new Fault(14, 'Expected the sort to be an object')
  return Object.entries(sort).map(([path, direction]) => {
    if (direction !== 1 && direction !== -1) throw unsupported(`The sort ${printValue(sort)}`, 2)
    return [path, direction]
  })
}

/** Orders documents as MongoDB does: an array counts by its smallest element ascending, by its largest descending. */
export function documentOrder(spec: SortSpec): (a: Doc, b: Doc) => number {
  const keyOf = (doc: Doc, path: string, direction: number): unknown => {
    const keys = keysAt(doc, path)
    return keys.length === 1
      ? keys[0]
      : keys.reduce((best, key) => (compareValues(key, best) * direction < 0 ? key : best))
  }
  return (a, b) => {
    for (const [path, direction] of spec) {
      const order = compareValues(keyOf(a, path, direction), keyOf(b, path, direction))
      if (order !== 0) return order * direction
    }
    return 0
  }
}

/** Where an update writes: a field of a document or a place in an array. */
type Parent = { holder: Doc; key: string } | { holder: unknown[]; key: number }

/** Finds the container of a path, making documents on the way when `create`. */
export function parentOf(root: Doc, parts: string[], create: boolean): Parent | undefined {
  let node: unknown = root
  for (const [i, part] of parts.entries()) {
    const last = i === parts.length - 1
    if (isArray(node) && isPosition(part)) {
      if (last) return { holder: node, key: Number(part) }
      if (node[Number(part)] === undefined && create) setAt({ holder: node, key: Number(part) }, {})
      node = node[Number(part)]
    } else if (isDoc(node)) {
      if (last) return { holder: node, key: part }
      if (!Object.hasOwn(node, part)) {
        if (!create) return undefined
        node[part] = {}
      }
      node = node[part]
    } else if (!create) return undefined
    else
      throw new Fault(28, `Cannot create field '${part}' in element {${parts[i - 1]}: ${printValue(node)}}`)
  }
  return undefined
}

export const getAt = ({ holder, key }: Parent): unknown =>
  Object.hasOwn(holder, key) ? (holder as Doc)[key] : undefined

export function setAt(parent: Parent, value: unknown): void {
  if (!isArray(parent.holder)) {
    parent.holder[parent.key] = value
    return
  }
  if ((parent.key as number) > MAX_POSITION) throw new Fault(2, 'Array index too large')
  while (parent.holder.length < (parent.key as number)) parent.holder.push(null)
  parent.holder[parent.key as number] = value
}
