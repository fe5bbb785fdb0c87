import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createConnection, type Connection } from 'mongoose'
import { startEmbedded, type Embedded } from '../../bot/store/embedded/start.js'
import { migrateSchemas, storedVersions, type Migration } from '../../bot/store/schema-versions.js'

let database: Embedded
let connections: Connection[]
beforeEach(async () => {
  database = await startEmbedded({ memory: true, inline: true })
  connections = await Promise.all([1, 2].map(() => createConnection(database.uri).asPromise()))
})
afterEach(async () => {
  await Promise.all(connections.map((connection) => connection.close()))
  await database.stop()
})

const addName: Migration = (things) =>
  things.updateMany({ name: { $exists: false } }, { $set: { name: '无名' } })
const versions = async () =>
  Object.fromEntries(
    (await storedVersions(connections[0] as Connection)).map(({ _id, version }) => [_id, version]),
  )

test('When a collection has an older shape, then it is brought forward once, step by step, and its version says so', async () => {
  const db = connections[0] as Connection
  await db.collection('things').insertMany([{ n: 1 }, { n: 2 }])
  await migrateSchemas(db, ['things', 'empty'], { migrations: {} })
  expect(await versions()).toEqual({ things: 1, empty: 1 })
  let runs = 0
  const count: Migration = async (things) => {
    runs++
    await things.updateMany({}, { $inc: { n: 10 } })
  }
  const migrations = { things: [addName, count], fresh: [count] }
  await migrateSchemas(db, ['things', 'empty', 'fresh'], { migrations })
  await migrateSchemas(db, ['things', 'empty', 'fresh'], { migrations })
  expect(runs).toBe(1)
  expect(await versions()).toEqual({ things: 3, empty: 1, fresh: 2 })
  expect(
    await db
      .collection('things')
      .find({}, { projection: { _id: 0 } })
      .sort({ n: 1 })
      .toArray(),
  ).toEqual([
    { n: 11, name: '无名' },
    { n: 12, name: '无名' },
  ])
})

test('When two processes start at once, then one migrates and the other waits until it is done', async () => {
  const [a, b] = connections as [Connection, Connection]
  await a.collection('things').insertOne({ n: 1 })
  await migrateSchemas(a, ['things'], { migrations: {} })
  const order: string[] = []
  const slow =
    (who: string): Migration =>
    async (things) => {
      order.push(`${who} begins`)
      await new Promise((fulfil) => setTimeout(fulfil, 300))
      await things.updateMany({}, { $inc: { n: 1 } })
      order.push(`${who} ends`)
    }
  await Promise.all([
    migrateSchemas(a, ['things'], { migrations: { things: [slow('a')] } }).then(() => order.push('a starts')),
    migrateSchemas(b, ['things'], { migrations: { things: [slow('b')] } }).then(() => order.push('b starts')),
  ])
  expect(order).toHaveLength(4)
  expect(order[1]).toMatch(/ends$/)
  expect(await a.collection('things').findOne({})).toMatchObject({ n: 2 })
})

test('When the process that migrated was killed, then the next one takes over; a newer schema is refused by name', async () => {
  const [db] = connections as [Connection]
  await db.collection('things').insertOne({ n: 1 })
  await migrateSchemas(db, ['things'], { migrations: {} })
  await db.collection<{ _id: string }>('schemaleases').insertOne({ _id: 'lease', holder: 'dead', until: new Date(Date.now() + 60_000) } as never) // prettier-ignore
  await migrateSchemas(db, ['things'], { migrations: { things: [addName] }, alone: true })
  expect(await versions()).toEqual({ things: 2 })
  await db.collection<{ _id: string }>('schemaleases').insertOne({ _id: 'lease', holder: 'dead', until: new Date(0) } as never) // prettier-ignore
  await migrateSchemas(db, ['things'], { migrations: { things: [addName, addName] } })
  expect(await versions()).toEqual({ things: 3 })
  await expect(migrateSchemas(db, ['things'], { migrations: { things: [addName] } })).rejects.toMatchObject({
    code: 'store.newer',
    message: expect.stringContaining('the collection things was written by a newer version'),
  })
})
