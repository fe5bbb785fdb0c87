import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { createConnection, type Connection } from 'mongoose'
import { startEmbedded, type Embedded } from '../../bot/store/embedded/start.js'
import { releases, type Release } from '../../bot/store/releases.js'
import { migrateSchemas } from '../../bot/store/schema-versions.js'

let database: Embedded
let connection: Connection
beforeAll(async () => {
  database = await startEmbedded({ memory: true, inline: true })
  connection = await createConnection(database.uri).asPromise()
})
afterAll(async () => {
  await connection.close()
  await database.stop()
})

const MEGABYTE = 2 ** 20
const release = (id: string, more: Partial<Release> = {}): Release => ({
  id,
  at: new Date('2026-11-24T02:00:00Z'),
  content: JSON.stringify({ 'a.yml': '一句话' }),
  lesson: id,
  trainer: 1,
  model: Buffer.from('learnt'),
  figures: null,
  ...more,
})

describe('releases', () => {
  test('When a release is larger than a document may be, then it is kept and read whole', async () => {
    const store = releases(connection)
    const content = JSON.stringify({ 'a.yml': '一句话。'.repeat(2 * MEGABYTE) })
    const large = release('large', {
      content,
      model: Buffer.concat([randomBytes(MEGABYTE), Buffer.alloc(12 * MEGABYTE)]),
    })
    expect(Buffer.byteLength(content) + large.model.length).toBeGreaterThan(16 * MEGABYTE)
    await store.publish(large)
    const found = await store.find('large')
    expect(found?.content === content).toBe(true)
    expect(found?.model.equals(large.model)).toBe(true)
    expect((await store.modelOf('large'))?.equals(large.model)).toBe(true)
    expect((await store.live())?.id).toBe('large')
  })

  test('When a release was kept before its bulk was packed, then it is read as it was, however often it is brought forward', async () => {
    const { id, ...old } = release('old')
    const kept = connection.collection<{ _id: string; [field: string]: unknown }>('releases')
    await kept.insertOne({ _id: id, ...old, by: null, live: false, published: true })
    await connection.collection('schemaversions').deleteMany({})
    await migrateSchemas(connection, ['releases'])
    await connection.collection('schemaversions').deleteMany({})
    await migrateSchemas(connection, ['releases'])
    expect(await releases(connection).find('old')).toEqual(release('old'))
  })

  test('When a packed release is damaged, then reading it fails', async () => {
    await connection
      .collection<{ _id: string }>('releases')
      .updateOne({ _id: 'old' }, { $set: { content: Buffer.from('not packed') } })
    await expect(releases(connection).find('old')).rejects.toThrow()
  })
})
