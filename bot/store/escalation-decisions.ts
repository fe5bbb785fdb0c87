import { Types } from 'mongoose'
import type { Resolution } from '../../shared/desk.js'
import type { Counselor } from './counselor.js'
import {
  readEscalation,
  type Due,
  type EscalationDoc,
  type EscalationModel,
  type StoredEscalation,
} from './escalation-document.js'

/** What the desk decides about an escalation, and whether it has been carried out in the conversation. */
export function decisions(model: EscalationModel) {
  /** A decision of the desk in one conditional write; null when the escalation was not as the decision needs it. */
  const decide = async (
    id: string,
    move: number,
    when: Record<string, unknown>,
    set: Partial<EscalationDoc> & { due: Due },
  ): Promise<StoredEscalation | null> => {
    const doc = await model
      .findOneAndUpdate(
        { _id: new Types.ObjectId(id), open: true, move: { $lt: move }, ...when },
        { $set: { ...set, move } },
        { returnDocument: 'after' },
      )
      .lean<EscalationDoc>()
    return doc ? readEscalation(doc) : null
  }

  return {
    claim: (id: string, move: number, by: Counselor, at: Date) =>
      decide(
        id,
        move,
        { state: 'waiting' },
        {
          state: 'claimed',
          claimedBy: by,
          claimedAt: at,
          risen: false,
          unansweredSince: null,
          overdueAt: null,
          due: 'claim',
        },
      ),

    /** `by` null: whoever has it. */
    release: (id: string, move: number, by: string | null, at: Date) =>
      decide(
        id,
        move,
        { state: 'claimed', ...(by ? { 'claimedBy.id': by } : {}) },
        {
          state: 'waiting',
          claimedBy: null,
          claimedAt: null,
          waitingSince: at,
          risen: false,
          unansweredSince: null,
          overdueAt: null,
          due: 'release',
        },
      ),

    resolve: (id: string, move: number, by: string, resolution: Resolution, at: Date) =>
      decide(
        id,
        move,
        { state: 'claimed', 'claimedBy.id': by },
        {
          state: 'resolved',
          open: false,
          resolvedAt: at,
          outcome: resolution.outcome,
          topic: resolution.topic,
          levelAfter: resolution.level,
          risen: false,
          unansweredSince: null,
          overdueAt: null,
          due: 'resolve',
        },
      ),

    /** The decision has been carried out in the conversation. */
    async settled(id: string, move: number): Promise<void> {
      await model.updateOne({ _id: new Types.ObjectId(id), move }, { $set: { due: null } })
    },

    /** Decisions a dead process did not carry out. */
    async unsettled(most: number): Promise<StoredEscalation[]> {
      const docs = await model
        .find({ due: { $in: ['claim', 'release', 'resolve'] } })
        .limit(most)
        .lean<EscalationDoc[]>()
      return docs.map(readEscalation)
    },
  }
}
