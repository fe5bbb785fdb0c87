import { CollectionIndex, type IndexSpec, type Row } from './collection-index.js'
import { Fault } from './fault.js'
import { compileFilter } from './filter.js'
import { documentOrder, type SortSpec } from './paths.js'
import { planQuery } from './plan.js'
import { compareValues, encode, isArray, storable, type Doc } from './values.js'

/** Where a collection's changes are made durable; in memory mode nowhere. */
export interface Journal {
  nextSeq(): number
  put(collection: number, seq: number, bytes: Uint8Array, sizeBefore: number): void
  remove(seq: number, size: number): void
  saveIndexes(collection: Collection): void
}

const ID_INDEX: IndexSpec = { v: 2, key: { _id: 1 }, name: '_id_', unique: true }

/** The documents of one collection in memory, with their indexes; every change goes to the journal too. */
export class Collection {
  private readonly rows = new Map<number, Row>()
  indexes: CollectionIndex[]

  constructor(
    readonly id: number,
    readonly db: string,
    readonly name: string,
    private readonly journal: Journal,
    specs: IndexSpec[] = [],
  ) {
    this.indexes = [ID_INDEX, ...specs].map((spec) => new CollectionIndex(spec, this.namespace))
  }

  get namespace(): string {
    return `${this.db}.${this.name}`
  }

  get size(): number {
    return this.rows.size
  }

  /** The size of its documents as BSON. */
  get bytes(): number {
    let sum = 0
    for (const { size } of this.rows.values()) sum += size
    return sum
  }

  documents(): Doc[] {
    return Array.from(this.rows.values(), (row) => row.doc)
  }

  /** Takes a document that is on disk already, at start; `loaded` follows after the last one. */
  load(seq: number, doc: Doc, size: number): void {
    this.rows.set(seq, { seq, doc: storable(doc), size })
  }

  loaded(): void {
    for (const index of this.indexes) index.build(this.rows.values())
  }

  /** Inserts; throws E11000 and leaves everything as it was when a unique index forbids it. */
  insert(input: Doc): void {
    const { _id, ...rest } = storable(input)
    if (isArray(_id) || _id instanceof RegExp || _id === undefined)
      throw new Fault(2, "The '_id' value cannot be of type array, regex or missing")
    const dollar = Object.keys(rest).find((key) => key.startsWith('$'))
    if (dollar)
      throw new Fault(
        52,
        `The dollar ($) prefixed field '${dollar}' in '${dollar}' is not valid for storage.`,
      )
    const doc = { _id, ...rest }
    const bytes = encode(doc)
    for (const index of this.indexes) index.check(doc)
    const row: Row = { seq: this.journal.nextSeq(), doc, size: bytes.length }
    this.journal.put(this.id, row.seq, bytes, 0)
    this.rows.set(row.seq, row)
    for (const index of this.indexes) index.add(row)
  }

  /** Puts a new document in a row's place; throws E11000 and leaves everything as it was when an index forbids it. */
  replace(row: Row, input: Doc): void {
    const doc = storable(input)
    const bytes = encode(doc)
    for (const index of this.indexes) index.check(doc, row)
    this.journal.put(this.id, row.seq, bytes, row.size)
    for (const index of this.indexes) index.remove(row)
    row.doc = doc
    row.size = bytes.length
    for (const index of this.indexes) index.add(row)
  }

  remove(row: Row): void {
    if (!this.rows.delete(row.seq)) return
    this.journal.remove(row.seq, row.size)
    for (const index of this.indexes) index.remove(row)
  }

  /** The rows a filter matches, in order, from `skip`, at most `limit` (0 = all). */
  find(
    filter: Doc,
    { sort = [], skip = 0, limit = 0 }: { sort?: SortSpec; skip?: number; limit?: number } = {},
  ): Row[] {
    const matches = compileFilter(filter)
    const plan = planQuery(this.indexes, this.rows.values(), filter, sort)
    const enough = limit > 0 && (plan.sorted || sort.length === 0) ? skip + limit : Infinity
    const found: Row[] = []
    for (const row of plan.rows) {
      if (matches(row.doc)) found.push(row)
      if (found.length >= enough) break
    }
    if (sort.length > 0 && !plan.sorted) {
      const order = documentOrder(sort)
      found.sort((a, b) => order(a.doc, b.doc))
    }
    return limit > 0 ? found.slice(skip, skip + limit) : skip > 0 ? found.slice(skip) : found
  }

  /** Adds an index over the documents there are; false when the same index exists. */
  createIndex(spec: IndexSpec): boolean {
    const same = (a: unknown, b: unknown): boolean => compareValues(a, b) === 0
    for (const { spec: existing } of this.indexes) {
      const { name } = existing
      if (same(existing.key, spec.key) && (name === '_id_' || same(existing, spec))) return false
      if (name === spec.name)
        throw new Fault(
          86,
          `An existing index has the same name as the requested index but differs in key or options: ${name}`,
        )
      if (
        same(existing.key, spec.key) &&
        same(existing.partialFilterExpression, spec.partialFilterExpression)
      )
        throw new Fault(85, `Index already exists with a different name or options: ${name}`)
    }
    const index = new CollectionIndex(spec, this.namespace)
    index.build(this.rows.values())
    this.indexes.push(index)
    this.journal.saveIndexes(this)
    return true
  }

  /** Drops an index by name or key; '*' drops all but _id. */
  dropIndex(which: unknown): void {
    const drop = (index: CollectionIndex): boolean =>
      which === '*' || index.spec.name === which || compareValues(index.spec.key, which) === 0
    if (which !== '*' && !this.indexes.some(drop))
      throw new Fault(27, `index not found with name [${String(which)}]`)
    if (which !== '*' && this.indexes[0] && drop(this.indexes[0]))
      throw new Fault(72, 'cannot drop _id index')
    this.indexes = this.indexes.filter((index, i) => i === 0 || !drop(index))
    this.journal.saveIndexes(this)
  }

  /** Removes what its TTL indexes say has expired at `now` (ms). Returns how many documents went. */
  expire(now: number): number {
    let expired = 0
    for (const { spec } of this.indexes) {
      if (spec.expireAfterSeconds === undefined) continue
      const rows = this.find({
        [Object.keys(spec.key)[0] as string]: { $lte: new Date(now - spec.expireAfterSeconds * 1000) },
      })
      for (const row of rows) this.remove(row)
      expired += rows.length
    }
    return expired
  }
}
