import { randomUUID } from 'node:crypto'
import { Schema, type Connection } from 'mongoose'
import type { AuditVerb } from '../../shared/api/audit.js'

export interface StoredEntry {
  id: string
  at: Date
  staff: string | null
  verb: AuditVerb
  subject: string
  times: number
}

type Doc = Omit<StoredEntry, 'id'> & { _id: string }

/** Three years: the yearly audit of minors' data (未成年人网络保护条例 第三十七条) looks back over more than one. */
const KEEP_SECONDS = 3 * 366 * 86_400

const schema = new Schema<Doc>(
  {
    _id: { type: String, required: true },
    at: { type: Date, required: true },
    staff: { type: String, default: null },
    verb: { type: String, required: true },
    subject: { type: String, default: '' },
    times: { type: Number, required: true },
  },
  { versionKey: false, strict: 'throw' },
)
schema.index({ at: 1 }, { expireAfterSeconds: KEEP_SECONDS })
schema.index({ subject: 1, at: -1 })
schema.index({ staff: 1, at: -1 })

export interface AuditFilter {
  staff?: string
  verb?: AuditVerb
  subject?: string
  from?: Date
  to?: Date
}

export type AuditStore = ReturnType<typeof audit>

/** Who did what, when, to which: ids only. Nothing here is changed or taken back. */
export function audit(connection: Connection) {
  const model = connection.model('audit', schema, 'audit')
  return {
    model,

    /** Writes an entry; entries of one `key` are one, counted. */
    async add(entry: Omit<StoredEntry, 'id' | 'times'>, key: string = randomUUID()): Promise<void> {
      await model.updateOne({ _id: key }, { $setOnInsert: entry, $inc: { times: 1 } }, { upsert: true })
    },

    /** Newest first. */
    async list(
      { from, to, ...exact }: AuditFilter,
      page: { page: number; perPage: number },
    ): Promise<{ items: StoredEntry[]; total: number }> {
      const at = { ...(from ? { $gte: from } : {}), ...(to ? { $lt: to } : {}) }
      const where = { ...exact, ...(from || to ? { at } : {}) }
      const [docs, total] = await Promise.all([
        model
          .find(where)
          .sort({ at: -1, _id: 1 })
          .skip((page.page - 1) * page.perPage)
          .limit(page.perPage)
          .lean<Doc[]>(),
        model.countDocuments(where),
      ])
      return { items: docs.map(({ _id, ...rest }) => ({ id: _id, ...rest })), total }
    },
  }
}
