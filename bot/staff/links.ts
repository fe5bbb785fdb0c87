import { createHash, randomBytes } from 'node:crypto'
import type { LinkKind } from '../../shared/api/auth.js'
import { AppError } from '../errors.js'
import type { StoredStaff } from '../store/staff.js'
import type { Store } from '../store/store.js'
import type { Audit } from './audit.js'
import { checkPassword, hashPassword } from './passwords.js'
import type { SignIn } from './sign-in.js'

const MINUTE_MS = 60_000
/** How long each link lives, in milliseconds. A new member of staff may come on Monday. */
const LIFE_MS: Record<LinkKind, number> = {
  first: 30 * MINUTE_MS,
  new: 72 * 60 * MINUTE_MS,
  reset: 30 * MINUTE_MS,
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex')

/** A link as a path of the server; behind the #, so that no proxy's log ever has it. */
export interface IssuedLink {
  link: string
  expiresAt: Date
}

export type Links = ReturnType<typeof createLinks>

/** One-time links: 256 random bits, of which only a hash is kept; used up by one atomic write. */
export function createLinks(
  store: Pick<Store, 'staff' | 'sessions' | 'invitations' | 'feed'>,
  signIn: SignIn,
  audit: Audit,
) {
  const issue = async (kind: LinkKind, staff: string | null, now: Date): Promise<IssuedLink> => {
    const token = randomBytes(32).toString('base64url')
    const expiresAt = new Date(now.getTime() + LIFE_MS[kind])
    await store.invitations.put({ kind, tokenHash: hashOf(token), staff, expiresAt })
    return { link: `/admin/#/welcome/${token}`, expiresAt }
  }

  /** The account of a link that may still be used, or null for the first administrator's. Throws `link.void`. */
  const look = async (token: string, now: Date) => {
    const found = await store.invitations.find(hashOf(token), now)
    if (!found) throw new AppError('link.void')
    const staff = found.staff ? await store.staff.find(found.staff) : null
    const usable = found.kind === 'first' ? (await store.staff.administrators()) === 0 : staff?.active
    if (!usable) throw new AppError('link.void')
    return { ...found, staff }
  }

  const take = async (token: string, now: Date) => {
    if (!(await store.invitations.take(hashOf(token), now))) throw new AppError('link.void')
  }

  return {
    look,

    /** The link for the first administrator, as long as there is none; the one before it is void. */
    async first(now: Date): Promise<IssuedLink | null> {
      return (await store.staff.administrators()) === 0 ? issue('first', null, now) : null
    },

    /** A link for a member of staff to set a password: the first one, or another one. */
    forStaff: (staff: StoredStaff, now: Date) => issue(staff.passwordHash ? 'reset' : 'new', staff.id, now),

    /** No link of this account is valid any more. */
    void: (staff: string) => store.invitations.remove(staff),

    /** Makes the first administrator. Throws `link.void`, `password.weak`, `staff.name-taken`. */
    async acceptFirst(
      given: { token: string; name: string; workName: string; password: string },
      now: Date,
    ): Promise<StoredStaff> {
      const { kind } = await look(given.token, now)
      if (kind !== 'first') throw new AppError('link.void')
      checkPassword(given.password, given.name)
      // Looked at before the link is used up, so that a taken name costs no link.
      if (await store.staff.byName(given.name)) throw new AppError('staff.name-taken')
      const passwordHash = await hashPassword(given.password)
      await take(given.token, now)
      const { name, workName } = given
      const made = await store.staff.create({
        name,
        workName,
        roles: ['administrator'],
        passwordHash,
        createdAt: now,
      })
      if (!made) throw new AppError('staff.name-taken')
      await audit.record({ staff: made, verb: 'staff.created', subject: made.id, at: now })
      await store.feed.publish('staff')
      return made
    },

    /** Sets the password of the link's account and ends its sessions. Throws `link.void`, `password.weak`. */
    async accept(given: { token: string; password: string }, now: Date): Promise<StoredStaff> {
      const { staff } = await look(given.token, now)
      if (!staff) throw new AppError('link.void')
      checkPassword(given.password, staff.name)
      const passwordHash = await hashPassword(given.password)
      await take(given.token, now)
      return setPassword(staff.id, passwordHash, now)
    },

    /** Sets a password one chose while signed in. Throws `password.weak`. */
    async change(staff: StoredStaff, password: string, now: Date): Promise<StoredStaff> {
      checkPassword(password, staff.name)
      return setPassword(staff.id, await hashPassword(password), now)
    },
  }

  async function setPassword(id: string, passwordHash: string, now: Date): Promise<StoredStaff> {
    const staff = await store.staff.changeAndEnd(id, { passwordHash })
    if (!staff) throw new AppError('record.unknown')
    await store.sessions.endAll(id)
    await signIn.forget(staff.name)
    await audit.record({ staff, verb: 'password.set', subject: id, at: now })
    await store.feed.publish('staff')
    return staff
  }
}
