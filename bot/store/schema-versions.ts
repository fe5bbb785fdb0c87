import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Connection } from 'mongoose'
import { AppError } from '../errors.js'
import {
  conversationsForTheDesk,
  escalationsForTheDesk,
  releasesPacked,
  type Migration,
} from './migrations.js'

/** Collection → its migrations, oldest first. The version of a collection is one more than it has migrations. */
export const MIGRATIONS: Record<string, Migration[]> = {
  conversations: [conversationsForTheDesk],
  escalations: [escalationsForTheDesk],
  releases: [releasesPacked],
}

interface VersionDoc {
  _id: string
  version: number
}
interface LeaseDoc {
  _id: 'lease'
  holder: string
  until: Date
}

const LEASE_MS = 15_000
const LOOK_MS = 200
export const VERSIONS = 'schemaversions'
const LEASES = 'schemaleases'
const DUPLICATE = 11000

const known = (migrations: Record<string, Migration[]>, name: string): number =>
  1 + (migrations[name]?.length ?? 0)

/** Throws `store.newer` when a stored version is beyond what this program knows. */
export function refuseNewer(stored: VersionDoc[], migrations = MIGRATIONS): void {
  for (const { _id, version } of stored)
    if (version > known(migrations, _id))
      throw new AppError('store.newer', {
        why: `the collection ${_id} was written by a newer version of 青安 (${version}, known is ${known(migrations, _id)}); update the program first`,
      })
}

/** The versions a database says its collections have. */
export const storedVersions = (connection: Connection): Promise<VersionDoc[]> =>
  connection.collection<VersionDoc>(VERSIONS).find().toArray()

/**
 * Brings every named collection forward to this program's version, under a lease: a second process waits until the first
 * is done, and takes over where it died. `alone` says that no other process can hold the lease. Throws `store.newer`.
 */
export async function migrateSchemas(
  connection: Connection,
  names: string[],
  {
    alone = false,
    migrations = MIGRATIONS,
  }: { alone?: boolean; migrations?: Record<string, Migration[]> } = {},
): Promise<void> {
  const versions = connection.collection<VersionDoc>(VERSIONS)
  const stored = new Map((await versions.find().toArray()).map(({ _id, version }) => [_id, version]))
  refuseNewer(
    [...stored].map(([_id, version]) => ({ _id, version })),
    migrations,
  )
  if (names.every((name) => stored.get(name) === known(migrations, name))) return
  if (alone) await connection.collection<LeaseDoc>(LEASES).deleteMany({})
  await underLease(connection, async () => {
    for (const name of names) {
      const collection = connection.collection(name)
      const found = await versions.findOne({ _id: name })
      const isEmpty = (await collection.findOne({}, { projection: { _id: 1 } })) === null
      const from = found?.version ?? (isEmpty ? known(migrations, name) : 1)
      refuseNewer([{ _id: name, version: from }], migrations)
      for (let version = from; version < known(migrations, name); version++) {
        await migrations[name]?.[version - 1]?.(collection)
        await versions.updateOne({ _id: name }, { $set: { version: version + 1 } }, { upsert: true })
      }
      if (!found)
        await versions.updateOne({ _id: name }, { $setOnInsert: { version: from } }, { upsert: true })
    }
  })
}

async function underLease(connection: Connection, work: () => Promise<void>): Promise<void> {
  const leases = connection.collection<LeaseDoc>(LEASES)
  const holder = randomUUID()
  const until = () => new Date(Date.now() + LEASE_MS)
  const take = async (): Promise<boolean> => {
    try {
      await leases.updateOne(
        { _id: 'lease', until: { $lte: new Date() } },
        { $set: { holder, until: until() } },
        { upsert: true },
      )
      return true
    } catch (error) {
      if ((error as { code?: number }).code === DUPLICATE) return false // somebody holds it
      throw error
    }
  }
  while (!(await take())) await pause(LOOK_MS)
  let lost: unknown
  const renewal = setInterval(() => {
    leases
      .updateOne({ _id: 'lease', holder }, { $set: { until: until() } })
      .catch((error: unknown) => (lost = error))
  }, LEASE_MS / 3)
  try {
    await work()
    if (lost) throw new AppError('store.unavailable', { why: 'the database went away' }, { cause: lost })
  } finally {
    clearInterval(renewal)
    await leases.deleteOne({ _id: 'lease', holder })
  }
}
