import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import {
  ACCUMULATORS,
  CONVERSION_OPERATORS,
  EXPRESSION_OPERATORS,
  QUERY_OPERATORS,
  STAGE_OPERATORS,
  SYSTEM_VARIABLES,
} from '@mongodb-js/mongodb-constants'
import type { Connection } from 'mongoose'
import { PLACES, type Opened } from './places.js'

/**
 * Everything MongoDB's own tools know by name: each is right against an example stated here (from MongoDB's manual, not
 * from this server), or refused by name. Nothing is ignored.
 */
let opened: Opened
let db: Connection
beforeAll(async () => {
  opened = await (PLACES[0] as (typeof PLACES)[0]).open('operators')
  db = opened.db
})
afterAll(() => opened.close())

const docs = () => db.collection<{ _id: number }>('docs')
const names = (list: readonly { value: string }[]) => [...new Set(list.map(({ value }) => value))].sort()
/** The message of the failure, or what came instead of one. */
const refusal = (call: Promise<unknown>): Promise<string> =>
  call.then(
    (answer) => `answered ${JSON.stringify(answer)}`,
    (error: Error) => error.message,
  )

describe('query operators', () => {
  beforeEach(async () => {
    await docs().deleteMany({})
    await docs().insertMany([
      { _id: 1, n: 1, tags: ['a', 'b'], parts: [{ k: 1, v: 5 }], s: '青安' },
      {
        _id: 2,
        n: 5,
        tags: ['b'],
        parts: [
          { k: 1, v: 1 },
          { k: 2, v: 5 },
        ],
        s: 'Abc',
      },
      { _id: 3, n: null, tags: [] },
      { _id: 4 },
    ] as never)
  })
  const EXAMPLES: Record<string, [filter: object, ids: number[]][]> = {
    $eq: [[{ n: { $eq: 5 } }, [2]], [{ n: { $eq: null } }, [3, 4]]],
    $ne: [[{ n: { $ne: 5 } }, [1, 3, 4]], [{ tags: { $ne: 'a' } }, [2, 3, 4]]],
    $gt: [[{ n: { $gt: 1 } }, [2]]],
    $gte: [[{ n: { $gte: 1 } }, [1, 2]], [{ n: { $gte: null } }, [3, 4]]],
    $lt: [[{ n: { $lt: 5 } }, [1]]],
    $lte: [[{ n: { $lte: 5 } }, [1, 2]]],
    $in: [[{ n: { $in: [5, null] } }, [2, 3, 4]], [{ tags: { $in: ['a', /^z/] } }, [1]], [{ n: { $in: [] } }, []]],
    $nin: [[{ n: { $nin: [5, null] } }, [1]]],
    $and: [[{ $and: [{ n: { $gt: 0 } }, { tags: 'a' }] }, [1]]],
    $or: [[{ $or: [{ n: 5 }, { tags: 'a' }] }, [1, 2]]],
    $nor: [[{ $nor: [{ n: 5 }, { tags: 'a' }] }, [3, 4]]],
    $not: [[{ n: { $not: { $gt: 1 } } }, [1, 3, 4]], [{ s: { $not: /^A/ } }, [1, 3, 4]]],
    $exists: [[{ n: { $exists: true } }, [1, 2, 3]], [{ n: { $exists: false } }, [4]]],
    $size: [[{ tags: { $size: 1 } }, [2]], [{ tags: { $size: 0 } }, [3]]],
    $all: [[{ tags: { $all: ['b', 'a'] } }, [1]], [{ tags: { $all: [] } }, []]],
    $elemMatch: [[{ parts: { $elemMatch: { k: 1, v: 5 } } }, [1]], [{ tags: { $elemMatch: { $gt: 'a', $lt: 'c' } } }, [1, 2]]],
    $regex: [[{ s: { $regex: '^a', $options: 'i' } }, [2]], [{ s: /青/ }, [1]]],
    $expr: [[{ $expr: { $gt: ['$n', 4] } }, [2]]],
  } // prettier-ignore
  const found = async (filter: object) =>
    (await docs().find(filter as never).sort({ _id: 1 }).toArray()).map(({ _id }) => _id) // prettier-ignore

  test.each(names(QUERY_OPERATORS))(
    'When %s is asked, then the answer is right, or it is refused by name',
    async (name) => {
      for (const [filter, ids] of EXAMPLES[name] ?? []) {
        expect({ filter, ids: await found(filter) }).toEqual({ filter, ids })
      }
      if (EXAMPLES[name]) return
      expect(await refusal(found({ n: { [name]: [1] } }))).toContain(`unknown operator: ${name}`)
      expect(await refusal(found({ [name]: 'x' }))).toContain(`unknown top level operator: ${name}`)
    },
  )
  test('When an example is stated, then MongoDB knows its operator', () => {
    expect(names(QUERY_OPERATORS)).toEqual(expect.arrayContaining(Object.keys(EXAMPLES)))
  })
})

