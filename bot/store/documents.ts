import { createHash, type Hash } from 'node:crypto'
import { deserialize, serialize } from 'bson'
import type { Connection, mongo } from 'mongoose'

export type Doc = Record<string, unknown>

/** An index as it is made again elsewhere. */
export interface IndexDoc extends Doc {
  key: Record<string, 1 | -1>
  name: string
}

/** How many documents, and SHA-256 over their BSON in the order of `_id`. */
export interface Sum {
  count: number
  sha256: string
}

/** Small enough that a chat never waits long behind one batch. */
const BATCH = 200

/** Exact types: a double that happens to be whole stays a double. */
const EXACT = { promoteValues: false, promoteBuffers: false, promoteLongs: false }

export const toBytes = (doc: Doc): Uint8Array => serialize(doc, { ignoreUndefined: true })
export const fromBytes = (bytes: Uint8Array): Doc => deserialize(bytes, EXACT)

/** Names of a database's collections, in order. */
export async function collectionNames(connection: Connection): Promise<string[]> {
  const found = (await connection.db?.listCollections().toArray()) ?? []
  return found
    .filter(({ type, name }) => type === 'collection' && !name.startsWith('system.'))
    .map(({ name }) => name)
    .sort()
}

/** The indexes of a collection but that of `_id`. */
export async function indexesOf(collection: mongo.Collection): Promise<IndexDoc[]> {
  const found = (await collection.listIndexes().toArray()) as IndexDoc[]
  return found.filter(({ name }) => name !== '_id_').map(({ v: _v, ns: _ns, ...index }) => index as IndexDoc)
}

/** Makes indexes again; those that are there already stay. */
export async function makeIndexes(collection: mongo.Collection, indexes: IndexDoc[]): Promise<void> {
  if (indexes.length > 0) await collection.createIndexes(indexes as mongo.IndexDescription[])
}

/** Every document of a snapshot, with exact types, in no order. */
export const documentsOf = (collection: mongo.Collection, session: mongo.ClientSession): AsyncIterable<Doc> =>
  collection.find({}, { ...EXACT, session, batchSize: BATCH })

/** Documents in the order of `_id`, with exact types. */
export function documentsAfter(collection: mongo.Collection, after?: unknown): AsyncIterable<Doc> {
  const filter = after === undefined ? {} : { _id: { $gt: after } }
  return collection
    .find(filter as mongo.Filter<mongo.Document>, { ...EXACT, batchSize: BATCH })
    .sort({ _id: 1 })
}

/** Sums documents one by one. */
export function summing(): { add(bytes: Uint8Array): void; sum(): Sum } {
  const hash: Hash = createHash('sha256')
  let count = 0
  return {
    add(bytes) {
      hash.update(bytes)
      count++
    },
    sum: () => ({ count, sha256: hash.digest('hex') }),
  }
}

/** The sum over a whole collection as it is stored. */
export async function sumOf(collection: mongo.Collection): Promise<Sum> {
  const all = summing()
  for await (const doc of documentsAfter(collection)) all.add(toBytes(doc))
  return all.sum()
}
