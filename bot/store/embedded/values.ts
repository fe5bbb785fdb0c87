import { Binary, deserialize, serialize, type Long, type ObjectId } from 'bson'
import { Fault, unsupported } from './fault.js'

export type Doc = Record<string, unknown>

/** The place of `[]` in an order: MongoDB puts it before null. */
export const EMPTY_ARRAY = Symbol('[]')

const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024
const MAX_DEPTH = 100
const RANK_OF_BSON_TYPE: Record<string, number> = {
  Int32: 10,
  Double: 10,
  Long: 10,
  Binary: 30,
  ObjectId: 35,
}

/** mingo compares what it does not know by `toString()`, and Binary's default is lossy UTF-8: make it exact. */
class ExactBinary extends Binary {
  override toString(): string {
    return `${this.sub_type}:${Buffer.from(this.value()).toString('base64')}`
  }
}

const bsonType = (value: unknown): string | undefined =>
  (value as { _bsontype?: string } | null | undefined)?._bsontype

export const isArray = (value: unknown): value is unknown[] => Array.isArray(value)

/** True for a sub-document, false for arrays, dates, regular expressions and BSON types. */
export function isDoc(value: unknown): value is Doc {
  if (typeof value !== 'object' || value === null || isArray(value)) return false
  return !(value instanceof Date) && !(value instanceof RegExp) && bsonType(value) === undefined
}

/** The position of a value's type in MongoDB's comparison order; missing counts as null. */
export function typeRank(value: unknown): number {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return 10
    case 'string':
      return 15
    case 'boolean':
      return 40
    case 'undefined':
      return 5
    case 'symbol':
      return 4
  }
  if (value === null) return 5
  if (isArray(value)) return 25
  if (value instanceof Date) return 45
  if (value instanceof RegExp) return 50
  return RANK_OF_BSON_TYPE[bsonType(value) ?? ''] ?? 20
}

const numeric = (value: unknown): number | bigint =>
  typeof value === 'number' || typeof value === 'bigint'
    ? value
    : bsonType(value) === 'Long'
      ? (value as Long).toBigInt()
      : Number(value)

function compareNumbers(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1
  if (a > b) return 1
  return a == b ? 0 : Number(b !== b) - Number(a !== a) // NaN is the smallest number
}

/** Orders strings by their UTF-8 bytes as MongoDB does; UTF-16 units would put emoji before full-width punctuation. */
function compareStrings(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    let x = a.charCodeAt(i)
    let y = b.charCodeAt(i)
    if (x === y) continue
    if (x >= 0xd800 && y >= 0xd800) {
      x = x >= 0xe000 ? x - 0x800 : x + 0x2000
      y = y >= 0xe000 ? y - 0x800 : y + 0x2000
    }
    return x - y
  }
  return a.length - b.length
}

function compareDocs(a: Doc, b: Doc): number {
  const keysA = Object.keys(a)
  const keysB = Object.keys(b)
  for (const [i, key] of keysA.entries()) {
    const other = keysB[i]
    if (other === undefined) return 1
    const order =
      typeRank(a[key]) - typeRank(b[other]) || compareStrings(key, other) || compareValues(a[key], b[other])
    if (order !== 0) return order
  }
  return keysA.length - keysB.length
}

/** MongoDB's total order over BSON values; 0 means equal (numbers by value, documents by key order too). */
export function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b)
  if (typeof a === 'number' && typeof b === 'number') return compareNumbers(a, b)
  const rank = typeRank(a)
  const order = rank - typeRank(b)
  if (order !== 0) return order
  switch (rank) {
    case 10:
      return compareNumbers(numeric(a), numeric(b))
    case 20:
      return compareDocs(a as Doc, b as Doc)
    case 25: {
      const [xs, ys] = [a as unknown[], b as unknown[]]
      for (let i = 0; i < Math.min(xs.length, ys.length); i++) {
        const part = compareValues(xs[i], ys[i])
        if (part !== 0) return part
      }
      return xs.length - ys.length
    }
    case 30: {
      const [x, y] = [a as Binary, b as Binary]
      return x.length() - y.length() || x.sub_type - y.sub_type || Buffer.compare(x.value(), y.value())
    }
    case 35:
      return Buffer.compare((a as ObjectId).id, (b as ObjectId).id)
    case 40:
      return Number(a) - Number(b)
    case 45:
      return (a as Date).getTime() - (b as Date).getTime()
    case 50:
      return compareStrings(String(a), String(b))
  }
  return 0
}

/** A copy whose documents and arrays may be changed freely; BSON instances are immutable here and shared. */
export function cloneValue<T>(value: T): T {
  if (isArray(value)) return value.map(cloneValue) as T
  if (!isDoc(value)) return value
  const copy: Doc = {}
  for (const key of Object.keys(value)) copy[key] = cloneValue(value[key])
  return copy as T
}

/** Checks a value that is about to be stored and makes its binaries exact, in place; refuses by name what is not kept faithfully. */
export function storable<T>(value: T, depth = 0): T {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (depth > MAX_DEPTH) throw new Fault(2, `Document exceeds the nesting limit of ${MAX_DEPTH}`)
  const type = bsonType(value)
  if (type === 'Binary')
    return (
      value instanceof ExactBinary
        ? value
        : new ExactBinary((value as unknown as Binary).value(), (value as unknown as Binary).sub_type)
    ) as T
  if (type !== undefined && RANK_OF_BSON_TYPE[type] === undefined)
    throw unsupported(`The BSON type ${type}`, 2)
  if (type !== undefined || value instanceof RegExp) return value
  const container = value as Doc
  for (const key of Object.keys(container)) {
    const inner = container[key]
    if (typeof inner === 'object' && inner !== null) container[key] = storable(inner, depth + 1)
    if (key === '__proto__') throw unsupported("The field name '__proto__'", 2)
  }
  return value
}

/** BSON bytes → document. Numbers come as JavaScript numbers (a 64-bit integer beyond 2^53 stays a Long). */
export const decode = (bytes: Uint8Array): Doc => deserialize(bytes, { promoteBuffers: false })

/** Document → BSON bytes; throws where MongoDB would: above 16 MB. */
export function encode(doc: Doc): Uint8Array {
  const bytes = serialize(doc, { ignoreUndefined: true })
  if (bytes.length > MAX_DOCUMENT_BYTES)
    throw new Fault(
      10334,
      `BSONObj size: ${bytes.length} is invalid. Size must be between 0 and ${MAX_DOCUMENT_BYTES}`,
    )
  return bytes
}

/** A value as MongoDB prints it in `dup key: { … }`. */
export function printValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (value === undefined || value === null || value === EMPTY_ARRAY)
    return value === EMPTY_ARRAY ? 'undefined' : 'null'
  if (value instanceof Date) return `new Date(${value.getTime()})`
  if (bsonType(value) === 'ObjectId') return `ObjectId('${String(value)}')`
  if (bsonType(value) === 'Binary') return `BinData(${String(value).replace(':', ', ')})`
  if (isArray(value)) return `[ ${value.map(printValue).join(', ')} ]`
  if (isDoc(value))
    return `{ ${Object.entries(value)
      .map(([key, item]) => `${key}: ${printValue(item)}`)
      .join(', ')} }`
  return String(value)
}
