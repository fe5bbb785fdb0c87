import type { authRoutes, Me } from '../../shared/api/auth.js'
import { AppError } from '../errors.js'
import type { Accounts } from '../staff/accounts.js'
import type { Audit } from '../staff/audit.js'
import type { Links } from '../staff/links.js'
import type { Sessions } from '../staff/sessions.js'
import type { SignIn } from '../staff/sign-in.js'
import type { HandlersOf } from './handlers.js'
import type { SessionDoor } from './session.js'

export interface AuthParts {
  accounts: Accounts
  signIn: SignIn
  links: Links
  sessions: Sessions
  audit: Audit
}

export function authHandlers(parts: AuthParts): HandlersOf<typeof authRoutes> {
  const { accounts, signIn, links, sessions, audit } = parts
  const alive = (session: SessionDoor) => {
    if (!session.live) throw new AppError('staff.signed-out')
    return session.live
  }
  const me = async (door: SessionDoor): Promise<Me> => {
    const { session, staff } = alive(door)
    return { staff: await accounts.view(staff), csrf: session.csrf, endsAt: session.endsAt.toISOString() }
  }

  return {
    'sign-in': async ({ body, session, now }) => {
      await session.begin(await signIn.signIn(body.name, body.password, now))
      return me(session)
    },

    'welcome.look': async ({ body, now }) => {
      const { kind, staff, expiresAt } = await links.look(body.token, now)
      const [name, workName] = staff ? [staff.name, staff.workName] : [null, null]
      return { kind, name, workName, expiresAt: expiresAt.toISOString() }
    },

    'welcome.accept': async ({ body, session, now }) => {
      await session.begin(await links.accept(body, now))
      return me(session)
    },

    'welcome.first': async ({ body, session, now }) => {
      await session.begin(await links.acceptFirst(body, now))
      return me(session)
    },

    me: ({ session }) => me(session),

    'sign-out': async ({ staff, session, now }) => {
      await audit.record({ staff, verb: 'sign-out', at: now })
      await sessions.endOne(staff.id, alive(session).session.id)
      await session.end()
      await accounts.leave(staff.id)
      return { done: true }
    },

    'me.password': async ({ body, session, now }) => {
      const { staff } = alive(session)
      await signIn.confirm(staff.name, body.current, now)
      await session.begin(await links.change(staff, body.password, now))
      return me(session)
    },

    'me.sessions': async ({ session, now }) => {
      const live = alive(session)
      const items = await sessions.list(live.staff, live.session.id, now)
      return { items, total: items.length }
    },

    'me.sessions.end': async ({ staff, params, now }) => {
      await sessions.endOne(staff.id, params.id)
      await audit.record({ staff, verb: 'session.ended', subject: staff.id, at: now })
      return { done: true }
    },
  }
}
