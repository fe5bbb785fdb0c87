import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConnection, type Connection } from 'mongoose'
import { startEmbedded } from '../../bot/store/embedded/start.js'

/** A database of a test's own. */
export interface Opened {
  db: Connection
  close(): Promise<void>
}

export interface TestPlace {
  name: string
  /** `name` is the test file's: on MongoDB each has a database to itself. */
  open(name: string): Promise<Opened>
}

const connect = (uri: string, dbName?: string): Promise<Connection> =>
  createConnection(uri, { serverSelectionTimeoutMS: 10_000, dbName }).asPromise()

async function embedded(dataDir?: string): Promise<Opened> {
  const server = await startEmbedded(
    dataDir === undefined ? { memory: true, inline: true, sweepMs: 100 } : { dataDir, sweepMs: 100 },
  )
  const db = await connect(server.uri)
  return {
    db,
    async close() {
      await db.close()
      await server.stop()
      if (dataDir !== undefined) rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function mongodb(uri: string, name: string): Promise<Opened> {
  const db = await connect(uri, `test-${name}-${randomBytes(4).toString('hex')}`)
  return {
    db,
    async close() {
      await db.dropDatabase()
      await db.close()
    },
  }
}

const uri = process.env.MONGODB_URI

/** Where the contract is checked: the embedded database in memory and on disk, and MongoDB where MONGODB_URI is set. */
export const PLACES: TestPlace[] = [
  { name: 'the embedded database in memory', open: () => embedded() },
  {
    name: 'the embedded database on disk',
    open: () => embedded(mkdtempSync(join(tmpdir(), 'qingan-contract-'))),
  },
  ...(uri ? [{ name: 'MongoDB', open: (name: string) => mongodb(uri, name) }] : []),
]