/** MongoDB's manual, "Update Operators", with the modifiers of $push. */
const UPDATE_OPERATORS =
  '$currentDate $inc $min $max $mul $rename $set $setOnInsert $unset $ $[] $[name] $addToSet $pop $pull $push $pullAll $each $position $slice $sort $bit'.split(
    ' ',
  )

describe('update operators', () => {
  const now = new Date(9)
  const EXAMPLES: Record<string, [before: object, update: object, after: object][]> = {
    $inc: [[{ n: 1 }, { $inc: { n: -3, m: 2 } }, { n: -2, m: 2 }]],
    $min: [[{ n: 5 }, { $min: { n: 3, m: 1 } }, { n: 3, m: 1 }], [{ n: 2 }, { $min: { n: 3 } }, { n: 2 }]],
    $max: [[{ at: new Date(5) }, { $max: { at: now } }, { at: now }]],
    $set: [[{ a: 1 }, { $set: { 'b.c': [1], a: 2 } }, { a: 2, b: { c: [1] } }], [{ l: [{ x: 1 }] }, { $set: { 'l.0.x': 2 } }, { l: [{ x: 2 }] }]],
    $setOnInsert: [[{ a: 1 }, { $setOnInsert: { a: 2 } }, { a: 1 }]],
    $unset: [[{ a: { b: 1, c: 2 }, l: [1, 2] }, { $unset: { 'a.b': '', 'l.0': '' } }, { a: { c: 2 }, l: [null, 2] }]],
    $addToSet: [[{ l: ['a'] }, { $addToSet: { l: 'a' } }, { l: ['a'] }], [{}, { $addToSet: { l: ['x'] } }, { l: [['x']] }]],
    $each: [[{ l: ['a'] }, { $addToSet: { l: { $each: ['a', 'b', 'b'] } } }, { l: ['a', 'b'] }]],
    $pop: [[{ l: [1, 2, 3] }, { $pop: { l: 1 } }, { l: [1, 2] }], [{ l: [1, 2, 3] }, { $pop: { l: -1 } }, { l: [2, 3] }]],
    $pull: [
      [{ l: [1, 5, 9] }, { $pull: { l: { $gte: 5 } } }, { l: [1] }],
      [{ l: [{ k: 1, z: 2 }, { k: 2 }] }, { $pull: { l: { k: 1 } } }, { l: [{ k: 2 }] }],
      [{ l: ['a', 'b', 'a'] }, { $pull: { l: 'a' } }, { l: ['b'] }],
    ],
    $push: [[{}, { $push: { l: 1 } }, { l: [1] }], [{ l: [1] }, { $push: { l: [2] } }, { l: [1, [2]] }]],
    $pullAll: [[{ l: [1, 5, 1, 9] }, { $pullAll: { l: [1, 9] } }, { l: [5] }]],
    $position: [[{ l: [1, 2] }, { $push: { l: { $each: [8, 9], $position: 1 } } }, { l: [1, 8, 9, 2] }]],
    $slice: [[{ l: [1, 2] }, { $push: { l: { $each: [3], $slice: -2 } } }, { l: [2, 3] }], [{ l: [1, 2] }, { $push: { l: { $each: [], $slice: 0 } } }, { l: [] }]],
    $sort: [[{ l: [{ k: 2 }, { k: 1 }] }, { $push: { l: { $each: [{ k: 3 }], $sort: { k: -1 } } } }, { l: [{ k: 3 }, { k: 2 }, { k: 1 }] }]],
  } // prettier-ignore
  test.each(UPDATE_OPERATORS)(
    'When %s is applied, then the result is right, or it is refused by name',
    async (name) => {
      await docs().deleteMany({})
      for (const [before, update, after] of EXAMPLES[name] ?? []) {
        await docs().replaceOne({ _id: 1 }, before as never, { upsert: true })
        await docs().updateOne({ _id: 1 }, update)
        expect(await docs().findOne({ _id: 1 })).toEqual({ _id: 1, ...after })
      }
      if (EXAMPLES[name]) return
      await docs().insertOne({ _id: 1, l: [1] } as never)
      const positional = !/^\$\w/.test(name)
      const update = positional ? { $set: { [`l.${name}`]: 1 } } : { [name]: { l: 1 } }
      expect(await refusal(docs().updateOne({ _id: 1, l: 1 } as never, update))).toContain(name)
      expect(await docs().findOne({ _id: 1 })).toEqual({ _id: 1, l: [1] })
    },
  )
  test('When an option changes what an update means, then it is refused by name', async () => {
    const call = (options: object) => refusal(docs().updateOne({ _id: 1 }, { $set: { a: 1 } }, options))
    for (const [option, value] of [
      ['collation', { locale: 'zh' }],
      ['arrayFilters', [{ x: 1 }]],
      ['hint', { a: 1 }],
      ['let', { a: 1 }],
    ] as const)
      // prettier-ignore
      expect(await call({ [option]: value })).toContain(option)
    expect(await refusal(docs().updateOne({ _id: 1 }, [{ $set: { a: 1 } }]))).toContain(
      'aggregation pipeline',
    )
  })
})

