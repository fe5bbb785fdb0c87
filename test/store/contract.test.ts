import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { MongoBackend } from '@agendajs/mongo-backend'
import { Agenda } from 'agenda'
import mongoose, { Schema, Types, type Connection } from 'mongoose'
import { until } from '../until.js'
import { PLACES, type Opened } from './places.js'

jest.setTimeout(180_000)

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

let db: Connection
let opened: Opened
const things = () =>
  (db.models.thing as mongoose.Model<Thing> | undefined) ?? db.model<Thing>('thing', thingSchema)

/** The same expectations on every database: what passes here, the app may use. */
describe.each(PLACES)('on $name', (place) => {
  beforeAll(async () => {
    opened = await place.open('contract')
    db = opened.db
  })
  afterEach(async () => {
    await db.dropDatabase()
  })
  afterAll(() => opened.close())

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
      expect(
        await Model.updateOne({ _id: made._id }, { $set: { n: 2 }, $push: { tags: 'b' } }),
      ).toMatchObject({
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
      expect(
        await Model.updateOne({ bytes: Buffer.from([200]) }, { bytes: Buffer.from([202]) }),
      ).toMatchObject({ modifiedCount: 1 })
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
        await Model.findOneAndUpdate(
          {},
          { $inc: { n: 10 } },
          { sort: { n: 1 }, projection: { n: 1 } },
        ).lean(),
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
        `E11000 duplicate key error collection: ${db.name}.things index: name_1_n_-1 dup key: { name: "a", n: 1 }`,
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
      await raw.insertMany([
        { key: 1, open: true },
        { key: 1, open: false },
        { key: 1 },
        { s: 1 },
        { s: null },
      ])
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
      await until(async () => (await raw.countDocuments()) <= 3, 'the sweep', 90_000) // MongoDB sweeps every minute
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

  describe('agenda', () => {
    const clocks: Agenda[] = []
    afterEach(async () => {
      await Promise.all(clocks.splice(0).map((agenda) => agenda.stop()))
    })
    const clock = (): Agenda => {
      const backend = new MongoBackend({ mongo: db.db as never })
      const agenda = new Agenda({ backend, processEvery: 50, defaultConcurrency: 5 })
      clocks.push(agenda)
      return agenda
    }

    test('When two processes share the schedule, then each job runs once, whoever takes it', async () => {
      const ran: string[] = []
      const agendas = [clock(), clock()]
      for (const [i, agenda] of agendas.entries()) {
        agenda.define<{ n: number }>('push', async (job) => void ran.push(`${job.attrs.data.n} by ${i}`))
        await agenda.start()
      }
      await Promise.all(Array.from({ length: 20 }, (_, n) => agendas[n % 2]?.now('push', { n })))
      await until(() => ran.length >= 20, 'twenty jobs')
      await new Promise((fulfil) => setTimeout(fulfil, 200))
      expect(ran.map((each) => Number(each.split(' ')[0])).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 20 }, (_, n) => n),
      )
    })

    test('When a job repeats, is unique, fails or is cancelled, then the schedule says so', async () => {
      const agenda = clock()
      let ticks = 0
      agenda.define('tick', async () => void ticks++)
      agenda.define('fails', async () => Promise.reject(new Error('as planned')))
      agenda.define('later', async () => undefined)
      await agenda.start()
      await agenda.every('1 second', 'tick')
      await agenda.every('1 second', 'tick') // a repeated schedule is one job
      await agenda.now('fails')
      const later = () => agenda.create('later', { of: 'a' }).unique({ 'data.of': 'a' }).schedule(new Date(Date.now() + 3_600_000)).save() // prettier-ignore
      await Promise.all([later(), later(), later()])
      await until(() => ticks >= 2, 'two ticks')
      const failed = await until(
        async () => (await agenda.queryJobs({ name: 'fails', state: 'failed' })).jobs[0] ?? null,
        'the failure',
      )
      expect(failed).toMatchObject({ failReason: 'as planned', failCount: 1 })
      expect((await agenda.queryJobs({ name: 'tick' })).total).toBe(1)
      expect((await agenda.queryJobs({ name: 'later' })).total).toBe(1)
      expect(await agenda.cancel({ name: 'later' })).toBe(1)
      expect((await agenda.queryJobs({ search: 'LAT' })).total).toBe(0)
    })
  })

  describe('edges', () => {
    test('When a claim sorts, sets, pushes and counts in one step, then it does all of it to the first in order', async () => {
      const raw = db.collection<{ _id: number; status: string; due: Date; tries: number; log?: string[] }>(
        'claims',
      )
      await raw.createIndex({ status: 1, due: 1 })
      await raw.insertMany([3, 1, 2].map((n) => ({ _id: n, status: 'open', due: new Date(n), tries: 0 })))
      const claim = (now: Date) =>
        raw.findOneAndUpdate(
          {
            status: { $in: ['open', 'again'] },
            due: { $lte: now },
            $or: [{ tries: { $lt: 3 } }, { log: { $exists: false } }],
          },
          { $set: { status: 'taken' }, $inc: { tries: 1 }, $push: { log: 'taken' }, $unset: { due: '' } },
          { sort: { due: 1 }, returnDocument: 'after', projection: { _id: 1, tries: 1, log: 1 } },
        )
      expect(await claim(new Date(2))).toEqual({ _id: 1, tries: 1, log: ['taken'] })
      expect(await claim(new Date(2))).toEqual({ _id: 2, tries: 1, log: ['taken'] })
      expect(await claim(new Date(2))).toBeNull()
      expect(await raw.find({ due: { $exists: true } }).toArray()).toHaveLength(1)
    })

    test('When rows of a campaign are written twice, then the second time adds only what was missing', async () => {
      const raw = db.collection('deliveries')
      await raw.createIndex({ campaign: 1, occurrence: 1, person: 1 }, { unique: true })
      const rows = (people: number[]) => people.map((person) => ({ campaign: 'c', occurrence: 1, person }))
      await raw.insertMany(rows([1, 2, 3]))
      const error = await raw.insertMany(rows([2, 4, 3, 5]), { ordered: false }).then(
        () => null,
        (failed: mongoose.mongo.MongoBulkWriteError) => failed,
      )
      expect(error).toMatchObject({ code: 11000, insertedCount: 2 })
      expect([error?.writeErrors].flat().map((each) => each?.index)).toEqual([0, 2])
      expect((await raw.distinct('person')).sort()).toEqual([1, 2, 3, 4, 5])
    })

    test('When an upsert meets conditions, then equalities become fields and the rest does not', async () => {
      const raw = db.collection('upserts')
      const result = await raw.updateOne(
        { key: 'k', 'inner.part': 1, n: { $gte: 5 }, $and: [{ kind: { $eq: 'x' } }] },
        {
          $set: { seen: true },
          $setOnInsert: { made: new Date(5) },
          $addToSet: { tags: { $each: ['a', 'b', 'a'] } },
        },
        { upsert: true },
      )
      expect(result).toMatchObject({ matchedCount: 0, upsertedCount: 1 })
      expect(await raw.findOne({}, { projection: { _id: 0 } })).toEqual({
        key: 'k',
        inner: { part: 1 },
        kind: 'x',
        seen: true,
        made: new Date(5),
        tags: ['a', 'b'],
      })
    })

    test('When a page is asked for with sort, skip and limit on an index, then pages fit together without a gap', async () => {
      const raw = db.collection<{ _id: number; group: number; at: number }>('pages')
      await raw.createIndexes([{ key: { group: 1, at: -1, _id: 1 } }, { key: { at: 1 } }])
      await raw.insertMany(Array.from({ length: 90 }, (_, i) => ({ _id: i, group: i % 2, at: i % 7 })))
      const page = (skip: number) =>
        raw
          .find({ group: 1, at: { $gt: 1, $lte: 5 } })
          .sort({ at: -1, _id: 1 })
          .skip(skip)
          .limit(10)
          .toArray()
      const all = (await Promise.all([0, 10, 20, 30].map(page))).flat()
      const expected = Array.from({ length: 90 }, (_, i) => ({ _id: i, group: i % 2, at: i % 7 }))
        .filter(({ group, at }) => group === 1 && at > 1 && at <= 5)
        .sort((a, b) => b.at - a.at || a._id - b._id)
      expect(all).toEqual(expected)
      expect(await raw.countDocuments({ group: 1, at: { $gt: 1, $lte: 5 } })).toBe(expected.length)
    })

    test('When a cursor is killed between two batches, then its reader hears of it and can read again', async () => {
      const raw = db.collection<{ n: number }>('cut')
      await raw.insertMany(Array.from({ length: 300 }, (_, n) => ({ n })))
      const cursor = raw.find().sort({ n: 1 }).batchSize(50)
      const first = await cursor.next()
      expect(first?.n).toBe(0)
      await cursor.close()
      await expect(cursor.next()).rejects.toThrow()
      expect(await raw.find().batchSize(50).toArray()).toHaveLength(300)
      const unknown = db.db?.command({
        getMore: mongoose.mongo.Long.fromNumber(987654321),
        collection: 'cut',
      })
      expect((await failure(unknown as Promise<unknown>)).code).toBe(43)
    })

    test('When an update would change nothing, then it says so; when it would break a document, then it changes nothing', async () => {
      const raw = db.collection<{ _id: number; list?: unknown; n?: unknown }>('still')
      await raw.insertOne({ _id: 1, list: ['a'], n: 1 })
      for (const update of [
        { $set: { n: 1 } },
        { $addToSet: { list: 'a' } },
        { $pull: { list: 'z' } },
        { $unset: { missing: '' } },
        { $min: { n: 5 } },
        { $inc: { n: 0 } },
      ])
        expect(await raw.updateOne({ _id: 1 }, update as never)).toMatchObject({
          matchedCount: 1,
          modifiedCount: 0,
        })
      for (const update of [
        { $set: { list: 2, 'list.0': 1 } },
        { $inc: { n: 1, list: 1 } },
        { $push: { n: 1 } },
      ])
        await expect(raw.updateOne({ _id: 1 }, update as never)).rejects.toMatchObject({
          code: expect.any(Number),
        })
      expect(await raw.findOne({ _id: 1 })).toEqual({ _id: 1, list: ['a'], n: 1 })
    })
  })
})
