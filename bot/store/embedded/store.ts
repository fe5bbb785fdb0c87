import type { IndexSpec } from './collection-index.js'
import { Collection, type Journal } from './collection.js'
import type { DataFile } from './data-file.js'
import { Fault } from './fault.js'
import type { Notice } from './notice.js'

/** How much the embedded database takes, in bytes of BSON; in memory that is up to fifteen times as much. */
export const MAX_BYTES = 128 * 1024 * 1024
const WARN_SHARE = 0.8
const MEGABYTE = 1024 * 1024

/** All collections of all databases: in memory for reading, in the data file (when there is one) for keeping. */
export class Store implements Journal {
  private collections = new Map<string, Collection>()
  private lastSeq = 0
  private lastCollection = 0
  private bytes = 0
  private warned = false

  /** `onNotice` hears what the file's opening found, and once when the limit comes near. */
  constructor(
    private readonly file?: DataFile,
    private readonly onNotice: (notice: Notice) => void = () => {},
    private readonly maxBytes = MAX_BYTES,
  ) {
    file?.notices.forEach(onNotice)
    this.load()
  }

  private load(): void {
    this.collections = new Map()
    this.bytes = 0
    const byId = new Map<number, Collection>()
    for (const { id, db, name, indexes } of this.file?.collections() ?? []) {
      const collection = new Collection(id, db, name, this, indexes as IndexSpec[])
      byId.set(id, collection)
      this.collections.set(collection.namespace, collection)
      this.lastCollection = Math.max(this.lastCollection, id)
    }
    for (const { seq, collection, doc, size } of this.file?.documents() ?? []) {
      byId.get(collection)?.load(seq, doc, size)
      this.bytes += size
      this.lastSeq = Math.max(this.lastSeq, seq)
    }
    for (const collection of byId.values()) collection.loaded()
    this.warn()
  }

  /** Once, when four fifths of the limit are taken. */
  private warn(): void {
    if (this.warned || this.bytes < WARN_SHARE * this.maxBytes) return
    this.warned = true
    const [used, most] = [this.bytes, this.maxBytes].map((bytes) => (bytes / MEGABYTE).toFixed(1))
    this.onNotice({
      event: 'database.filling',
      text: `The embedded database holds ${used} of at most ${most} MB; move to MongoDB before it is full (docs/database.md).`,
    })
  }

  nextSeq(): number {
    return ++this.lastSeq
  }

  /** Throws, and keeps nothing, where the document would grow beyond the limit of the whole. */
  put(collection: number, seq: number, bytes: Uint8Array, sizeBefore: number): void {
    const growth = bytes.length - sizeBefore
    if (growth > 0 && this.bytes + growth > this.maxBytes)
      throw new Fault(
        12501,
        `The embedded database is full (${this.maxBytes} bytes of documents); delete something or move to MongoDB`,
      )
    this.file?.put(collection, seq, bytes)
    this.bytes += growth
    this.warn()
  }

  remove(seq: number, size: number): void {
    this.file?.remove(seq)
    this.bytes -= size
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
    this.bytes -= collection.bytes
    this.file?.dropCollection(collection.id)
  }

  /** The collections of one database, or of all. */
  list(db?: string): Collection[] {
    return [...this.collections.values()].filter((collection) => db === undefined || collection.db === db)
  }

  expire(now: number): number {
    return this.list().reduce((sum, collection) => sum + collection.expire(now), 0)
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
