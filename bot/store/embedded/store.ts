import type { IndexSpec } from './collection-index.js'
import { Collection, type Journal } from './collection.js'
import type { DataFile } from './data-file.js'
import { Fault } from './fault.js'

/** All collections of all databases: in memory for reading, in the data file (when there is one) for keeping. */
export class Store implements Journal {
  private collections = new Map<string, Collection>()
  private lastSeq = 0
  private lastCollection = 0

  constructor(private readonly file?: DataFile) {
    this.load()
  }

  private load(): void {
    this.collections = new Map()
    const byId = new Map<number, Collection>()
    for (const { id, db, name, indexes } of this.file?.collections() ?? []) {
      const collection = new Collection(id, db, name, this, indexes as IndexSpec[])
      byId.set(id, collection)
      this.collections.set(collection.namespace, collection)
      this.lastCollection = Math.max(this.lastCollection, id)
    }
    for (const { seq, collection, doc } of this.file?.documents() ?? []) {
      byId.get(collection)?.load(seq, doc)
      this.lastSeq = Math.max(this.lastSeq, seq)
    }
    for (const collection of byId.values()) collection.loaded()
  }

  nextSeq(): number {
    return ++this.lastSeq
  }

  put(collection: number, seq: number, bytes: Uint8Array): void {
    this.file?.put(collection, seq, bytes)
  }

  remove(seq: number): void {
    this.file?.remove(seq)
  }

  saveIndexes(collection: Collection): void {
    this.file?.saveCollection(
      collection.id,
      collection.db,
      collection.name,
      collection.indexes.slice(1).map((index) => index.spec),
    )
  }

  get(db: string, name: string): Collection | undefined {
    return this.collections.get(`${db}.${name}`)
  }

  /** The collection, made when there is none: MongoDB creates on the first write. */
  ensure(db: string, name: string): Collection {
    const known = this.get(db, name)
    if (known) return known
    if (name === '' || name.includes('$') || name.includes('\0') || name.startsWith('system.'))
      throw new Fault(73, `Invalid collection name: ${name}`)
    const collection = new Collection(++this.lastCollection, db, name, this)
    this.collections.set(collection.namespace, collection)
    this.saveIndexes(collection)
    return collection
  }

  drop(collection: Collection): void {
    this.collections.delete(collection.namespace)
    this.file?.dropCollection(collection.id)
  }

  /** The collections of one database, or of all. */
  list(db?: string): Collection[] {
    return [...this.collections.values()].filter((collection) => db === undefined || collection.db === db)
  }

  expire(now: number): number {
    return this.list().reduce((sum, collection) => sum + collection.expire(now), 0)
  }

  /** True while changes are not durable yet; their replies must wait for `commit`. */
  get dirty(): boolean {
    return this.file?.dirty ?? false
  }

  /** Makes all changes durable. When that fails (a full disk), memory goes back to what the file holds, and it throws. */
  commit(): void {
    try {
      this.file?.commit()
    } catch (error) {
      this.file?.rollback()
      this.load()
      throw error
    }
  }

  close(): void {
    this.file?.close()
  }
}
