import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mongoose, { Types, type Connection } from 'mongoose'
import { startEmbedded, type Embedded } from '../../bot/store/embedded/start.js'

jest.setTimeout(120_000)

const folders: string[] = []
const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'embedded-test-'))
  folders.push(path)
  return path
}
const open = (uri: string): Promise<Connection> =>
  mongoose.createConnection(uri, { serverSelectionTimeoutMS: 3000 }).asPromise()
/** What a rejected call says: code, message and the driver's details. */
async function failure(
  call: PromiseLike<unknown>,
): Promise<{ code?: number; message: string; keyPattern?: unknown; keyValue?: unknown }> {
  return await call.then(
    () => ({ message: 'it did not fail' }),
    (error: { code?: number; message: string }) => error,
  )
}

let embedded: Embedded
let db: Connection
beforeAll(async () => {
  embedded = await startEmbedded({ memory: true, inline: true, sweepMs: 100 })
  db = await open(embedded.uri)
})
afterEach(async () => {
  await db.dropDatabase()
})
afterAll(async () => {
  await db.close()
  await embedded.stop()
  for (const path of folders) rmSync(path, { recursive: true, force: true })
})

describe('what is refused', () => {
  const raw = () => db.collection('refused')
  const command = (body: object) => db.db?.command(body) as Promise<unknown>
  const cases: [string, () => PromiseLike<unknown>, RegExp, number][] = [
    [
      'a collation',
      () =>
        raw()
          .find({}, { collation: { locale: 'zh' } })
          .toArray(),
      /collation/,
      40415,
    ],
    [
      'a hint',
      () =>
        raw()
          .find({}, { hint: { a: 1 } })
          .toArray(),
      /hint/,
      40415,
    ],
    ['$where', () => raw().find({ $where: 'true' }).toArray(), /\$where/, 2],
    [
      '$text',
      () =>
        raw()
          .find({ $text: { $search: 'x' } })
          .toArray(),
      /\$text/,
      2,
    ],
    [
      '$near',
      () =>
        raw()
          .find({ at: { $near: [1, 1] } })
          .toArray(),
      /\$near/,
      2,
    ],
    [
      'an unknown operator in a branch',
      () =>
        raw()
          .find({ $or: [{ a: { $gtt: 1 } }] })
          .toArray(),
      /\$gtt/,
      2,
    ],
    ['an unknown update operator', () => raw().updateOne({}, { $bit: { a: { or: 1 } } }), /\$bit/, 9],
    [
      'a stage',
      () =>
        raw()
          .aggregate([{ $out: 'x' }])
          .toArray(),
      /\$out/,
      40324,
    ],
    [
      'an expression',
      () =>
        raw()
          .aggregate([{ $project: { a: { $function: {} } } }])
          .toArray(),
      /\$function/,
      168,
    ],
    [
      'a change stream',
      () =>
        raw()
          .aggregate([{ $changeStream: {} }])
          .toArray(),
      /\$changeStream/,
      40324,
    ],
    ['a validator', () => command({ create: 'x', validator: { a: 1 } }), /validator/, 40415],
    ['a text index', () => raw().createIndex({ a: 'text' }), /text/, 67],
    ['a hidden index', () => raw().createIndex({ a: 1 }, { hidden: true }), /hidden/, 67],
    ['an unknown command', () => command({ mapReduce: 'x' }), /mapReduce/, 59],
    [
      'a retryable write number',
      () => command({ insert: 'x', documents: [{ a: 1 }], txnNumber: 1, lsid: {} }),
      /retryable|transaction/,
      263,
    ],
    [
      'a transaction',
      async () => db.transaction((session) => raw().insertOne({ a: 1 }, { session })),
      /[Tt]ransaction/,
      263,
    ],
    [
      'a write concern of two servers',
      () => raw().insertOne({ a: 1 }, { writeConcern: { w: 2 } }),
      /write concern/,
      100,
    ],
    ['Decimal128', () => raw().insertOne({ a: Types.Decimal128.fromString('1.5') }), /Decimal128/, 2],
    [
      'Decimal128 in a filter',
      () => raw().countDocuments({ a: Types.Decimal128.fromString('1.5') }),
      /Decimal128/,
      2,
    ],
    [
      'MaxKey',
      () =>
        raw()
          .find({ a: { $lt: new mongoose.mongo.MaxKey() } })
          .toArray(),
      /MaxKey/,
      2,
    ],
    ['a dollar field', () => raw().insertOne({ $a: 1 }), /\$a/, 52],
  ]
  test.each(cases)(
    'When %s is asked for, then it is refused by name with a code',
    async (_name, call, message, code) => {
      const error = await failure(call())
      expect(error.message).toMatch(message)
      expect(error.code).toBe(code)
      expect(await raw().countDocuments()).toBe(0)
    },
  )
})