describe('aggregation', () => {
  const rows = [
    { _id: 1, k: 'a', n: 1, l: [1, 2], o: { x: 1 } },
    { _id: 2, k: 'b', n: 5, l: [] },
    { _id: 3, k: 'a', n: 3 },
  ]
  beforeAll(async () => {
    await db.dropDatabase()
    await docs().insertMany(rows as never)
  })
  const run = (pipeline: object[]) => docs().aggregate(pipeline).toArray()

  const STAGES: Record<string, [pipeline: object[], result: object[]]> = {
    $match: [[{ $match: { k: 'a', n: { $gt: 1 } } }], [rows[2] as object]],
    $sort: [[{ $sort: { k: -1, n: -1 } }, { $project: { _id: 1 } }], [{ _id: 2 }, { _id: 3 }, { _id: 1 }]],
    $limit: [[{ $sort: { _id: 1 } }, { $limit: 1 }], [rows[0] as object]],
    $skip: [[{ $sort: { _id: 1 } }, { $skip: 2 }], [rows[2] as object]],
    $count: [[{ $count: 'all' }], [{ all: 3 }]],
    $group: [
      [{ $group: { _id: '$k', sum: { $sum: '$n' }, n: { $sum: 1 } } }, { $sort: { _id: 1 } }],
      [{ _id: 'a', sum: 4, n: 2 }, { _id: 'b', sum: 5, n: 1 }],
    ],
    $sortByCount: [[{ $sortByCount: '$k' }], [{ _id: 'a', count: 2 }, { _id: 'b', count: 1 }]],
    $project: [[{ $match: { _id: 1 } }, { $project: { _id: 0, k: 1, double: { $multiply: ['$n', 2] }, 'o.x': 1 } }], [{ k: 'a', o: { x: 1 }, double: 2 }]],
    $addFields: [[{ $match: { _id: 1 } }, { $addFields: { o: { y: '$n' } } }, { $project: { o: 1 } }], [{ _id: 1, o: { x: 1, y: 1 } }]],
    $set: [[{ $match: { _id: 2 } }, { $set: { n: 7 } }], [{ _id: 2, k: 'b', n: 7, l: [] }]],
    $unset: [[{ $match: { _id: 1 } }, { $unset: ['l', 'o.x'] }], [{ _id: 1, k: 'a', n: 1, o: {} }]],
    $unwind: [[{ $unwind: '$l' }, { $project: { l: 1 } }], [{ _id: 1, l: 1 }, { _id: 1, l: 2 }]],
    $replaceRoot: [[{ $match: { _id: 1 } }, { $replaceRoot: { newRoot: '$o' } }], [{ x: 1 }]],
    $replaceWith: [[{ $match: { _id: 1 } }, { $replaceWith: { z: '$n' } }], [{ z: 1 }]],
  } // prettier-ignore
  test.each(names(STAGE_OPERATORS))(
    'When the stage %s is used, then it is right, or it is refused by name',
    async (name) => {
      const example = STAGES[name]
      if (example) expect(await run(example[0])).toEqual(example[1])
      else expect(await refusal(run([{ [name]: {} }]))).toContain(`'${name}'`)
    },
  )

  const GROUPS: Record<string, [accumulator: unknown, ofA: unknown]> = {
    $sum: ['$n', 4],
    $avg: ['$n', 2],
    $min: ['$n', 1],
    $max: ['$n', 3],
    $first: ['$n', 1],
    $last: ['$n', 3],
    $push: ['$n', [1, 3]],
    $addToSet: ['$k', ['a']],
    $count: [{}, 2],
    $mergeObjects: ['$o', { x: 1 }],
  }
  test.each(names(ACCUMULATORS))(
    'When the accumulator %s is used, then it is right, or it is refused by name',
    async (name) => {
      const group = (of: unknown) => run([{ $match: { k: 'a' } }, { $sort: { _id: 1 } }, { $group: { _id: '$k', r: { [name]: of } } }]) // prettier-ignore
      const example = GROUPS[name]
      if (example) expect(await group(example[0])).toEqual([{ _id: 'a', r: example[1] }])
      else expect(await refusal(group('$n'))).toContain(name)
    },
  )

  const at = new Date('2026-11-26T17:30:15.500Z') // Thursday; in Asia/Shanghai Friday 01:30
  const doc = { _id: 9, n: 7.5, s: '青安 Ab', l: [3, 1, 2], o: { x: 1 }, at, t: true, nil: null }
  const SUMS: Record<string, [expression: unknown, value: unknown][]> = {
    $abs: [[{ $abs: -2 }, 2]],
    $add: [[{ $add: ['$n', 1] }, 8.5], [{ $add: ['$at', 500] }, new Date(at.getTime() + 500)], [{ $add: ['$missing', 1] }, null]],
    $subtract: [[{ $subtract: ['$n', 1] }, 6.5], [{ $subtract: ['$at', new Date(at.getTime() - 5)] }, 5]],
    $multiply: [[{ $multiply: ['$n', 2] }, 15]],
    $divide: [[{ $divide: ['$n', 2] }, 3.75]],
    $mod: [[{ $mod: [7, 3] }, 1]],
    $ceil: [[{ $ceil: '$n' }, 8]],
    $floor: [[{ $floor: '$n' }, 7]],
    $round: [[{ $round: [2.5, 0] }, 2], [{ $round: [1.25, 1] }, 1.2]],
    $cmp: [[{ $cmp: [1, 2] }, -1]],
    $eq: [[{ $eq: ['$n', 7.5] }, true], [{ $eq: ['$missing', null] }, false]],
    $ne: [[{ $ne: ['$n', 7.5] }, false]],
    $gt: [[{ $gt: ['$n', 7] }, true], [{ $gt: ['$n', '$missing'] }, true]],
    $gte: [[{ $gte: ['$n', 7.5] }, true]],
    $lt: [[{ $lt: ['$n', 7] }, false]],
    $lte: [[{ $lte: ['$n', 7.5] }, true]],
    $and: [[{ $and: ['$t', 0] }, false], [{ $and: [] }, true]],
    $or: [[{ $or: ['$missing', '$t'] }, true]],
    $not: [[{ $not: ['$t'] }, false]],
    $cond: [[{ $cond: [{ $gt: ['$n', 5] }, 'big', 'small'] }, 'big'], [{ $cond: { if: '$nil', then: 1, else: 2 } }, 2]],
    $ifNull: [[{ $ifNull: ['$nil', '$missing', 'x'] }, 'x'], [{ $ifNull: ['$n', 0] }, 7.5]],
    $switch: [[{ $switch: { branches: [{ case: { $eq: ['$n', 1] }, then: 'a' }], default: 'b' } }, 'b']],
    $in: [[{ $in: [2, '$l'] }, true]],
    $size: [[{ $size: '$l' }, 3]],
    $arrayElemAt: [[{ $arrayElemAt: ['$l', -1] }, 2], [{ $arrayElemAt: ['$l', 0] }, 3]],
    $first: [[{ $first: '$l' }, 3]],
    $last: [[{ $last: '$l' }, 2]],
    $slice: [[{ $slice: ['$l', -2] }, [1, 2]], [{ $slice: ['$l', 1, 1] }, [1]]],
    $concatArrays: [[{ $concatArrays: ['$l', [9]] }, [3, 1, 2, 9]]],
    $filter: [[{ $filter: { input: '$l', as: 'i', cond: { $gt: ['$$i', 1] } } }, [3, 2]]],
    $map: [[{ $map: { input: '$l', as: 'i', in: { $add: ['$$i', 1] } } }, [4, 2, 3]]],
    $isArray: [[{ $isArray: ['$l'] }, true], [{ $isArray: ['$n'] }, false]],
    $max: [[{ $max: ['$n', 9] }, 9], [{ $max: '$l' }, 3]],
    $min: [[{ $min: '$l' }, 1]],
    $sum: [[{ $sum: '$l' }, 6]],
    $avg: [[{ $avg: '$l' }, 2]],
    $concat: [[{ $concat: ['$s', '!'] }, '青安 Ab!'], [{ $concat: ['$s', '$nil'] }, null]],
    $toLower: [[{ $toLower: '$s' }, '青安 ab']],
    $toUpper: [[{ $toUpper: '$s' }, '青安 AB']],
    $strLenCP: [[{ $strLenCP: '青安😀' }, 3]],
    $substrCP: [[{ $substrCP: ['青安😀x', 1, 2] }, '安😀']],
    $toString: [[{ $toString: '$n' }, '7.5'], [{ $toString: '$at' }, '2026-11-26T17:30:15.500Z'], [{ $toString: '$nil' }, null]],
    $year: [[{ $year: '$at' }, 2026]],
    $month: [[{ $month: '$at' }, 11]],
    $dayOfMonth: [[{ $dayOfMonth: { date: '$at', timezone: 'Asia/Shanghai' } }, 27], [{ $dayOfMonth: '$at' }, 26]],
    $dayOfWeek: [[{ $dayOfWeek: '$at' }, 5]],
    $hour: [[{ $hour: { date: '$at', timezone: 'Asia/Shanghai' } }, 1], [{ $hour: '$at' }, 17]],
    $minute: [[{ $minute: '$at' }, 30]],
    $dateToString: [[{ $dateToString: { date: '$at', format: '%Y-%m-%d %H:%M', timezone: 'Asia/Shanghai' } }, '2026-11-27 01:30']],
    $dateAdd: [[{ $dateAdd: { startDate: '$at', unit: 'day', amount: 2 } }, new Date('2026-11-28T17:30:15.500Z')]],
    $dateSubtract: [[{ $dateSubtract: { startDate: '$at', unit: 'hour', amount: 1 } }, new Date('2026-11-26T16:30:15.500Z')]],
    $dateDiff: [[{ $dateDiff: { startDate: '$at', endDate: new Date('2026-11-27T01:00:00Z'), unit: 'day' } }, 1]],
    $mergeObjects: [[{ $mergeObjects: ['$o', { y: 2 }] }, { x: 1, y: 2 }]],
    $let: [[{ $let: { vars: { a: '$n' }, in: { $add: ['$$a', 1] } } }, 8.5]],
    $literal: [[{ $literal: '$n' }, '$n']],
  } // prettier-ignore
  const all = [...new Set([...names(EXPRESSION_OPERATORS), ...names(CONVERSION_OPERATORS)])]
  test.each(all)(
    'When the expression %s is used, then it is right, or it is refused by name',
    async (name) => {
      await db.collection<{ _id: number }>('one').replaceOne({ _id: 9 }, doc as never, { upsert: true })
      const value = async (expression: unknown) =>
      (await db.collection('one').aggregate([{ $project: { _id: 0, r: expression } }]).toArray())[0]?.r as unknown // prettier-ignore
      for (const [expression, expected] of SUMS[name] ?? [])
        expect({ expression, value: await value(expression) }).toEqual({ expression, value: expected })
      if (!SUMS[name]) expect(await refusal(value({ [name]: ['$l'] }))).toContain(name)
    },
  )
  test('When an example is stated, then MongoDB knows its name', () => {
    expect(all).toEqual(expect.arrayContaining(Object.keys(SUMS).filter((name) => !['$sum', '$avg', '$max', '$min', '$ne'].includes(name)))) // prettier-ignore
    expect(names(STAGE_OPERATORS)).toEqual(expect.arrayContaining(Object.keys(STAGES)))
    expect(names(ACCUMULATORS)).toEqual(
      expect.arrayContaining(Object.keys(GROUPS).filter((name) => name !== '$mergeObjects')),
    )
  })

  const VARIABLES: Record<string, unknown> = { $$ROOT: doc, $$CURRENT: doc, $$REMOVE: undefined }
  test.each(names(SYSTEM_VARIABLES))(
    'When %s is used, then it is right, or it is refused by name',
    async (name) => {
      await db.collection<{ _id: number }>('one').replaceOne({ _id: 9 }, doc as never, { upsert: true })
      const value = async () =>
      (await db.collection('one').aggregate([{ $project: { _id: 0, r: { $ifNull: [name, '$missing'] } } }]).toArray())[0]?.r as unknown // prettier-ignore
      if (name in VARIABLES) expect(await value()).toEqual(VARIABLES[name])
      else if (name === '$$NOW')
        expect(Math.abs(Date.now() - ((await value()) as Date).getTime())).toBeLessThan(60_000)
      else expect(await refusal(value())).toContain(name)
    },
  )
})

