import { randomUUID } from 'node:crypto'
import { connect } from './connection.js'
import { checkKey } from './key-check.js'
import { conversations, type Conversations } from './conversations.js'
import type { Vault } from './crypto.js'
import { escalations, type Escalations } from './escalations.js'
import { feed, type Feed } from './feed.js'
import { contents, type StoredContents } from './intents.js'
import { messages, type Messages } from './messages.js'
import { reach, type Hear, type Place } from './place.js'
import { releases, type Releases } from './releases.js'
import { migrateSchemas } from './schema-versions.js'

/** Everything 青安 remembers. */
export interface Store {
  /** This process among those that share the store. */
  process: string
  conversations: Conversations
  messages: Messages
  escalations: Escalations
  contents: StoredContents
  releases: Releases
  feed: Feed
  vault: Vault
  /** Throws when the database does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

export type { Place }

/** Opens the store of a place; `hear` gets the database's notices. Indexes are made. Throws `store.unavailable`. */
export async function openStore(place: Place, vault: Vault, hear?: Hear): Promise<Store> {
  const database = await reach(place, hear)
  const connection = await connect(database.uri)
  try {
    await checkKey(connection, vault)
  } catch (error) {
    await connection.close()
    await database.stop()
    throw error
  }
  const process = randomUUID()
  const parts = {
    conversations: conversations(connection, vault),
    messages: messages(connection, vault),
    escalations: escalations(connection),
    contents: contents(connection),
    releases: releases(connection),
    feed: feed(connection, process),
  }
  const models = Object.values(connection.models)
  await migrateSchemas(
    connection,
    models.map((model) => model.collection.name),
    { alone: database.own },
  )
  for (const model of models) await model.createIndexes()
  // No other process has these data open: leases in them are a dead one's, and nobody need wait for them.
  if (database.own) await parts.conversations.releaseAll()
  return {
    process,
    ...parts,
    vault,
    async ping() {
      await connection.db?.command({ ping: 1 })
    },
    async close() {
      parts.feed.stop()
      await connection.close()
      await database.stop()
    },
  }
}
