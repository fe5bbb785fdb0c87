import { compareValues, isArray, isDoc, typeRank, type Doc } from './values.js'
import type { CollectionIndex, Row } from './collection-index.js'
import { compileFilter, isOperatorDoc } from './filter.js'
import type { SortSpec } from './paths.js'

interface Bound {
  value: unknown
  inclusive: boolean
}

/** What a filter demands of one path, as far as an index can use it. */
interface Demand {
  /** The path equals one of these. */
  equal?: unknown[]
  low?: Bound
  high?: Bound
}

/** Where to look: a superset of the matching rows; `sorted` when they come in the order that was asked for. */
export interface Plan {
  rows: Iterable<Row>
  sorted: boolean
  /** The index used, or undefined for a scan of the whole collection. */
  index?: string
}

const MAX_PREFIXES = 1000
const plain = (value: unknown): boolean =>
  !isArray(value) && !(value instanceof RegExp) && value !== undefined

function demandOf(condition: unknown): Demand {
  if (!isOperatorDoc(condition)) return plain(condition) ? { equal: [condition] } : {}
  const demand: Demand = {}
  if ('$eq' in condition && plain(condition.$eq)) demand.equal = [condition.$eq]
  else if (isArray(condition.$in) && condition.$in.every(plain)) demand.equal = condition.$in
  if ('$gt' in condition) demand.low = { value: condition.$gt, inclusive: false }
  else if ('$gte' in condition) demand.low = { value: condition.$gte, inclusive: true }
  if ('$lt' in condition) demand.high = { value: condition.$lt, inclusive: false }
  else if ('$lte' in condition) demand.high = { value: condition.$lte, inclusive: true }
  return demand
}

function demandsOf(filter: Doc, into = new Map<string, Demand>()): Map<string, Demand> {
  for (const [key, condition] of Object.entries(filter)) {
    if (key === '$and') for (const part of condition as Doc[]) demandsOf(part, into)
    else if (!key.startsWith('$')) into.set(key, { ...demandOf(condition), ...into.get(key) })
  }
  return into
}

/** A sparse or partial index holds only some documents: usable only where the filter asks for none of the others. */
function holdsAllMatches(index: CollectionIndex, filter: Doc, demands: Map<string, Demand>): boolean {
  if (index.spec.sparse) {
    const present = index.paths.some((path) => {
      const demand = demands.get(path)
      const bound = demand?.low ?? demand?.high
      return (
        (demand?.equal?.every((value) => value !== null) ?? false) ||
        (bound !== undefined && bound.value !== null)
      )
    })
    if (!present) return false
  }
  return Object.entries(index.spec.partialFilterExpression ?? {}).every(([path, condition]) => {
    if (path.startsWith('$')) return false
    if (path in filter && compareValues({ c: filter[path] }, { c: condition }) === 0) return true
    const test = compileFilter({ value: condition })
    return demands.get(path)?.equal?.every((value) => test({ value })) ?? false
  })
}

/** Where a key's value lies in relation to the bounds; without one bound the type's bracket limits that side. */
function sideOf(value: unknown, low: Bound | undefined, high: Bound | undefined): number {
  if (low) {
    const order = compareValues(value, low.value)
    if (order < 0 || (order === 0 && !low.inclusive)) return -1
    if (!high) return typeRank(value) > typeRank(low.value) ? 1 : 0
  }
  if (high) {
    const order = compareValues(value, high.value)
    if (order > 0 || (order === 0 && !high.inclusive)) return 1
    if (!low) return typeRank(value) < typeRank(high.value) ? -1 : 0
  }
  return 0
}

interface Access {
  index: CollectionIndex
  prefixes: unknown[][]
  range: Demand | undefined
  /** 1 or -1 when reading in that direction gives the wanted order. */
  order: 1 | -1 | undefined
  score: number
}

function accessOf(index: CollectionIndex, demands: Map<string, Demand>, sort: SortSpec): Access {
  let prefixes: unknown[][] = [[]]
  let depth = 0
  for (const path of index.paths) {
    const equal = demands.get(path)?.equal
    if (!equal || equal.length * prefixes.length > MAX_PREFIXES) break
    prefixes = prefixes.flatMap((prefix) => equal.map((value) => [...prefix, value]))
    depth++
  }
  const next = demands.get(index.paths[depth] ?? '')
  const bounded = next && (next.low ?? next.high) ? next : undefined
  // A multikey document may satisfy each bound with another element, so only one bound may limit the search.
  const range = bounded && index.multikey && bounded.low ? { low: bounded.low } : bounded
  const wanted = sort.filter(([path]) => demands.get(path)?.equal?.length !== 1 || index.multikey)
  const ways = wanted.map(([path, direction], i) =>
    index.paths[depth + i] === path ? direction * (index.directions[depth + i] as number) : 0,
  )
  const order =
    sort.length > 0 &&
    prefixes.length === 1 &&
    !index.multikey &&
    ways.every((way) => way !== 0 && way === ways[0])
      ? ((ways[0] ?? 1) as 1 | -1)
      : undefined
  return { index, prefixes, range, order, score: depth * 4 + (range ? 2 : 0) + (order ? 1 : 0) }
}

function* read({ index, prefixes, range, order }: Access): Generator<Row> {
  const several = prefixes.length > 1 ? new Set<Row>() : undefined
  for (const prefix of prefixes) {
    const side = (key: unknown[]): number => {
      for (const [i, value] of prefix.entries()) {
        const part = compareValues(key[i], value)
        if (part !== 0) return part * (index.directions[i] as number)
      }
      return range
        ? sideOf(key[prefix.length], range.low, range.high) * (index.directions[prefix.length] as number)
        : 0
    }
    for (const row of index.rows(side, order === -1)) {
      if (several?.has(row)) continue
      several?.add(row)
      yield row
    }
  }
}

function* union(plans: Plan[]): Generator<Row> {
  const seen = new Set<Row>()
  for (const plan of plans) {
    for (const row of plan.rows) {
      if (seen.has(row)) continue
      seen.add(row)
      yield row
    }
  }
}

/**
 * Chooses how to find the rows of a filter: the index that fixes most leading fields by equality or $in, then a range,
 * then the order; an `$or` goes by its branches when each has an index; else the whole collection is scanned.
 */
export function planQuery(indexes: CollectionIndex[], all: Iterable<Row>, filter: Doc, sort: SortSpec): Plan {
  const demands = demandsOf(filter)
  const best = indexes
    .map((index) => accessOf(index, demands, sort))
    .filter((access) => access.score > 0 && holdsAllMatches(access.index, filter, demands))
    .sort((a, b) => b.score - a.score)[0]
  if (best && best.score > 1)
    return { rows: read(best), sorted: best.order !== undefined, index: best.index.spec.name }
  const branches = isArray(filter.$or)
    ? filter.$or.filter(isDoc).map((branch) => planQuery(indexes, [], branch, []))
    : []
  if (branches.length > 0 && branches.every((branch) => branch.index))
    return { rows: union(branches), sorted: false, index: branches.map((branch) => branch.index).join('|') }
  return best ? { rows: read(best), sorted: true, index: best.index.spec.name } : { rows: all, sorted: false }
}
