import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import mongoose, { Schema, Types, type Connection } from 'mongoose'
import { startEmbedded, type Embedded } from '../../bot/store/embedded/start.js'

jest.setTimeout(120_000)

const here = dirname(fileURLToPath(import.meta.url))
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

interface Thing {
  name: string
  n: number
  tags: string[]
  at: Date | null
  owner: Types.ObjectId
  bytes: Buffer
  parts: { id: string; done: boolean }[]
  inner: { a: number; b: number }
}
const thingSchema = new Schema<Thing>({
  name: String,
  n: Number,
  tags: { type: [String], default: undefined },
  at: Date,
  owner: Schema.Types.ObjectId,
  bytes: Buffer,
  parts: { type: [{ _id: false, id: String, done: Boolean }], default: undefined },
  inner: { type: new Schema({ a: Number, b: Number }, { _id: false }), default: undefined },
})

let embedded: Embedded
let db: Connection
const things = () =>
  (db.models.thing as mongoose.Model<Thing> | undefined) ?? db.model<Thing>('thing', thingSchema)

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

describe('documents', () => {
  test('When documents are created, read, changed and deleted through mongoose, then each step shows', async () => {
    const Model = things()
    const owner = new Types.ObjectId()
    const made = await Model.create({
      name: '青安',
      n: 1,
      tags: ['a'],
      at: new Date(5),
      owner,
      bytes: Buffer.from([0, 200, 255]),
    })
    const found = await Model.findById(made._id).lean()
    expect(found).toMatchObject({ name: '青安', n: 1, tags: ['a'], at: new Date(5) })
    expect(String(found?.owner)).toBe(String(owner))
    expect(Buffer.from((found?.bytes as unknown as { buffer: Uint8Array }).buffer)).toEqual(
      Buffer.from([0, 200, 255]),
    )
    expect(await Model.updateOne({ _id: made._id }, { $set: { n: 2 }, $push: { tags: 'b' } })).toMatchObject({
      matchedCount: 1,
      modifiedCount: 1,
    })
    expect(await Model.updateOne({ _id: made._id }, { $set: { n: 2 } })).toMatchObject({
      matchedCount: 1,
      modifiedCount: 0,
    })
    made.name = 'other'
    await made.save()
    expect(await Model.findOne({ name: 'other' }).lean()).toMatchObject({ n: 2, tags: ['a', 'b'] })
    expect(await Model.deleteOne({ name: 'other' })).toMatchObject({ deletedCount: 1 })
    expect(await Model.countDocuments()).toBe(0)
  })

  test('When two binaries differ only in bytes that are no UTF-8, then they are different to filters, updates and groups', async () => {
    const Model = things()
    await Model.insertMany([{ bytes: Buffer.from([200]) }, { bytes: Buffer.from([201]) }])
    expect(await Model.countDocuments({ bytes: Buffer.from([200]) })).toBe(1)
    expect(await Model.updateOne({ bytes: Buffer.from([200]) }, { bytes: Buffer.from([202]) })).toMatchObject(
      { modifiedCount: 1 },
    )
    expect(await Model.aggregate([{ $group: { _id: '$bytes' } }])).toHaveLength(2)
  })

  test('When a claim is conditional, then exactly one of many concurrent callers gets it', async () => {
    const Model = things()
    await Model.create({ name: 'job', n: 0 })
    const claims = await Promise.all(
      Array.from({ length: 20 }, () =>
        Model.findOneAndUpdate({ name: 'job', n: 0 }, { $inc: { n: 1 } }, { returnDocument: 'after' }),
      ),
    )
    expect(claims.filter(Boolean)).toHaveLength(1)
  })

  test('When many upserts race on a unique key, then one document comes of it', async () => {
    const Model = things()
    await Model.collection.createIndex({ name: 1 }, { unique: true })
    const results = await Promise.all(
      Array.from({ length: 20 }, () =>
        Model.findOneAndUpdate(
          { name: 'u', 'inner.a': { $gte: 0 } },
          { $setOnInsert: { 'inner.a': 7 }, $inc: { n: 1 } },
          { upsert: true, returnDocument: 'after' },
        ).lean(),
      ),
    )
    expect(await Model.countDocuments()).toBe(1)
    expect(results.map((doc) => doc?.n).sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    )
    const clash = await failure(
      Model.findOneAndUpdate({ name: 'u', n: -1 }, { $set: { at: null } }, { upsert: true }),
    )
    expect(clash.code).toBe(11000)
  })

  test('When findOneAndUpdate sorts, projects, returns the old document or removes, then it does so as MongoDB', async () => {
    const Model = things()
    await Model.insertMany([
      { name: 'a', n: 2 },
      { name: 'b', n: 1 },
      { name: 'c', n: 3 },
    ])
    expect(
      await Model.findOneAndUpdate({}, { $inc: { n: 10 } }, { sort: { n: 1 }, projection: { n: 1 } }).lean(),
    ).toEqual({ _id: expect.anything(), n: 1 })
    expect(await Model.findOneAndDelete({ n: { $gt: 5 } }).lean()).toMatchObject({ name: 'b' })
    expect(await Model.findOneAndUpdate({ name: 'zz' }, { n: 1 })).toBeNull()
    expect(
      await Model.findOneAndReplace({ name: 'a' }, { name: 'r' }, { returnDocument: 'after' }).lean(),
    ).toEqual({ _id: expect.anything(), name: 'r' })
  })

  test('When update operators run, then each gives what MongoDB gives', async () => {
    const raw = db.collection('ops')
    const apply = async (doc: object, update: object): Promise<unknown> => {
      await raw.deleteMany({})
      await raw.insertOne({ ...doc })
      await raw.updateOne({}, update as never)
      return await raw.findOne({}, { projection: { _id: 0 } })
    }
    expect(await apply({ a: 1 }, { $set: { 'b.c': 2 }, $unset: { a: '' } })).toEqual({ b: { c: 2 } })
    expect(await apply({ a: [1, 2] }, { $set: { 'a.3': 9 } })).toEqual({ a: [1, 2, null, 9] })
    expect(await apply({ n: 2 }, { $inc: { n: -3, m: 4 } })).toEqual({ n: -1, m: 4 })
    expect(
      await apply({ n: 5, at: new Date(9) }, { $min: { n: 3, x: 1 }, $max: { at: new Date(10) } }),
    ).toEqual({ n: 3, x: 1, at: new Date(10) })
    expect(await apply({ t: ['a'] }, { $addToSet: { t: { $each: ['a', 'b', 'b'] } } })).toEqual({
      t: ['a', 'b'],
    })
    expect(await apply({ t: [3, 1] }, { $push: { t: { $each: [2], $sort: 1, $slice: -2 } } })).toEqual({
      t: [2, 3],
    })
    expect(await apply({ t: [{ k: 1, z: 1 }, { k: 2 }] }, { $pull: { t: { k: 1 } } })).toEqual({
      t: [{ k: 2 }],
    })
    expect(await apply({ t: [1, 5, 9] }, { $pull: { t: { $gte: 5 } } })).toEqual({ t: [1] })
    expect(await apply({ t: [1, 5, 9] }, { $pullAll: { t: [1, 9] } })).toEqual({ t: [5] })
    expect(await apply({ t: [1, 2, 3] }, { $pop: { t: -1 } })).toEqual({ t: [2, 3] })
    const errors: [object, object, number][] = [
      [{ a: 'x' }, { $inc: { a: 1 } }, 14],
      [{ a: 1 }, { $push: { a: 1 } }, 2],
      [{ a: 1 }, { $set: { 'a.b': 1 } }, 28],
      [{ a: 1 }, { $set: { a: 1, 'a.b': 1 } }, 40],
      [{ a: 1 }, { $set: { _id: 1 } }, 66],
      [{ a: 1 }, { $bit: { a: { and: 1 } } }, 9],
      [{ a: [1] }, { $set: { 'a.$': 1 } }, 2],
    ]
    for (const [doc, update, code] of errors) expect((await failure(apply(doc, update))).code).toBe(code)
  })

  test("When null, missing, arrays, dates, ids and mixed types meet filters and sorts, then the answer is MongoDB's", async () => {
    const raw = db.collection<{ _id: string; v?: unknown }>('mixed')
    const ids = async (filter: object): Promise<string> =>
      (await raw.find(filter).sort({ _id: 1 }).toArray()).map((doc) => doc._id).join('')
    const [low, high] = [
      new Types.ObjectId('000000000000000000000001'),
      new Types.ObjectId('ffffffffffffffffffffffff'),
    ]
    const docs: [string, unknown][] = [
      ['a', null],
      ['c', 5],
      ['d', 'text'],
      ['e', [1, 7]],
      ['f', []],
      ['g', new Date(5)],
      ['h', low],
      ['i', high],
      ['j', true],
      ['k', { x: 1 }],
      ['l', [{ x: 2 }, { x: 3 }]],
    ]
    await raw.insertMany([...docs.map(([_id, v]) => ({ _id, v })), { _id: 'b' }])
    const check = async (): Promise<void> => {
      expect(await ids({ v: null })).toBe('ab')
      expect(await ids({ v: { $ne: null } })).toBe('cdefghijkl')
      expect(await ids({ v: { $exists: false } })).toBe('b')
      expect(await ids({ v: { $in: [null, 5, 'text'] } })).toBe('abcd')
      expect(await ids({ v: { $gt: 4 } })).toBe('ce')
      expect(await ids({ v: { $gt: 1, $lt: 5 } })).toBe('e')
      expect(await ids({ v: { $lte: new Date(5) } })).toBe('g')
      expect(await ids({ v: { $gt: low } })).toBe('i')
      expect(await ids({ v: 7 })).toBe('e')
      expect(await ids({ v: [1, 7] })).toBe('e')
      expect(await ids({ v: { $size: 2 } })).toBe('el')
      expect(await ids({ 'v.x': { $gte: 2 } })).toBe('l')
      expect(await ids({ v: { $elemMatch: { x: 3 } } })).toBe('l')
      expect(await ids({ v: { $all: [1, 7] } })).toBe('e')
      expect(await ids({ v: { $not: { $gt: 4 } } })).toBe('abdfghijkl')
      expect(await ids({ v: /^TE/i })).toBe('d')
      expect(await ids({ $or: [{ v: 5 }, { v: true }], $nor: [{ _id: 'j' }] })).toBe('c')
      expect(await ids({ $expr: { $eq: ['$v', 5] } })).toBe('c')
      expect((await raw.find().sort({ v: 1, _id: 1 }).toArray()).map((doc) => doc._id).join('')).toBe(
        'fabecdklhijg',
      )
      expect((await raw.find().sort({ v: -1, _id: 1 }).toArray()).map((doc) => doc._id).join('')).toBe(
        'gjihlkdecabf',
      )
    }
    await check()
    await raw.createIndex({ v: 1 }) // the same answers must come by way of an index
    await check()
  })

  test('When strings hold emoji and full-width signs, then they sort by their UTF-8 bytes', async () => {
    const raw = db.collection<{ _id: string }>('strings')
    await raw.insertMany(['😀', '！', 'z', '中'].map((_id) => ({ _id })))
    expect((await raw.find().sort({ _id: 1 }).toArray()).map((doc) => doc._id)).toEqual([
      'z',
      '中',
      '！',
      '😀',
    ])
  })

  test('When bulkWrite and insertMany run ordered or unordered, then they stop or go on at an error as asked', async () => {
    const Model = things()
    await Model.collection.createIndex({ name: 1 }, { unique: true })
    const result = await Model.bulkWrite([
      { insertOne: { document: { name: 'a', n: 1 } as Thing } },
      { updateOne: { filter: { name: 'b' }, update: { $set: { n: 2 } }, upsert: true } },
      { updateMany: { filter: {}, update: { $inc: { n: 1 } } } },
      { replaceOne: { filter: { name: 'a' }, replacement: { name: 'c', n: 9 } as Thing } },
      { deleteOne: { filter: { name: 'b' } } },
    ])
    expect(result).toMatchObject({ insertedCount: 1, upsertedCount: 1, modifiedCount: 3, deletedCount: 1 })
    const names = ['x', 'x', 'y'].map((name) => ({ name }))
    expect((await failure(Model.insertMany(names))).code).toBe(11000)
    expect(await Model.countDocuments({ name: 'y' })).toBe(0)
    await Model.deleteMany({ name: 'x' })
    expect((await failure(Model.insertMany(names, { ordered: false }))).code).toBe(11000)
    expect(await Model.countDocuments({ name: { $in: ['x', 'y'] } })).toBe(2)
  })

  test('When a cursor crosses batch borders, then every document comes once, in order, with skip and limit kept', async () => {
    const Model = things()
    await Model.insertMany(
      Array.from({ length: 350 }, (_, i) => ({ n: (i * 37) % 350, name: 'x'.repeat(50) })),
    )
    await Model.collection.createIndex({ n: 1 })
    const seen: number[] = []
    for await (const doc of Model.find({ n: { $gte: 10 } })
      .sort({ n: -1 })
      .skip(5)
      .limit(300)
      .batchSize(7)
      .lean()
      .cursor())
      seen.push(doc.n)
    expect(seen).toEqual(Array.from({ length: 300 }, (_, i) => 344 - i))
    expect(await Model.find().lean()).toHaveLength(350)
    expect(await Model.distinct('n', { n: { $lt: 3 } })).toEqual([0, 1, 2])
    const large = db.collection('large')
    await large.insertMany(Array.from({ length: 6 }, (_, i) => ({ i, body: 'y'.repeat(6_000_000) })))
    expect(
      (await large.find({}, { projection: { i: 1, body: 1 } }).toArray()).map((doc) => doc.i as number),
    ).toEqual([0, 1, 2, 3, 4, 5])
  })

  test('When a pipeline matches, groups, sorts, projects and limits, then the figures are right and the documents untouched', async () => {
    const Model = things()
    const owner = new Types.ObjectId()
    await Model.insertMany([
      { name: 'a', n: 1, owner, inner: { a: 1, b: 2 } },
      { name: 'a', n: 5, owner },
      { name: 'b', n: 7, tags: ['p', 'q'] },
      { name: 'c', n: 100 },
    ])
    expect(
      await Model.aggregate([
        { $match: { n: { $lt: 50 } } },
        { $group: { _id: '$name', sum: { $sum: '$n' }, count: { $sum: 1 }, top: { $max: '$n' } } },
        { $sort: { sum: -1 } },
        { $project: { _id: 0, name: '$_id', sum: 1, count: 1, top: 1 } },
        { $limit: 1 },
      ]),
    ).toEqual([{ name: 'b', sum: 7, count: 1, top: 7 }])
    expect(
      await Model.aggregate([{ $group: { _id: '$owner', n: { $sum: 1 } } }, { $sort: { n: 1, _id: 1 } }]),
    ).toEqual([
      { _id: null, n: 2 },
      { _id: owner, n: 2 },
    ])
    expect(
      await Model.aggregate([{ $unwind: '$tags' }, { $sortByCount: '$tags' }, { $count: 'all' }]),
    ).toEqual([{ all: 2 }])
    await Model.aggregate([{ $project: { 'inner.a': 0 } }])
    await Model.aggregate([{ $addFields: { 'inner.a': 99 } }, { $unset: 'inner.b' }])
    expect((await Model.findOne({ 'inner.a': 1 }).lean())?.inner).toEqual({ a: 1, b: 2 })
    expect(await Model.find({ n: 1 }, { 'inner.a': 1, _id: 0 }).lean()).toEqual([{ inner: { a: 1 } }])
  })
})

