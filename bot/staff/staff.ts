import type { Store } from '../store/store.js'
import { createAccounts } from './accounts.js'
import { createAudit } from './audit.js'
import { createLinks } from './links.js'
import { createSessions } from './sessions.js'
import { createSignIn } from './sign-in.js'

export type StaffRoom = ReturnType<typeof createStaff>

/** Everything about staff: accounts, one-time links, sign-in, sessions, and the record of who did what. */
export function createStaff(store: Store) {
  const audit = createAudit(store)
  const signIn = createSignIn(store, audit)
  const links = createLinks(store, signIn, audit)
  return {
    audit,
    signIn,
    links,
    sessions: createSessions(store),
    accounts: createAccounts(store, links, audit),
  }
}
