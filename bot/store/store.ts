import { randomUUID } from 'node:crypto'
import { AppError } from '../errors.js'
import type { Connection } from 'mongoose'
import { audit, type AuditStore } from './audit.js'
import { campaigns, type CampaignStore } from './campaigns.js'
import { candidates, type CandidateStore } from './candidates.js'
import { connect } from './connection.js'
import { checkKey } from './key-check.js'
import { conversations, type Conversations } from './conversations.js'
import type { Vault } from './crypto.js'
import { deliveries, type DeliveryStore } from './deliveries.js'
import { escalations, type Escalations } from './escalations.js'
import { feed, type Feed } from './feed.js'
import { contents, type StoredContents } from './intents.js'
import { leases, type Leases } from './leases.js'
import { lawMaps, type LawMaps } from './law-maps.js'
import { lawReviews, type LawReviews } from './law-reviews.js'
import { invitations, type InvitationStore } from './invitations.js'
import { messages, type Messages } from './messages.js'
import { people, type PeopleStore } from './people.js'
import { presence, type PresenceStore } from './presence.js'
import { reach, type Hear, type Place } from './place.js'
import { recipients, type Recipients } from './recipients.js'
import { releases, type Releases } from './releases.js'
import { statutes, type Statutes } from './statutes.js'
import { migrateSchemas } from './schema-versions.js'
import { sessions, type SessionStore } from './sessions.js'
import { settings, type SettingStore } from './settings.js'
import { signIns, type SignInStore } from './sign-ins.js'
import { staff, type StaffStore } from './staff.js'
import { subscriptions, type SubscriptionStore } from './subscriptions.js'

/** Everything 青安 remembers. */
export interface Store {
  /** This process among those that share the store. */
  process: string
  conversations: Conversations
  messages: Messages
  escalations: Escalations
  presence: PresenceStore
  people: PeopleStore
  /** Windows and quotas of those we write to. */
  recipients: Recipients
  /** What one process does at a time, and the values they share. */
  leases: Leases
  subscriptions: SubscriptionStore
  campaigns: CampaignStore
  deliveries: DeliveryStore
  contents: StoredContents
  releases: Releases
  statutes: Statutes
  lawReviews: LawReviews
  lawMaps: LawMaps
  candidates: CandidateStore
  settings: SettingStore
  staff: StaffStore
  sessions: SessionStore
  invitations: InvitationStore
  signIns: SignInStore
  audit: AuditStore
  feed: Feed
  vault: Vault
  /** The database itself: for agenda, which keeps its jobs in a collection of its own. */
  database(): NonNullable<Connection['db']>
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
    presence: presence(connection),
    people: people(connection, vault),
    recipients: recipients(connection, vault),
    leases: leases(connection, vault, process),
    subscriptions: subscriptions(connection),
    campaigns: campaigns(connection),
    deliveries: deliveries(connection),
    contents: contents(connection),
    releases: releases(connection),
    statutes: statutes(connection),
    lawReviews: lawReviews(connection),
    lawMaps: lawMaps(connection),
    candidates: candidates(connection),
    settings: settings(connection),
    staff: staff(connection),
    sessions: sessions(connection),
    invitations: invitations(connection),
    signIns: signIns(connection),
    audit: audit(connection),
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
  if (database.own)
    await Promise.all([
      parts.conversations.releaseAll(),
      parts.candidates.releaseAll(),
      parts.leases.releaseAll(),
    ])
  return {
    process,
    ...parts,
    vault,
    database() {
      if (!connection.db) throw new AppError('store.unavailable', { why: 'the database is not connected' })
      return connection.db
    },
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
