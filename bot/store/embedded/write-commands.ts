import type { Collection } from './collection.js'
import { collectionName, type Call, type Command } from './command.js'
import { Fault, unsupported } from './fault.js'
import { compileFilter } from './filter.js'
import { parseSort } from './paths.js'
import { compileProjection } from './projection.js'
import { optionalDoc } from './read-commands.js'
import { compileUpdate, isReplacement, upsertedDocument, type Update } from './update.js'
import { isArray, isDoc, type Doc } from './values.js'

const UPDATE_KEYS = ['q', 'u', 'upsert', 'multi', 'sort']
const DELETE_KEYS = ['q', 'limit']

const statement = (value: unknown, known: string[], command: string): Doc => {
  if (!isDoc(value)) throw new Fault(14, `A statement of ${command} must be an object`)
  const other = Object.keys(value).find((key) => !known.includes(key))
  if (other) throw unsupported(`The option '${other}' of an ${command} statement`, 40415)
  return value
}

/** Runs the statements of a batch; each failure is reported with its place, and stops the rest when ordered. */
function batch(call: Call, key: string, run: (item: unknown, index: number) => void): Doc {
  const items = call.command[key]
  if (!isArray(items) || items.length === 0)
    throw new Fault(9, `The command needs a non-empty array '${key}'`)
  const writeErrors: Doc[] = []
  for (const [index, item] of items.entries()) {
    try {
      run(item, index)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      writeErrors.push({ index, code: error.code, errmsg: error.message, ...error.details })
      if (call.command.ordered !== false) break
    }
  }
  return writeErrors.length > 0 ? { writeErrors } : {}
}

function insert(call: Call): Doc {
  const collection = call.store.ensure(call.db, collectionName(call))
  let n = 0
  const errors = batch(call, 'documents', (doc) => {
    collection.insert(doc as Doc)
    n++
  })
  return { n, ...errors }
}

function upsert(collection: Collection, filter: Doc, update: unknown, apply: Update): Doc {
  const doc = upsertedDocument(filter, update, apply)
  collection.insert(doc)
  return doc
}

function update(call: Call): Doc {
  const collection = call.store.ensure(call.db, collectionName(call))
  let [n, nModified] = [0, 0]
  const upserted: Doc[] = []
  const errors = batch(call, 'updates', (item, index) => {
    const { q, u, multi, sort, upsert: mayInsert } = statement(item, UPDATE_KEYS, 'update')
    const filter = optionalDoc(q, 'q')
    if (multi === true && isReplacement(u))
      throw new Fault(9, 'multi update is not supported for replacement-style update')
    const apply = compileUpdate(u)
    const rows = collection.find(filter, {
      sort: parseSort(optionalDoc(sort, 'sort')),
      limit: multi === true ? 0 : 1,
    })
    for (const row of rows) {
      const next = apply(row.doc, false)
      n++
      if (next === row.doc) continue
      collection.replace(row, next)
      nModified++
    }
    if (rows.length === 0 && mayInsert === true) {
      upserted.push({ index, _id: upsert(collection, filter, u, apply)._id })
      n++
    }
  })
  return { n, nModified, ...(upserted.length > 0 ? { upserted } : {}), ...errors }
}

function remove(call: Call): Doc {
  const collection = call.store.get(call.db, collectionName(call))
  let n = 0
  const errors = batch(call, 'deletes', (item) => {
    const { q, limit } = statement(item, DELETE_KEYS, 'delete')
    const filter = optionalDoc(q, 'q')
    compileFilter(filter)
    if (limit !== 0 && limit !== 1)
      throw new Fault(9, `The limit field in delete objects must be 0 or 1. Got ${String(limit)}`)
    for (const row of collection?.find(filter, { limit }) ?? []) {
      collection?.remove(row)
      n++
    }
  })
  return { n, ...errors }
}

function findAndModify(call: Call): Doc {
  const { command } = call
  const filter = optionalDoc(command.query, 'query')
  const project = compileProjection(command.fields)
  const sort = parseSort(optionalDoc(command.sort, 'sort'))
  if (command.remove === true) {
    if ('update' in command || command.new === true || command.upsert === true)
      throw new Fault(9, 'Cannot specify both an update, new or upsert and remove=true')
    const collection = call.store.get(call.db, collectionName(call))
    compileFilter(filter)
    const row = collection?.find(filter, { sort, limit: 1 })[0]
    if (row) collection?.remove(row)
    return { lastErrorObject: { n: row ? 1 : 0 }, value: row ? project(row.doc) : null }
  }
  const apply = compileUpdate(command.update)
  const collection = call.store.ensure(call.db, collectionName(call))
  const row = collection.find(filter, { sort, limit: 1 })[0]
  if (!row) {
    if (command.upsert !== true) return { lastErrorObject: { n: 0, updatedExisting: false }, value: null }
    const doc = upsert(collection, filter, command.update, apply)
    return {
      lastErrorObject: { n: 1, updatedExisting: false, upserted: doc._id },
      value: command.new === true ? project(doc) : null,
    }
  }
  const before = row.doc
  const next = apply(before, false)
  if (next !== before) collection.replace(row, next)
  return {
    lastErrorObject: { n: 1, updatedExisting: true },
    value: project(command.new === true ? row.doc : before),
  }
}

/** Commands that change documents. There are no validators, so there is nothing for bypassDocumentValidation to bypass. */
export const WRITE_COMMANDS: Record<string, Command> = {
  insert: { options: ['documents', 'ordered', 'bypassDocumentValidation'], run: insert },
  update: { options: ['updates', 'ordered', 'bypassDocumentValidation'], run: update },
  delete: { options: ['deletes', 'ordered'], run: remove },
  findAndModify: {
    options: ['query', 'sort', 'remove', 'update', 'new', 'fields', 'upsert', 'bypassDocumentValidation'],
    run: findAndModify,
  },
}