describe('on disk', () => {
  test('When the server is stopped and started again, then documents and indexes are there, private to their owner', async () => {
    const dataDir = folder()
    const first = await startEmbedded({ dataDir })
    const before = await open(first.uri)
    await before.collection('kept').createIndex({ k: 1 }, { unique: true })
    await before.collection('kept').insertMany([{ k: 1 }, { k: 2 }, { k: 3 }])
    await before.collection('kept').deleteOne({ k: 2 })
    await before.collection('kept').updateOne({ k: 3 }, { $set: { at: new Date(1) } })
    for (const file of ['database.sqlite', 'database.sqlite-wal', 'database.sock'])
      expect(statSync(join(dataDir, file)).mode & 0o777).toBe(0o600)
    await before.close()
    await first.stop()
    expect(await first.ended).toBeUndefined()
    const second = await startEmbedded({ dataDir, inline: true })
    const after = await open(second.uri)
    expect(
      await after
        .collection('kept')
        .find({}, { projection: { _id: 0 } })
        .toArray(),
    ).toEqual([{ k: 1 }, { k: 3, at: new Date(1) }])
    expect((await failure(after.collection('kept').insertOne({ k: 3 }))).code).toBe(11000)
    await after.close()
    await second.stop()
  })

  test('When a second server opens the folder, then a clear sentence refuses it and the first goes on', async () => {
    const dataDir = folder()
    const first = await startEmbedded({ dataDir })
    await expect(startEmbedded({ dataDir })).rejects.toThrow(
      `The data folder ${dataDir} is already in use by another running process`,
    )
    const connection = await open(first.uri)
    expect(await connection.collection('x').insertOne({ a: 1 })).toMatchObject({ acknowledged: true })
    await connection.close()
    await first.stop()
  })

  test('When the path of the socket would be too long, then it lies elsewhere and all works', async () => {
    const server = await startEmbedded({ dataDir: join(folder(), 'd'.repeat(120)) })
    const connection = await open(server.uri)
    expect(await connection.collection('x').countDocuments()).toBe(0)
    await connection.close()
    await server.stop()
  })

  test('When ten connections write at once, then all writes are there', async () => {
    const server = await startEmbedded({ dataDir: folder() })
    const connections = await Promise.all(Array.from({ length: 10 }, () => open(server.uri)))
    await Promise.all(
      connections.flatMap((connection, i) =>
        Array.from({ length: 20 }, (_, k) => connection.collection('x').insertOne({ i, k })),
      ),
    )
    await Promise.all(
      connections.map((connection) =>
        connection.collection('y').updateOne({ _id: 1 as never }, { $inc: { n: 1 } }, { upsert: true }),
      ),
    )
    expect(await connections[0]?.collection('x').countDocuments()).toBe(200)
    expect(await connections[0]?.collection('y').findOne()).toMatchObject({ n: 10 })
    await Promise.all(connections.map((connection) => connection.close()))
    await server.stop()
  })
})
