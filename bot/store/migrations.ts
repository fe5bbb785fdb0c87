import type { mongo } from 'mongoose'
import { bytes } from './crypto.js'
import { packed } from './packed.js'

/**
 * Brings the documents of a collection one version on. It may be killed and run again, so it must be idempotent: change
 * what still has the old shape, by a filter that no longer finds what is done.
 */
export type Migration = (collection: mongo.Collection) => Promise<unknown>

/** Conversations got an owner's name, the desk's count of decisions, and the number of the turn that is not carried out. */
export const conversationsForTheDesk: Migration = async (collection) => {
  for await (const { _id, turn } of collection.find({ hasPending: true }, { projection: { turn: 1 } }))
    await collection.updateOne({ _id }, { $set: { pendingTurn: turn as number }, $unset: { hasPending: 1 } })
  await collection.updateMany(
    { hasPending: false },
    { $set: { pendingTurn: null }, $unset: { hasPending: 1 } },
  )
  await collection.updateMany(
    { moves: { $exists: false } },
    { $set: { staff: null, riskAt: null, moves: 0, move: 0 } },
  )
}

/** Escalations got a state, an order and the desk's decisions; what was open waits. */
export const escalationsForTheDesk: Migration = async (collection) => {
  const ranks = ['attempt', 'urgent', 'report', 'asked', 'fault']
  for await (const old of collection.find({ state: { $exists: false } }))
    await collection.updateOne(
      { _id: old._id, state: { $exists: false } },
      {
        $set: {
          state: old.open ? 'waiting' : 'resolved',
          channel: 'web',
          rank: Math.max(0, ranks.indexOf(String(old.grade))),
          waitingSince: old.openedAt as Date,
          risen: false,
          move: 0,
          due: null,
          claimedBy: null,
          overdueAt: null,
        },
      },
    )
}

/** The bulk of a release is packed: before, it stood there as it is. */
export const releasesPacked: Migration = async (collection) => {
  for await (const { _id, content, model } of collection.find({})) {
    if (typeof content !== 'string') continue
    const bulk = { content: await packed(content), model: await packed(bytes(model as mongo.Binary)) }
    await collection.updateOne({ _id }, { $set: bulk })
  }
}
