import { existsSync, rmSync } from 'node:fs'
import { mkdir, open, rename, type FileHandle } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Connection, mongo } from 'mongoose'
import { AppError } from '../errors.js'
import { decryptFrom, encryptTo } from './backup-file.js'
import { connect } from './connection.js'
import {
  collectionNames,
  documentsOf,
  fromBytes,
  indexesOf,
  makeIndexes,
  summing,
  toBytes,
  type Doc,
  type IndexDoc,
  type Sum,
} from './documents.js'
import { reach, type Place } from './place.js'
import { refuseNewer, VERSIONS } from './schema-versions.js'

/** What a backup holds, one BSON document after the other: a collection, its documents, its sum; the next collection; the end. */
type Entry =
  | { collection: string; indexes: IndexDoc[] }
  | { document: Doc }
  | { sum: Sum }
  | { collections: number; at: Date }

/** Documents by collection. */
export type Counts = Record<string, number>

const RESTORE_BATCH = 500
/** No document expires while it is being restored. */
const NEVER_MS = 2 ** 31 - 1

const invalid = (why: string): AppError => new AppError('backup.invalid', { why })

/**
 * Writes everything in a database into `path`, encrypted, as it was at one moment, while others go on working (read
 * concern `snapshot`: the embedded database, or a replica set of MongoDB). The file appears under its name only when it
 * is whole and was read back. Throws `store.not-empty` when there is one, without `force`.
 */
export async function backUp(
  place: Place,
  path: string,
  passphrase: string,
  force: boolean,
): Promise<Counts> {
  if (existsSync(path) && !force)
    throw new AppError('store.not-empty', { why: `${path} exists; --force replaces it` })
  const database = await reach(place)
  const connection = await connect(database.uri)
  const partial = `${path}.partial`
  try {
    rmSync(partial, { force: true })
    const file = await open(partial, 'wx', 0o600)
    try {
      await dump(connection, file, passphrase)
    } finally {
      await file.close()
    }
    const counts = await verifyBackup(partial, passphrase)
    await rename(partial, path)
    return counts
  } finally {
    rmSync(partial, { force: true })
    await connection.close()
    await database.stop()
  }
}

async function dump(connection: Connection, file: FileHandle, passphrase: string): Promise<void> {
  const out = await encryptTo(file, passphrase)
  const write = (entry: Entry) => out.write(toBytes(entry))
  const session = await connection.startSession({ snapshot: true })
  try {
    const names = await collectionNames(connection)
    for (const name of names) {
      const collection: mongo.Collection = connection.collection(name)
      await write({ collection: name, indexes: await indexesOf(collection) })
      const all = summing()
      for await (const document of documentsOf(collection, session)) {
        all.add(toBytes(document))
        await write({ document })
      }
      await write({ sum: all.sum() })
    }
    await write({ collections: names.length, at: new Date() })
    await out.end()
  } finally {
    await session.endSession()
  }
}

/** The entries of a backup, decrypted and in order; an entry may go over the border of two frames. */
async function* entriesOf(file: FileHandle, passphrase: string): AsyncGenerator<Entry> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const frame of decryptFrom(file, passphrase)) {
    rest = rest.length ? Buffer.concat([rest, frame]) : frame
    let at = 0
    while (rest.length - at >= 4 && rest.length - at >= rest.readInt32LE(at)) {
      const length = rest.readInt32LE(at)
      if (length < 5) throw invalid('an entry has no length')
      yield fromBytes(rest.subarray(at, at + length)) as Entry
      at += length
    }
    rest = rest.subarray(at)
  }
  if (rest.length) throw invalid('it ends within an entry')
}

interface Taker {
  begin(name: string, indexes: IndexDoc[]): Promise<void> | void
  take(document: Doc): Promise<void> | void
  end(): Promise<void> | void
}

