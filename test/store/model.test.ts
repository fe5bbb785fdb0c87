import { afterAll, describe, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import type { Connection } from 'mongoose'
import { PLACES } from './places.js'

jest.setTimeout(180_000)

/**
 * A model of a collection that shares nothing with the server: plain maps, written out for the few shapes the sequences
 * use. It holds documents { _id, k, g, n?, tags? }, unique by (g, k), with a partial unique index on `lead` where g is 0.
 */
interface Thing {
  _id: number
  k: number
  g: number
  n?: number | null
  tags?: number[]
  lead?: number
}

type Step =
  | { kind: 'insert'; things: Thing[]; ordered: boolean }
  | { kind: 'inc'; g: number; by: number }
  | { kind: 'claim'; g: number; below: number }
  | { kind: 'upsert'; g: number; k: number; n: number }
  | { kind: 'tag'; g: number; tag: number; how: 'addToSet' | 'pull' | 'push' }
  | { kind: 'unset'; k: number }
  | { kind: 'lead'; _id: number; lead: number }
  | { kind: 'delete'; from: number; to: number }
  | { kind: 'replace'; _id: number; k: number }

class Model {
  things: Thing[] = []

  private clash(next: Thing): boolean {
    const others = this.things.filter(({ _id }) => _id !== next._id)
    return (
      others.some(({ g, k }) => g === next.g && k === next.k) ||
      (next.g === 0 && others.some(({ g, lead }) => g === 0 && lead === next.lead))
    )
  }

  /** Puts it in place of the one with its _id, or adds it; false where a unique index forbids. */
  private put(next: Thing): boolean {
    if (this.clash(next)) return false
    const at = this.things.findIndex(({ _id }) => _id === next._id)
    if (at < 0) this.things.push(next)
    else this.things[at] = next
    return true
  }

  /** What the step answers: counts, or 'E11000'. */
  run(step: Step): unknown {
    const { things } = this
    switch (step.kind) {
      case 'insert': {
        let [added, failed] = [0, false]
        for (const thing of step.things) {
          if (failed && step.ordered) break
          const known = this.things.some(({ _id }) => _id === thing._id)
          if (known || !this.put({ ...thing })) failed = true
          else added++
        }
        return [added, failed]
      }
      case 'inc': {
        const found = things.filter(({ g, n }) => g === step.g && n !== null)
        // Adding nothing changes nothing, but makes the field where it is missing.
        const changed = step.by === 0 ? found.filter(({ n }) => n === undefined) : [...found]
        for (const thing of found) thing.n = (thing.n ?? 0) + step.by
        return [found.length, changed.length]
      }
      case 'claim': {
        const [first] = things
          .filter(({ g, n }) => g === step.g && typeof n === 'number' && n < step.below)
          .sort((a, b) => (b.n as number) - (a.n as number) || a._id - b._id)
        if (!first) return null
        first.n = step.below
        return first._id
      }
      case 'upsert': {
        const found = things.find(({ g, k }) => g === step.g && k === step.k)
        if (found) {
          found.n = step.n
          return 'found'
        }
        return this.put({ _id: 1_000 + step.g * 100 + step.k, g: step.g, k: step.k, n: step.n })
          ? 'made'
          : 'E11000'
      }
      case 'tag': {
        const found = things.filter(({ g }) => g === step.g)
        for (const thing of found) {
          const tags = thing.tags ?? []
          if (step.how === 'pull') {
            if (thing.tags) thing.tags = tags.filter((tag) => tag !== step.tag)
          } else if (step.how === 'push' || !tags.includes(step.tag)) thing.tags = [...tags, step.tag]
        }
        return found.length
      }
      case 'unset':
        for (const thing of things) if (thing.k === step.k) delete thing.n
        return null
      case 'lead': {
        const found = things.find(({ _id }) => _id === step._id)
        if (!found) return 0
        return this.put({ ...found, lead: step.lead }) ? 1 : 'E11000'
      }
      case 'delete': {
        const kept = things.filter(({ k }) => k < step.from || k >= step.to)
        const gone = things.length - kept.length
        this.things = kept
        return gone
      }
      case 'replace': {
        const found = things.find(({ _id }) => _id === step._id)
        if (!found) return 0
        return this.put({ _id: step._id, g: 9, k: step.k }) ? 1 : 'E11000'
      }
    }
  }
}

const code = async <T>(call: Promise<T>): Promise<T | 'E11000'> =>
  call.catch((error: { code?: number }) => {
    if (error.code === 11000) return 'E11000' as const
    throw error
  })

async function carryOut(db: Connection, step: Step): Promise<unknown> {
  const raw = db.collection<Thing>('model')
  switch (step.kind) {
    case 'insert': {
      const copies = step.things.map((thing) => ({ ...thing }))
      const before = await raw.countDocuments()
      const result = await code(raw.insertMany(copies, { ordered: step.ordered }))
      return [(await raw.countDocuments()) - before, result === 'E11000']
    }
    case 'inc': {
      const found = await raw.updateMany({ g: step.g, $or: [{ n: { $ne: null } }, { n: { $exists: false } }] }, { $inc: { n: step.by } }) // prettier-ignore
      return [found.matchedCount, found.modifiedCount]
    }
    case 'claim': {
      const found = await raw.findOneAndUpdate(
        { g: step.g, n: { $lt: step.below } },
        { $set: { n: step.below } },
        { sort: { n: -1, _id: 1 } },
      )
      return found?._id ?? null
    }
    case 'upsert': {
      const result = await code(
        raw.updateOne(
          { g: step.g, k: step.k },
          { $set: { n: step.n }, $setOnInsert: { _id: 1_000 + step.g * 100 + step.k } },
          { upsert: true },
        ),
      )
      return result === 'E11000' ? result : result.upsertedCount ? 'made' : 'found'
    }
    case 'tag':
      return (await raw.updateMany({ g: step.g }, { [`$${step.how}`]: { tags: step.tag } })).matchedCount
    case 'unset':
      await raw.updateMany({ k: step.k }, { $unset: { n: '' } })
      return null
    case 'lead': {
      const result = await code(raw.updateOne({ _id: step._id }, { $set: { lead: step.lead } }))
      return result === 'E11000' ? result : result.matchedCount
    }
    case 'delete':
      return (await raw.deleteMany({ k: { $gte: step.from, $lt: step.to } })).deletedCount
    case 'replace': {
      const result = await code(raw.replaceOne({ _id: step._id }, { g: 9, k: step.k }))
      return result === 'E11000' ? result : result.matchedCount
    }
  }
}

const small = fc.integer({ min: 0, max: 7 })
const group = fc.integer({ min: 0, max: 2 })
const thing = fc.record<Thing>(
  {
    _id: fc.integer({ min: 0, max: 30 }),
    k: small,
    g: group,
    n: fc.option(fc.integer({ min: -3, max: 9 })),
    tags: fc.array(small, { maxLength: 3 }),
    lead: small,
  },
  { requiredKeys: ['_id', 'k', 'g'] },
)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), things: fc.array(thing, { minLength: 1, maxLength: 6 }), ordered: fc.boolean() }),
  fc.record({ kind: fc.constant('inc' as const), g: group, by: fc.integer({ min: -2, max: 2 }) }),
  fc.record({ kind: fc.constant('claim' as const), g: group, below: small }),
  fc.record({ kind: fc.constant('upsert' as const), g: group, k: small, n: small }),
  fc.record({ kind: fc.constant('tag' as const), g: group, tag: small, how: fc.constantFrom('addToSet' as const, 'pull' as const, 'push' as const) }),
  fc.record({ kind: fc.constant('unset' as const), k: small }),
  fc.record({ kind: fc.constant('lead' as const), _id: fc.integer({ min: 0, max: 30 }), lead: small }),
  fc.record({ kind: fc.constant('delete' as const), from: small, to: small }),
  fc.record({ kind: fc.constant('replace' as const), _id: fc.integer({ min: 0, max: 30 }), k: small }),
) // prettier-ignore

