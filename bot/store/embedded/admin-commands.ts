import type { Collection } from './collection.js'
import { parseIndexSpec } from './collection-index.js'
import { collectionName, type Call, type Command } from './command.js'
import { Fault } from './fault.js'
import { compileFilter } from './filter.js'
import { optionalDoc } from './read-commands.js'
import { isArray, type Doc } from './values.js'
import { MAX_MESSAGE_BYTES } from './wire.js'

const VERSION = '7.0.0'
/** MongoDB 7.0: what drivers 6 and 7 accept, and below the client-level bulkWrite command of 8.0. */
const MAX_WIRE_VERSION = 21

/** A standalone server: no setName, so that no driver sends retryable writes; no topologyVersion, so that none streams hello. */
function hello({ command }: Call): Doc {
  const legacy = 'isMaster' in command || 'ismaster' in command
  return {
    ...(legacy ? { ismaster: true } : { isWritablePrimary: true }),
    helloOk: true,
    maxBsonObjectSize: 16 * 1024 * 1024,
    maxMessageSizeBytes: MAX_MESSAGE_BYTES,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId: 1,
    minWireVersion: 0,
    maxWireVersion: MAX_WIRE_VERSION,
    readOnly: false,
  }
}

function createIndexes(call: Call): Doc {
  const { indexes } = call.command
  if (!isArray(indexes) || indexes.length === 0)
    throw new Fault(9, 'Must specify at least one index to create')
  const specs = indexes.map(parseIndexSpec)
  const isNew = !call.store.get(call.db, collectionName(call))
  const collection = call.store.ensure(call.db, collectionName(call))
  const before = collection.indexes.length
  for (const spec of specs) collection.createIndex(spec)
  return {
    numIndexesBefore: before,
    numIndexesAfter: collection.indexes.length,
    createdCollectionAutomatically: isNew,
  }
}

function existing(call: Call): Collection {
  const collection = call.store.get(call.db, collectionName(call))
  if (!collection) throw new Fault(26, `ns does not exist: ${call.db}.${collectionName(call)}`)
  return collection
}

function listIndexes(call: Call): Doc {
  const collection = existing(call)
  return call.cursors.start(
    collection.namespace,
    collection.indexes.map((index) => index.spec),
    optionalDoc(call.command.cursor, 'cursor').batchSize,
  )
}

function listCollections(call: Call): Doc {
  const matches = compileFilter(optionalDoc(call.command.filter, 'filter'))
  const docs = call.store.list(call.db).map(({ name, indexes }) => ({
    name,
    type: 'collection',
    options: {},
    info: { readOnly: false },
    idIndex: indexes[0]?.spec,
  }))
  return call.cursors.start(
    `${call.db}.$cmd.listCollections`,
    docs.filter(matches),
    optionalDoc(call.command.cursor, 'cursor').batchSize,
  )
}

function dropDatabase(call: Call): Doc {
  for (const collection of call.store.list(call.db)) call.store.drop(collection)
  return { dropped: call.db }
}

/** A hello only tells about the client (driver, offers of compression or backpressure); new drivers add fields to it. */
const HELLO: Command = { options: 'any', run: hello }

/** Commands about the server, collections and indexes. */
export const ADMIN_COMMANDS: Record<string, Command> = {
  hello: HELLO,
  isMaster: HELLO,
  ismaster: HELLO,
  ping: { options: [], run: () => ({}) },
  buildInfo: {
    options: [],
    run: () => ({
      version: VERSION,
      versionArray: [7, 0, 0, 0],
      modules: ['qingan embedded'],
      maxBsonObjectSize: 16 * 1024 * 1024,
    }),
  },
  endSessions: { options: [], run: () => ({}) },
  create: {
    options: [],
    run: (call) => {
      call.store.ensure(call.db, collectionName(call))
      return {}
    },
  },
  createIndexes: { options: ['indexes'], run: createIndexes },
  listIndexes: { options: ['cursor'], run: listIndexes },
  dropIndexes: {
    options: ['index'],
    run: (call) => {
      const collection = existing(call)
      const nIndexesWas = collection.indexes.length
      for (const which of isArray(call.command.index) ? call.command.index : [call.command.index])
        collection.dropIndex(which)
      return { nIndexesWas }
    },
  },
  listCollections: {
    options: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'],
    run: listCollections,
  },
  drop: {
    options: [],
    run: (call) => {
      const collection = call.store.get(call.db, collectionName(call))
      if (collection) call.store.drop(collection)
      return collection ? { ns: collection.namespace, nIndexesWas: collection.indexes.length } : {}
    },
  },
  dropDatabase: { options: [], run: dropDatabase },
}
