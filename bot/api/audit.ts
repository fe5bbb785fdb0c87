import type { auditRoutes } from '../../shared/api/audit.js'
import type { Audit } from '../staff/audit.js'
import type { HandlersOf } from './handlers.js'

export function auditHandlers(audit: Audit): HandlersOf<typeof auditRoutes> {
  return {
    'audit.list': ({ query: { page, perPage, from, to, ...filter } }) =>
      audit.list(
        { ...filter, ...(from ? { from: new Date(from) } : {}), ...(to ? { to: new Date(to) } : {}) },
        { page, perPage },
      ),
  }
}
