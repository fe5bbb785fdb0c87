import type { AuditEntry, AuditVerb } from '../../shared/api/audit.js'
import type { AuditFilter } from '../store/audit.js'
import type { Store } from '../store/store.js'

/** Who, what, when, to which. */
export interface Deed {
  /** Null when nobody was signed in. */
  staff: { id: string } | null
  verb: AuditVerb
  /** The id of what it was done to; never a name or a word of a conversation. */
  subject?: string
  at: Date
}

const MINUTE_MS = 60_000

export type Audit = ReturnType<typeof createAudit>

/** The record of who did what. A read is recorded before what was read is handed out. */
export function createAudit(store: Pick<Store, 'audit' | 'staff'>) {
  return {
    /** An open console reads again at every change: reads of one conversation within a minute are one entry, counted. */
    async record({ staff, verb, subject = '', at }: Deed): Promise<void> {
      const entry = { at, staff: staff?.id ?? null, verb, subject }
      const minute = Math.floor(at.getTime() / MINUTE_MS)
      await store.audit.add(
        entry,
        verb === 'conversation.read' ? `${entry.staff}:${subject}:${minute}` : undefined,
      )
    },

    /** Newest first, with the work names of today. */
    async list(
      filter: AuditFilter,
      page: { page: number; perPage: number },
    ): Promise<{ items: AuditEntry[]; total: number }> {
      const { items, total } = await store.audit.list(filter, page)
      const ids = new Set(items.flatMap(({ staff }) => (staff ? [staff] : [])))
      const names = await store.staff.workNames([...ids])
      return {
        items: items.map(({ at, staff, ...rest }) => ({
          ...rest,
          at: at.toISOString(),
          staff: staff ? { id: staff, workName: names.get(staff) ?? '' } : null,
        })),
        total,
      }
    },
  }
}