describe('indexes', () => {
  test("When a unique index forbids a document, then the error has MongoDB's shape and nothing is half done", async () => {
    const Model = things()
    await Model.collection.createIndex({ name: 1, n: -1 }, { unique: true })
    await Model.create({ name: 'a', n: 1 })
    await Model.create({ name: 'a', n: 2 })
    const error = await failure(Model.create({ name: 'a', n: 1 }))
    expect(error).toMatchObject({
      code: 11000,
      keyPattern: { name: 1, n: -1 },
      keyValue: { name: 'a', n: 1 },
    })
    expect(error.message).toContain(
      'E11000 duplicate key error collection: qingan.things index: name_1_n_-1 dup key: { name: "a", n: 1 }',
    )
    expect((await failure(Model.updateOne({ n: 2 }, { n: 1 }))).code).toBe(11000)
    expect(await Model.find({ name: 'a' }).sort({ n: 1 }).distinct('n')).toEqual([1, 2])
    expect((await failure(Model.collection.createIndex({ name: 1 }, { unique: true }))).code).toBe(11000)
    expect((await Model.collection.indexes()).map((index) => index.name)).toEqual(['_id_', 'name_1_n_-1'])
  })

  test('When an index is sparse or partial, then it binds only its documents and never hides others from a query', async () => {
    const raw = db.collection('partial')
    await raw.createIndex({ s: 1 }, { unique: true, sparse: true })
    await raw.createIndex({ key: 1 }, { unique: true, partialFilterExpression: { open: true } })
    await raw.insertMany([{ key: 1, open: true }, { key: 1, open: false }, { key: 1 }, { s: 1 }, { s: null }])
    expect((await failure(raw.insertOne({ key: 1, open: true }))).code).toBe(11000)
    expect((await failure(raw.updateOne({ open: false }, { $set: { open: true } }))).code).toBe(11000)
    expect((await failure(raw.insertOne({ s: 1 }))).code).toBe(11000)
    expect((await failure(raw.insertOne({ s: null }))).code).toBe(11000)
    expect(await raw.countDocuments({ key: 1 })).toBe(3)
    expect(await raw.countDocuments({ key: 1, open: true })).toBe(1)
    expect(await raw.countDocuments({ s: null })).toBe(4)
  })

  test('When a unique index meets arrays, then elements of two documents clash but not those of one', async () => {
    const raw = db.collection('arrays')
    await raw.createIndex({ 'parts.id': 1 }, { unique: true })
    await raw.insertOne({ parts: [{ id: 'a' }, { id: 'b' }, { id: 'a' }] })
    expect((await failure(raw.insertOne({ parts: [{ id: 'c' }, { id: 'b' }] }))).code).toBe(11000)
    expect(await raw.countDocuments({ 'parts.id': { $in: ['a', 'b'] } })).toBe(1)
  })

  test('When a TTL index names a date, then what has expired goes and the rest stays', async () => {
    const raw = db.collection('ttl')
    await raw.createIndex({ at: 1 }, { expireAfterSeconds: 60 })
    await raw.insertMany([{ at: new Date(Date.now() - 61_000) }, { at: new Date() }, { at: 'never' }, {}])
    for (let i = 0; i < 50 && (await raw.countDocuments()) > 3; i++)
      await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await raw.countDocuments()).toBe(3)
  })

  test('When random documents are queried with and without indexes, then both ways give the same rows in the same order', async () => {
    let state = 7
    const random = (below: number): number => (state = (state * 1103515245 + 12345) % 2147483648) % below
    const value = (): unknown =>
      [random(6), random(6), `s${random(4)}`, null, new Date(random(5)), [random(6), random(6)], undefined][
        random(7)
      ]
    const docs = Array.from({ length: 300 }, (_, i) => ({
      _id: i,
      a: value(),
      b: [i % 4, null, 's1'][random(3)],
      c: random(50),
    }))
    const [bare, indexed] = [
      db.collection<{ _id: number }>('bare'),
      db.collection<{ _id: number }>('indexed'),
    ]
    await indexed.createIndexes([{ key: { a: 1, b: -1 } }, { key: { b: 1 } }, { key: { c: -1, a: 1 } }])
    for (const collection of [bare, indexed]) await collection.insertMany(docs, { ignoreUndefined: true })
    for (let round = 0; round < 200; round++) {
      const condition = (): unknown =>
        [
          value() ?? null,
          { $in: [random(6), null, 's1'] },
          { $gte: random(6) },
          { $gt: random(4), $lt: 5 },
          { $lte: new Date(3) },
          { $ne: random(6) },
        ][random(6)]
      const filter = [
        { a: condition() },
        { a: condition(), b: condition() },
        { c: { $lt: random(50) } },
        { $or: [{ a: condition() }, { b: condition() }] },
      ][random(4)] as object
      const sort = [{ _id: 1 }, { a: 1, b: -1, _id: 1 }, { c: -1, _id: 1 }, { b: -1, _id: -1 }][
        random(4)
      ] as Record<string, 1 | -1>
      const ids = async (collection: typeof bare): Promise<number[]> =>
        (
          await collection
            .find(filter as never)
            .sort(sort)
            .limit(40)
            .toArray()
        ).map((doc) => doc._id)
      expect(await ids(indexed)).toEqual(await ids(bare))
      if (round % 10 === 0)
        for (const collection of [bare, indexed])
          await collection.updateMany({ c: round % 50 }, { $set: { a: round % 6 }, $inc: { c: 1 } })
    }
  })
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

  test('When the process is killed under eight writers three times, then no acknowledged write is lost', async () => {
    const dataDir = folder()
    const acknowledged = new Map<number, number>()
    for (let round = 0; round < 3; round++) {
      const child = spawn(
        process.execPath,
        ['--import', 'tsx', join(here, 'embedded-writers.ts'), dataDir, String(round)],
        { env: { ...process.env, NODE_OPTIONS: '' }, stdio: ['ignore', 'pipe', 'inherit'] },
      )
      let text = ''
      let timer: NodeJS.Timeout | undefined
      await new Promise<void>((resolve) => {
        child.stdout.on('data', (chunk: Buffer) => {
          text += chunk.toString()
          timer ??= setTimeout(() => child.kill('SIGKILL'), 400 + round * 150)
        })
        child.on('close', () => resolve())
      })
      const lines = text
        .split('\n')
        .slice(0, -1)
        .map((line) => line.split(' ').map(Number) as [number, number])
      for (const [writer, number] of lines)
        acknowledged.set(writer, Math.max(acknowledged.get(writer) ?? 0, number))
      expect(lines.length).toBeGreaterThan(20)
      const server = await startEmbedded({ dataDir })
      const connection = await open(server.uri)
      const stored = new Set(
        (await connection.collection('log').find({ round }).toArray()).map(
          (doc) => `${doc.writer as number} ${doc.number as number}`,
        ),
      )
      expect(lines.filter(([writer, number]) => !stored.has(`${writer} ${number}`))).toEqual([])
      for (const counter of await connection
        .collection<{ _id: number; n: number }>('counters')
        .find()
        .toArray()) {
        const writes = await connection.collection('log').countDocuments({ writer: counter._id })
        expect(counter.n - writes).toBeGreaterThanOrEqual(0) // the counter is raised before the log line is written
        expect(counter.n - writes).toBeLessThanOrEqual(round + 1)
      }
      await connection.close()
      await server.stop()
    }
  })
})
