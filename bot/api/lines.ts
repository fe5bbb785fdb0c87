import type { lineRoutes } from '../../shared/api/lines.js'
import type { LineEditor } from '../content/edit-lines.js'
import type { Audit } from '../staff/audit.js'
import type { HandlersOf } from './handlers.js'

export function lineHandlers(lines: LineEditor, audit: Audit): HandlersOf<typeof lineRoutes> {
  const recorded = (staff: { id: string }, subject: string, at: Date) =>
    audit.record({ staff, verb: 'lines.changed', subject, at })
  return {
    'lines.list': ({ query, now }) => lines.list(query, now),

    'lines.one': ({ params, now }) => lines.one(params.id, now),

    'lines.add': async ({ body, staff, now }) => {
      const added = await lines.add(body.hash, body.line, { by: staff, at: now })
      await recorded(staff, added.id, now)
      return added
    },

    'lines.save': async ({ params, body, staff, now }) => {
      const kept = await lines.save(params.id, body.hash, body.line, { by: staff, at: now })
      await recorded(staff, kept.id, now)
      return kept
    },

    'lines.verify': async ({ params, body: { hash, ...verification }, staff, now }) => {
      const verified = await lines.verify(params.id, hash, verification, { by: staff, at: now })
      await recorded(staff, verified.id, now)
      return verified
    },

    'lines.remove': async ({ params, body, staff, now }) => {
      await lines.remove(params.id, body.hash, { by: staff, at: now })
      await recorded(staff, params.id, now)
      return { done: true }
    },
  }
}