/** Reads by way of indexes, checked against the model. */
async function compare(db: Connection, { things }: Model): Promise<void> {
  const raw = db.collection<Thing>('model')
  const byId = [...things].sort((a, b) => a._id - b._id)
  expect(await raw.find().sort({ _id: 1 }).toArray()).toEqual(byId)
  const above = await raw.find({ g: 1, n: { $gt: 2 } }).sort({ n: 1, _id: 1 }).skip(1).limit(3).toArray() // prettier-ignore
  const expected = byId
    .filter(({ g, n }) => g === 1 && typeof n === 'number' && n > 2)
    .sort((a, b) => (a.n as number) - (b.n as number) || a._id - b._id)
  expect(above).toEqual(expected.slice(1, 4))
  expect(await raw.countDocuments({ tags: { $in: [1, 2] } })).toBe(
    things.filter(({ tags }) => tags?.some((tag) => tag === 1 || tag === 2)).length,
  )
  expect(await raw.countDocuments({ n: null })).toBe(
    things.filter(({ n }) => n === null || n === undefined).length,
  )
  const sums = await raw.aggregate<{ _id: number; sum: number; count: number }>([
    { $match: { g: { $ne: 2 } } },
    { $group: { _id: '$g', sum: { $sum: '$n' }, count: { $sum: 1 } } },
    { $sort: { _id: 1 } },
  ]).toArray() // prettier-ignore
  const groups = [...new Set(byId.map(({ g }) => g).filter((g) => g !== 2))].sort((a, b) => a - b)
  expect(sums).toEqual(
    groups.map((_id) => {
      const own = byId.filter(({ g }) => g === _id)
      return { _id, sum: own.reduce((sum, { n }) => sum + (n ?? 0), 0), count: own.length }
    }),
  )
}

describe.each(PLACES)('on $name', (place) => {
  const opening = place.open('model')
  afterAll(async () => (await opening).close())

  test('When operations come in any order, then answers and documents are those of a model that is not mingo', async () => {
    const { db } = await opening
    await db
      .collection('model')
      .createIndexes([
        { key: { g: 1, k: 1 }, unique: true },
        { key: { g: 1, n: -1 } },
        { key: { tags: 1 } },
        { key: { n: 1 }, sparse: true },
        { key: { lead: 1 }, unique: true, partialFilterExpression: { g: 0 } },
      ])
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        await db.collection('model').deleteMany({})
        const model = new Model()
        for (const each of steps) expect(await carryOut(db, each)).toEqual(model.run(each))
        await compare(db, model)
      }),
      { numRuns: 60 },
    )
  })
})
