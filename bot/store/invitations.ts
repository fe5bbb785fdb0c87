import { Schema, type Connection } from 'mongoose'
import type { LinkKind } from '../../shared/api/auth.js'

/** A one-time link. Its secret is handed out once; here is a hash of it. */
export interface StoredInvitation {
  kind: LinkKind
  tokenHash: string
  /** Whose account; null for the first administrator. */
  staff: string | null
  expiresAt: Date
}

type Doc = StoredInvitation & { _id: string }

const schema = new Schema<Doc>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    tokenHash: { type: String, required: true },
    staff: { type: String, default: null },
    expiresAt: { type: Date, required: true },
  },
  { versionKey: false, strict: 'throw' },
)
schema.index({ tokenHash: 1 }, { unique: true })
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 })

const idOf = (staff: string | null) => staff ?? 'first administrator'
const read = ({ _id: _, ...rest }: Doc): StoredInvitation => rest

export type InvitationStore = ReturnType<typeof invitations>

/** One-time links: at most one for an account, one for the first administrator. */
export function invitations(connection: Connection) {
  const model = connection.model('invitation', schema)
  return {
    model,

    /** A new link takes the place of the one before. */
    async put(invitation: StoredInvitation): Promise<void> {
      await model.updateOne({ _id: idOf(invitation.staff) }, { $set: invitation }, { upsert: true })
    },

    async find(tokenHash: string, now: Date): Promise<StoredInvitation | null> {
      const doc = await model.findOne({ tokenHash, expiresAt: { $gt: now } }).lean<Doc>()
      return doc ? read(doc) : null
    },

    /** Uses the link up: of several at the same time one gets it, the others null. */
    async take(tokenHash: string, now: Date): Promise<StoredInvitation | null> {
      const doc = await model.findOneAndDelete({ tokenHash, expiresAt: { $gt: now } }).lean<Doc>()
      return doc ? read(doc) : null
    },

    async remove(staff: string | null): Promise<void> {
      await model.deleteOne({ _id: idOf(staff) })
    },
  }
}
