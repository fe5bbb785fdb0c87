import { AppError } from '../errors.js'
import type { StoredStaff } from '../store/staff.js'
import type { Store } from '../store/store.js'
import type { Audit } from './audit.js'
import { isPassword } from './passwords.js'

/** Wrong attempts at one name that cost nothing but the attempt. */
const FREE_TRIES = 5
/** The first delay after them; it doubles with each further wrong attempt. */
const DELAY_MS = 15_000
/** Longer would let anybody keep a counselor out; at this pace 12 characters are not guessed. */
const DELAY_MAX_MS = 5 * 60_000
const DAY_MS = 86_400_000

/** Milliseconds until the next attempt after this many wrong ones. */
export function delayAfter(failures: number): number {
  return failures < FREE_TRIES ? 0 : Math.min(DELAY_MS * 2 ** (failures - FREE_TRIES), DELAY_MAX_MS)
}

export type SignIn = ReturnType<typeof createSignIn>

/** Signing in by name and password. */
export function createSignIn(store: Pick<Store, 'staff' | 'signIns' | 'vault'>, audit: Audit) {
  const keyOf = (name: string) => store.vault.hash(`sign-in:${name}`)

  /** Counts the attempt before the password is looked at, so that many at once are still counted one by one. */
  const count = async (key: string, now: Date): Promise<void> => {
    for (let round = 0; round < 10; round++) {
      const { failures, nextAt } = await store.signIns.find(key, now)
      const wait = nextAt.getTime() - now.getTime()
      if (wait > 0) throw new AppError('sign-in.wait', { tell: { seconds: Math.ceil(wait / 1000) } })
      const next = new Date(now.getTime() + delayAfter(failures + 1))
      if (await store.signIns.count(key, failures, next, new Date(now.getTime() + DAY_MS))) return
    }
    throw new AppError('sign-in.wait', { tell: { seconds: 1 } })
  }

  /** The account, when the password is its own; the same work for a name that does not exist. */
  const check = async (name: string, password: string, now: Date): Promise<StoredStaff | null> => {
    const key = keyOf(name)
    await count(key, now)
    const staff = await store.staff.byName(name)
    if (await isPassword(password, staff?.active ? staff.passwordHash : null)) {
      await store.signIns.forget(key)
      return staff
    }
    await audit.record({ staff, verb: 'sign-in.failed', at: now })
    return null
  }

  return {
    /**
     * The account, or an error: `sign-in.wrong`, or `sign-in.wait` with the seconds. A name that does not exist, one
     * without password and one that is switched off answer alike, after the same work.
     */
    async signIn(name: string, password: string, now: Date): Promise<StoredStaff> {
      const staff = await check(name, password, now)
      if (!staff) throw new AppError('sign-in.wrong')
      await audit.record({ staff, verb: 'sign-in', at: now })
      return staff
    },

    /** Makes sure that it is the account's own member who sits there. Throws `password.wrong`, `sign-in.wait`. */
    async confirm(name: string, password: string, now: Date): Promise<void> {
      if (!(await check(name, password, now))) throw new AppError('password.wrong')
    },

    /** A new password makes earlier wrong attempts void. */
    forget: (name: string) => store.signIns.forget(keyOf(name)),
  }
}