/** MongoDB's manual, "Database Commands" (8.0), without those only a cloud has. */
const COMMANDS = (
  'aggregate count distinct mapReduce bulkWrite delete find findAndModify getMore insert resetError update planCacheClear planCacheClearFilters ' +
  'planCacheListFilters planCacheSetFilter removeQuerySettings setQuerySettings authenticate logout createUser dropAllUsersFromDatabase dropUser ' +
  'grantRolesToUser revokeRolesFromUser updateUser usersInfo createRole dropRole rolesInfo updateRole hello isMaster replSetGetStatus replSetInitiate ' +
  'appendOplogNote addShard balancerStart enableSharding shardCollection moveChunk abortTransaction commitTransaction endSessions killAllSessions ' +
  'killSessions refreshSessions startSession cloneCollectionAsCapped collMod compact convertToCapped create createIndexes currentOp drop dropDatabase ' +
  'dropConnections dropIndexes filemd5 fsync fsyncUnlock getClusterParameter getDefaultRWConcern getParameter killCursors killOp listCollections ' +
  'listDatabases listIndexes logRotate reIndex renameCollection rotateCertificates setFeatureCompatibilityVersion setIndexCommitQuorum setParameter ' +
  'setDefaultRWConcern shutdown buildInfo collStats connPoolStats connectionStatus dataSize dbHash dbStats explain features getCmdLineOpts getLog ' +
  'hostInfo listCommands lockInfo ping profile serverStatus top validate whatsmyuri analyze saslStart saslContinue'
).split(' ')

