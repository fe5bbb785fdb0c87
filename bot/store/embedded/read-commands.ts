import { collectionName, type Call, type Command } from './command.js'
import { Fault, unsupported } from './fault.js'
import { compileFilter } from './filter.js'
import { documentOrder, keysAt, parseSort, type SortSpec } from './paths.js'
import { checkPipeline, runPipeline } from './pipeline.js'
import { compileProjection } from './projection.js'
import { compareValues, EMPTY_ARRAY, isArray, isDoc, storable, type Doc } from './values.js'

/** An optional document option; refuses by name the BSON types that are not compared faithfully. */
export function optionalDoc(value: unknown, name: string): Doc {
  if (value === undefined) return {}
  if (!isDoc(value)) throw new Fault(14, `BSON field '${name}' must be an object`)
  return storable(value)
}

/** An optional whole number from 0, by default 0. */
function optionalCount(value: unknown, name: string): number {
  if (value === undefined || value === null) return 0
  if (!Number.isInteger(value) || (value as number) < 0)
    throw new Fault(51024, `BSON field '${name}' must be a whole number >= 0`)
  return value as number
}

function find(call: Call): Doc {
  const { command, store, cursors } = call
  const name = collectionName(call)
  const filter = optionalDoc(command.filter, 'filter')
  const options = {
    sort: parseSort(optionalDoc(command.sort, 'sort')),
    skip: optionalCount(command.skip, 'skip'),
    limit: optionalCount(command.limit, 'limit'),
  }
  const project = compileProjection(command.projection)
  const matches = compileFilter(filter) // a wrong filter is an error even where there is no collection yet
  const namespace = `${call.db}.${name}`
  const snapshot = call.snapshots.of(command.readConcern)
  const docs = snapshot
    ? slice((snapshot.documents.get(namespace) ?? []).filter(matches), options)
    : (store.get(call.db, name)?.find(filter, options) ?? []).map((row) => row.doc)
  const reply = cursors.start(namespace, docs.map(project), command.batchSize, command.singleBatch === true)
  return snapshot ? { cursor: { ...(reply.cursor as Doc), atClusterTime: snapshot.time } } : reply
}

function slice(docs: Doc[], { sort, skip, limit }: { sort: SortSpec; skip: number; limit: number }): Doc[] {
  const sorted = sort.length > 0 ? docs.sort(documentOrder(sort)) : docs
  return limit > 0 ? sorted.slice(skip, skip + limit) : sorted.slice(skip)
}

/** A leading $match goes through the indexes; the rest is mingo's. */
function aggregate(call: Call): Doc {
  const { command, store, cursors, db } = call
  const name = collectionName(call)
  const cursor = optionalDoc(command.cursor, 'cursor')
  if (Object.keys(cursor).some((key) => key !== 'batchSize'))
    throw unsupported('A cursor option other than batchSize')
  const pipeline = checkPipeline(storable(command.pipeline))
  const collection = store.get(db, name)
  const match = pipeline[0]?.$match
  const input = isDoc(match) ? collection?.find(match).map((row) => row.doc) : collection?.documents()
  const docs = runPipeline(input ?? [], match === undefined ? pipeline : pipeline.slice(1))
  return cursors.start(`${db}.${name}`, docs, cursor.batchSize)
}

function count(call: Call): Doc {
  const { command } = call
  const collection = call.store.get(call.db, collectionName(call))
  const query = optionalDoc(command.query, 'query')
  const [skip, limit] = [optionalCount(command.skip, 'skip'), optionalCount(command.limit, 'limit')]
  if (Object.keys(query).length === 0 && skip === 0 && limit === 0) return { n: collection?.size ?? 0 }
  compileFilter(query)
  return { n: collection?.find(query, { skip, limit }).length ?? 0 }
}

function distinct(call: Call): Doc {
  const { key, query } = call.command
  if (typeof key !== 'string') throw new Fault(14, "BSON field 'distinct.key' must be a string")
  const rows = call.store.get(call.db, collectionName(call))?.find(optionalDoc(query, 'query')) ?? []
  const values = rows
    .flatMap((row) => keysAt(row.doc, key))
    .filter((value) => value !== undefined && value !== EMPTY_ARRAY)
    .sort(compareValues)
  return { values: values.filter((value, i) => i === 0 || compareValues(value, values[i - 1]) !== 0) }
}

/** Commands that change nothing. `allowDiskUse` only permits: nothing here ever spills to disk. */
export const READ_COMMANDS: Record<string, Command> = {
  find: {
    options: ['filter', 'projection', 'sort', 'skip', 'limit', 'batchSize', 'singleBatch', 'allowDiskUse'],
    run: find,
  },
  aggregate: { options: ['pipeline', 'cursor', 'allowDiskUse'], run: aggregate },
  count: { options: ['query', 'skip', 'limit'], run: count },
  distinct: { options: ['key', 'query'], run: distinct },
  getMore: {
    options: ['collection', 'batchSize'],
    run: ({ cursors, target, command }) => cursors.next(target, command.batchSize),
  },
  killCursors: {
    options: ['cursors'],
    run: ({ cursors, command }) => cursors.kill(isArray(command.cursors) ? command.cursors : []),
  },
}
