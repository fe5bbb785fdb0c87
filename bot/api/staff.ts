import type { staffRoutes } from '../../shared/api/staff.js'
import type { Accounts } from '../staff/accounts.js'
import type { Audit } from '../staff/audit.js'
import type { Sessions } from '../staff/sessions.js'
import type { HandlersOf } from './handlers.js'

export interface StaffParts {
  accounts: Accounts
  sessions: Sessions
  audit: Audit
}

export function staffHandlers({ accounts, sessions, audit }: StaffParts): HandlersOf<typeof staffRoutes> {
  return {
    'staff.list': ({ query: { active, ...page } }) => accounts.list({ active }, page),

    'staff.one': ({ params }) => accounts.one(params.id),

    'staff.create': async ({ body, staff, now }) => {
      const made = await accounts.create(body, staff, now)
      return { ...made, expiresAt: made.expiresAt.toISOString() }
    },

    'staff.change': ({ params, body, staff, now }) => accounts.change(params.id, body, staff, now),

    'staff.link': async ({ params, staff, now }) => {
      const { link, expiresAt } = await accounts.link(params.id, staff, now)
      return { link, expiresAt: expiresAt.toISOString() }
    },

    'staff.sessions': async ({ params, session, now }) => {
      const member = await accounts.stored(params.id)
      const items = await sessions.list(member, session.live?.session.id ?? null, now)
      return { items, total: items.length }
    },

    'staff.sessions.end': async ({ params, staff, now }) => {
      const member = await accounts.stored(params.id)
      await audit.record({ staff, verb: 'session.ended', subject: member.id, at: now })
      await sessions.endAll(member.id)
      return { done: true }
    },
  }
}
