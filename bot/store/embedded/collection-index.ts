import { Fault, unsupported } from './fault.js'
import { compileFilter, type Matcher } from './filter.js'
import { keysAt } from './paths.js'
import { SortedList } from './sorted-list.js'
import { compareValues, isDoc, printValue, type Doc } from './values.js'

/** A stored document; `seq` is its row and its place in natural order. The document itself is never changed in place. */
export interface Row {
  readonly seq: number
  doc: Doc
  /** Its bytes as BSON. */
  size: number
}

interface Entry {
  key: unknown[]
  row: Row
}

/** What createIndexes was asked for, as listIndexes gives it back. */
export interface IndexSpec extends Doc {
  key: Record<string, 1 | -1>
  name: string
  unique?: boolean
  sparse?: boolean
  partialFilterExpression?: Doc
  expireAfterSeconds?: number
}

const KNOWN_OPTIONS = new Set([
  'v',
  'key',
  'name',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'background',
  'ns',
])

/** Reads one index of createIndexes; refuses by name text, geo, hashed and wildcard keys, collations and unknown options. */
export function parseIndexSpec(spec: unknown): IndexSpec {
  if (!isDoc(spec) || !isDoc(spec.key) || typeof spec.name !== 'string')
    throw new Fault(9, 'An index needs a key and a name')
  const option = Object.keys(spec).find((key) => !KNOWN_OPTIONS.has(key))
  if (option) throw unsupported(`The index option ${option}`, 67)
  const fields = Object.entries(spec.key)
  if (fields.length === 0) throw new Fault(67, 'Index keys cannot be an empty object')
  for (const [path, direction] of fields) {
    if ((direction !== 1 && direction !== -1) || path.includes('$'))
      throw unsupported(`The index key ${printValue({ [path]: direction })}`, 67)
  }
  const { expireAfterSeconds: seconds, partialFilterExpression: partial } = spec
  if (seconds !== undefined && (typeof seconds !== 'number' || seconds < 0 || fields.length > 1))
    throw new Fault(67, 'TTL indexes are single-field indexes with expireAfterSeconds of 0 or more')
  if (partial !== undefined) compileFilter(partial)
  return {
    v: 2,
    key: spec.key as IndexSpec['key'],
    name: spec.name,
    ...(spec.unique ? { unique: true } : {}),
    ...(spec.sparse ? { sparse: true } : {}),
    ...(partial === undefined ? {} : { partialFilterExpression: partial as Doc }),
    ...(seconds === undefined ? {} : { expireAfterSeconds: seconds }),
  }
}

const compareParts = (a: unknown[], b: unknown[], directions: number[]): number => {
  for (let i = 0; i < directions.length; i++) {
    const order = compareValues(a[i], b[i])
    if (order !== 0) return order * (directions[i] as number)
  }
  return 0
}

/** One ordered index over a collection: serves equality, ranges and order, and guards uniqueness. */
export class CollectionIndex {
  readonly paths: string[]
  readonly directions: number[]
  /** True once a document put several entries here: then bounds cannot be intersected nor the order used. */
  multikey = false
  private readonly entries: SortedList<Entry>
  private readonly covers: Matcher | undefined

  constructor(
    readonly spec: IndexSpec,
    private readonly namespace: string,
  ) {
    this.paths = Object.keys(spec.key)
    this.directions = Object.values(spec.key)
    this.covers = spec.partialFilterExpression && compileFilter(spec.partialFilterExpression)
    this.entries = new SortedList(
      (a, b) => compareParts(a.key, b.key, this.directions) || a.row.seq - b.row.seq,
    )
  }

  /** The keys a document has here: none when sparse or partial leaves it out, several where a path meets an array. */
  private keysOf(doc: Doc): unknown[][] {
    if (this.covers && !this.covers(doc)) return []
    const parts = this.paths.map((path) => keysAt(doc, path))
    if (this.spec.sparse && parts.every((values) => values.every((value) => value === undefined))) return []
    const several = parts.findIndex((values) => values.length > 1)
    if (several < 0) return [parts.map((values) => values[0])]
    if (parts.some((values, i) => i > several && values.length > 1)) this.parallelArrays(doc, several)
    this.multikey = true
    const single = parts.map((values) => values[0])
    const keys = (parts[several] as unknown[]).map((value) =>
      single.map((other, i) => (i === several ? value : other)),
    )
    // One document may hold a value twice; it gets one entry for it.
    keys.sort((a, b) => compareParts(a, b, this.directions))
    return keys.filter(
      (key, i) => i === 0 || compareParts(key, keys[i - 1] as unknown[], this.directions) !== 0,
    )
  }

  private parallelArrays(doc: Doc, first: number): never {
    throw new Fault(
      171,
      `cannot index parallel arrays: ${this.paths.slice(first).join(', ')} in document {_id: ${printValue(doc._id)}}`,
    )
  }

  /** Throws E11000 when `doc` may not stand beside the other documents; `self` is the row it replaces. */
  check(doc: Doc, self?: Row): void {
    const keys = this.keysOf(doc)
    if (!this.spec.unique) return
    for (const key of keys) {
      for (const entry of this.entries.range((other) => compareParts(other.key, key, this.directions))) {
        if (entry.row !== self) throw this.duplicate(key)
      }
    }
  }

  private duplicate(key: unknown[]): Fault {
    const keyValue = Object.fromEntries(
      this.paths.map((path, i) => [path, typeof key[i] === 'symbol' || key[i] === undefined ? null : key[i]]),
    )
    const text = this.paths.map((path, i) => `${path}: ${printValue(key[i])}`).join(', ')
    return new Fault(
      11000,
      `E11000 duplicate key error collection: ${this.namespace} index: ${this.spec.name} dup key: { ${text} }`,
      { keyPattern: this.spec.key, keyValue },
    )
  }

  /** Indexes the documents of a whole collection; throws E11000 when two of them may not stand beside each other. */
  build(rows: Iterable<Row>): void {
    const entries = Array.from(rows, (row) => this.keysOf(row.doc).map((key) => ({ key, row }))).flat()
    this.entries.fill(entries)
    if (!this.spec.unique) return
    const clash = entries.find(
      (entry, i) => i > 0 && compareParts(entry.key, (entries[i - 1] as Entry).key, this.directions) === 0,
    )
    if (clash) throw this.duplicate(clash.key)
  }

  add(row: Row): void {
    for (const key of this.keysOf(row.doc)) this.entries.add({ key, row })
  }

  remove(row: Row): void {
    for (const key of this.keysOf(row.doc)) this.entries.remove({ key, row })
  }

  /** Rows whose keys `side` puts into the range (see SortedList), each once, in index order or against it. */
  *rows(side: (key: unknown[]) => number, backwards = false): Generator<Row> {
    const seen = this.multikey ? new Set<Row>() : undefined
    for (const { row } of this.entries.range((entry) => side(entry.key), backwards)) {
      if (seen?.has(row)) continue
      seen?.add(row)
      yield row
    }
  }
}