describe('commands', () => {
  /** Offered: what each answers is checked here or through the driver all over the contract. */
  const OFFERED: Record<string, [command: object, answer: object]> = {
    ping: [{ ping: 1 }, { ok: 1 }],
    hello: [{ hello: 1 }, { ok: 1, isWritablePrimary: true, readOnly: false }],
    isMaster: [{ isMaster: 1 }, { ok: 1, ismaster: true }],
    buildInfo: [{ buildInfo: 1 }, { ok: 1, version: '7.0.0' }],
    endSessions: [{ endSessions: [] }, { ok: 1 }],
    create: [{ create: 'made' }, { ok: 1 }],
    insert: [{ insert: 'made', documents: [{ _id: 1, n: 1 }, { _id: 2, n: 2 }] }, { n: 2, ok: 1 }],
    find: [{ find: 'made', filter: { n: 2 } }, { cursor: { firstBatch: [{ _id: 2, n: 2 }] } }],
    update: [{ update: 'made', updates: [{ q: { _id: 1 }, u: { $set: { n: 3 } } }] }, { n: 1, nModified: 1 }],
    findAndModify: [{ findAndModify: 'made', query: { _id: 1 }, update: { $inc: { n: 1 } }, new: true }, { value: { _id: 1, n: 4 } }],
    count: [{ count: 'made' }, { n: 2 }],
    distinct: [{ distinct: 'made', key: 'n' }, { values: [2, 4] }],
    aggregate: [{ aggregate: 'made', pipeline: [{ $count: 'c' }], cursor: {} }, { cursor: { firstBatch: [{ c: 2 }] } }],
    createIndexes: [{ createIndexes: 'made', indexes: [{ key: { n: 1 }, name: 'n_1' }] }, { numIndexesAfter: 2 }],
    listIndexes: [{ listIndexes: 'made' }, { cursor: { firstBatch: [{ name: '_id_' }, { name: 'n_1' }] } }],
    dropIndexes: [{ dropIndexes: 'made', index: 'n_1' }, { nIndexesWas: 2 }],
    listCollections: [{ listCollections: 1, filter: { name: 'made' } }, { cursor: { firstBatch: [{ name: 'made' }] } }],
    delete: [{ delete: 'made', deletes: [{ q: { _id: 1 }, limit: 1 }] }, { n: 1 }],
    getMore: [{ getMore: 0n, collection: 'made' }, { code: 43 }],
    killCursors: [{ killCursors: 'made', cursors: [] }, { cursorsKilled: [] }],
    drop: [{ drop: 'made' }, { ok: 1 }],
    dropDatabase: [{ dropDatabase: 1 }, { ok: 1 }],
  } // prettier-ignore
  const answer = (command: object): Promise<unknown> =>
    (db.db?.command(command) as Promise<unknown>).catch((error: unknown) => error)

  test('When an offered command is sent, then it answers as stated', async () => {
    for (const [name, [command, expected]] of Object.entries(OFFERED))
      expect({ name, answer: await answer(command) }).toMatchObject({ name, answer: expected })
  })
  test.each(COMMANDS.filter((name) => !(name in OFFERED)))(
    'When %s is sent, then it is refused by name',
    async (name) => {
      expect(await answer({ [name]: 1 })).toMatchObject({
        code: 59,
        message: expect.stringContaining(`no such command: '${name}'`),
      })
    },
  )
})