/** Goes through a whole backup; checks counts, sums, schema versions and the end. */
async function readBackup(path: string, passphrase: string, taker: Taker): Promise<Counts> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new AppError('backup.invalid', { why: `${path} cannot be opened` }, { cause })
  })
  try {
    const counts: Counts = {}
    let [name, all, whole] = ['', summing(), false]
    for await (const entry of entriesOf(file, passphrase)) {
      if (whole) throw invalid('something follows its end')
      if ('collection' in entry) {
        ;[name, all] = [entry.collection, summing()]
        await taker.begin(name, plainIndexes(entry.indexes))
      } else if ('document' in entry) {
        all.add(toBytes(entry.document))
        if (name === VERSIONS) refuseNewer([plainVersion(entry.document)])
        await taker.take(entry.document)
      } else if ('sum' in entry) {
        const found = all.sum()
        if (Number(entry.sum.count) !== found.count || entry.sum.sha256 !== found.sha256)
          throw invalid(`the documents of ${name} are not those that were written`)
        counts[name] = found.count
        await taker.end()
      } else whole = Number(entry.collections) === Object.keys(counts).length
    }
    if (!whole) throw invalid('its end is missing')
    return counts
  } finally {
    await file.close()
  }
}

/** Exact types serve documents; what describes them is wanted as plain numbers. */
const plainVersion = (doc: Doc) => ({ _id: String(doc._id), version: Number(doc.version) })
const plainIndexes = (indexes: IndexDoc[]): IndexDoc[] =>
  indexes.map((index) => {
    const key = Object.entries(index.key).map(([path, direction]) => [path, Number(direction)])
    return { ...index, key: Object.fromEntries(key) as IndexDoc['key'] }
  })

/** Reads a backup to its end and checks every byte. Throws `backup.invalid` or `store.newer`. */
export const verifyBackup = (path: string, passphrase: string): Promise<Counts> =>
  readBackup(path, passphrase, { begin: () => {}, take: () => {}, end: () => {} })

/**
 * Puts a backup in the place of a database, after it was verified as a whole. A data folder gets its database in one
 * step, from a folder beside it. Throws `store.not-empty` where there are data, without `force`; then they are replaced.
 */
export async function restore(
  place: { uri: string } | { dataDir: string },
  path: string,
  passphrase: string,
  force: boolean,
): Promise<Counts> {
  const counts = await verifyBackup(path, passphrase)
  if ('uri' in place) await fill(place.uri, path, passphrase, force)
  else await fillFolder(resolve(place.dataDir), path, passphrase, force)
  return counts
}

async function fillFolder(dataDir: string, path: string, passphrase: string, force: boolean): Promise<void> {
  const files = ['database.sqlite', 'database.sqlite-wal', 'database.sqlite-shm'].map((each) =>
    join(dataDir, each),
  )
  if (existsSync(files[0] as string)) {
    if (!force) throw new AppError('store.not-empty', { why: `${dataDir} holds data; --force replaces them` })
    await (await reach({ dataDir })).stop() // nobody has it open, else this throws
  }
  const beside = `${dataDir}.restoring`
  rmSync(beside, { recursive: true, force: true })
  try {
    const database = await reach({ dataDir: beside, sweepMs: NEVER_MS })
    try {
      await fill(database.uri, path, passphrase, false)
    } finally {
      await database.stop()
    }
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    for (const file of files.slice(1)) rmSync(file, { force: true })
    await rename(join(beside, 'database.sqlite'), files[0] as string)
    const folder = await open(dirname(files[0] as string), 'r')
    await folder.sync()
    await folder.close()
  } finally {
    rmSync(beside, { recursive: true, force: true })
  }
}

async function fill(uri: string, path: string, passphrase: string, force: boolean): Promise<void> {
  const connection = await connect(uri)
  try {
    for (const name of await collectionNames(connection)) {
      if (!force && (await connection.collection(name).findOne({})))
        throw new AppError('store.not-empty', {
          why: `the database holds ${name}; --force replaces everything`,
        })
      await connection.dropCollection(name)
    }
    await readBackup(path, passphrase, filler(connection))
  } finally {
    await connection.close()
  }
}

function filler(connection: Connection): Taker {
  let [name, indexes, waiting]: [string, IndexDoc[], Doc[]] = ['', [], []]
  const flush = async (): Promise<void> => {
    if (waiting.length) await connection.collection(name).insertMany(waiting)
    waiting = []
  }
  return {
    async begin(next, itsIndexes) {
      ;[name, indexes] = [next, itsIndexes]
      await connection.createCollection(name)
    },
    async take(document) {
      if (waiting.push(document) >= RESTORE_BATCH) await flush()
    },
    async end() {
      await flush()
      await makeIndexes(connection.collection(name), indexes)
    },
  }
}
