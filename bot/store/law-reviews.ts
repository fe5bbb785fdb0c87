import { Schema, type Connection } from 'mongoose'

/** An editor has read the words now in force and stands by the answer that cites them. */
export interface LawConfirmation {
  intent: string
  law: string
  article: string
  /** Hash of the words that were read. */
  textHash: string
  by: string
  at: Date
}

const schema = new Schema<LawConfirmation & { _id: string }>(
  {
    _id: { type: String, required: true },
    intent: { type: String, required: true },
    law: { type: String, required: true },
    article: { type: String, required: true },
    textHash: { type: String, required: true },
    by: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { versionKey: false, strict: 'throw' },
)

export type LawReviews = ReturnType<typeof lawReviews>

/** Confirmations of citations whose law has changed. Kept for good: they say who looked, and when. */
export function lawReviews(connection: Connection) {
  const model = connection.model('law-review', schema)
  return {
    stamp: (): Promise<number> => model.countDocuments(),

    async all(): Promise<LawConfirmation[]> {
      const docs = await model.find().sort({ _id: 1 }).lean<(LawConfirmation & { _id: string })[]>()
      return docs.map(({ intent, law, article, textHash, by, at }) => ({
        intent,
        law,
        article,
        textHash,
        by,
        at,
      }))
    },

    /** Idempotent: the first who confirmed stays. */
    async confirm(confirmation: LawConfirmation): Promise<void> {
      const { intent, law, article, textHash } = confirmation
      await model.updateOne(
        { _id: `${intent}|${law}|${article}|${textHash}` },
        { $setOnInsert: confirmation },
        { upsert: true },
      )
    },
  }
}
