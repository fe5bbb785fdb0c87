import type { Connection, mongo } from 'mongoose'
import { AppError } from '../errors.js'
import { connect } from './connection.js'
import {
  collectionNames,
  documentsAfter,
  indexesOf,
  makeIndexes,
  sumOf,
  toBytes,
  type Doc,
  type IndexDoc,
} from './documents.js'
import { reach } from './place.js'
import { refuseNewer, storedVersions } from './schema-versions.js'

/** How far a migration has come, kept in the new database until it is done. */
interface Progress {
  _id: 'migration'
  /** Which installation the data come from. */
  source: string
  /** Collections copied and compared. */
  done: string[]
}

const PROGRESS = 'migrations'
const BATCH = 500
/** Nothing expires in the old folder while it is copied. */
const NEVER_MS = 2 ** 31 - 1

/** Documents by collection. */
type Counts = Record<string, number>

/**
 * Copies a data folder into MongoDB and compares every collection's count and checksum. The folder is locked meanwhile
 * and not changed. After an interruption the next run goes on. Throws `store.not-empty` when the target holds other data,
 * `store.newer` when the folder was written by a newer version.
 */
export async function migrate(dataDir: string, uri: string, tell: (line: string) => void): Promise<Counts> {
  const database = await reach({ dataDir, sweepMs: NEVER_MS })
  try {
    const [from, to] = [await connect(database.uri), await connect(uri)]
    try {
      return await copyAll(from, to, tell)
    } finally {
      await Promise.all([from.close(), to.close()])
    }
  } finally {
    await database.stop()
  }
}

async function copyAll(from: Connection, to: Connection, tell: (line: string) => void): Promise<Counts> {
  refuseNewer(await storedVersions(from))
  const progress = to.collection<Progress>(PROGRESS)
  const source = await installationOf(from)
  const began = await progress.findOne({ _id: 'migration' })
  const filled = (await collectionNames(to)).filter((name) => name !== PROGRESS)
  const foreign = began ? began.source !== source : filled.length > 0
  if (foreign)
    throw new AppError('store.not-empty', { why: 'the target holds data of its own; it must be empty' })
  await progress.updateOne({ _id: 'migration' }, { $setOnInsert: { source, done: [] } }, { upsert: true })
  const counts: Counts = {}
  const indexes = new Map<string, IndexDoc[]>()
  for (const name of await collectionNames(from)) {
    const [old, fresh] = [from.collection(name), to.collection(name)]
    counts[name] = await copy(old, fresh, began?.done.includes(name) ?? false)
    indexes.set(name, await indexesOf(old))
    await progress.updateOne({ _id: 'migration' }, { $addToSet: { done: name } })
    tell(`${name} ${counts[name]}`)
  }
  // Indexes come last: a TTL index would take documents away before they are compared.
  for (const [name, each] of indexes) await makeIndexes(to.collection(name), each)
  await to.dropCollection(PROGRESS)
  return counts
}

/** The key check is made once, with a random nonce: no two installations have the same. */
async function installationOf(connection: Connection): Promise<string> {
  const check = await connection.collection<{ _id: string }>('keychecks').findOne({ _id: 'key' })
  if (!check) throw new AppError('store.unavailable', { why: 'this data folder holds no data of 青安' })
  return Buffer.from(toBytes(check)).toString('base64')
}

/** Copies what is missing, compares, and copies anew what differs. Returns the number of documents. */
async function copy(old: mongo.Collection, fresh: mongo.Collection, copied: boolean): Promise<number> {
  if (!copied) await copyAfter(old, fresh, await lastId(fresh))
  for (let attempt = 1; ; attempt++) {
    const [want, have] = [await sumOf(old), await sumOf(fresh)]
    if (want.count === have.count && want.sha256 === have.sha256) return want.count
    if (attempt === 2)
      throw new AppError('store.unavailable', {
        why: `${old.collectionName}: ${have.count} of ${want.count} documents arrived, and not the same; run it again`,
      })
    // The old folder was used between two runs.
    await fresh.deleteMany({})
    await copyAfter(old, fresh)
  }
}

/** Documents go in the order of `_id`, so the last one says how far an earlier run came. */
async function lastId(collection: mongo.Collection): Promise<unknown> {
  const [last] = await collection
    .find({}, { projection: { _id: 1 } })
    .sort({ _id: -1 })
    .limit(1)
    .toArray()
  return last?._id
}

async function copyAfter(old: mongo.Collection, fresh: mongo.Collection, after?: unknown): Promise<void> {
  let waiting: Doc[] = []
  const flush = async (): Promise<void> => {
    if (waiting.length) await fresh.insertMany(waiting, { ordered: true })
    waiting = []
  }
  for await (const doc of documentsAfter(old, after)) {
    if (waiting.push(doc) >= BATCH) await flush()
  }
  await flush()
}
