import type { NewStaff, StaffChange } from '../../shared/api/staff.js'
import { DESK_ROLES, type SignedIn, type Staff } from '../../shared/staff.js'
import { AppError } from '../errors.js'
import type { StoredStaff } from '../store/staff.js'
import type { Store } from '../store/store.js'
import type { Audit } from './audit.js'
import type { IssuedLink, Links } from './links.js'

export type Accounts = ReturnType<typeof createAccounts>

/** Accounts of staff, as the administrator keeps them. `by` is who does it. */
export function createAccounts(
  store: Pick<Store, 'staff' | 'sessions' | 'presence' | 'feed'>,
  links: Links,
  audit: Audit,
) {
  const stored = async (id: string): Promise<StoredStaff> => {
    const staff = await store.staff.find(id)
    if (!staff) throw new AppError('record.unknown')
    return staff
  }

  const view = async (staff: StoredStaff): Promise<Staff> => ({
    id: staff.id,
    name: staff.name,
    workName: staff.workName,
    roles: staff.roles,
    active: staff.active,
    onDuty: await store.presence.onDuty(staff.id),
    invited: staff.passwordHash === null,
    lastSeenAt: staff.lastSeenAt?.toISOString() ?? null,
    createdAt: staff.createdAt.toISOString(),
  })

  return {
    stored,
    view,

    async one(id: string): Promise<Staff> {
      return view(await stored(id))
    },

    async list(filter: { active?: boolean }, page: { page: number; perPage: number }) {
      const { items, total } = await store.staff.list(filter, page)
      return { items: await Promise.all(items.map(view)), total }
    },

    /** Makes an account without a password, and the link to hand over. Throws `staff.name-taken`. */
    async create(fresh: NewStaff, by: SignedIn, now: Date): Promise<Staff & IssuedLink> {
      const staff = await store.staff.create({ ...fresh, passwordHash: null, createdAt: now })
      if (!staff) throw new AppError('staff.name-taken')
      await audit.record({ staff: by, verb: 'staff.created', subject: staff.id, at: now })
      const link = await links.forStaff(staff, now)
      await store.feed.publish('staff')
      return { ...(await view(staff)), ...link }
    },

    /** Throws `staff.last-administrator` when nobody could keep accounts after it. */
    async change(
      id: string,
      { workName, roles, active }: StaffChange,
      by: SignedIn,
      now: Date,
    ): Promise<Staff> {
      const was = await stored(id)
      const sameRoles = [...roles].sort().join() === [...was.roles].sort().join()
      const ends = !active || !sameRoles
      const keeper = was.active && was.roles.includes('administrator') && was.passwordHash !== null
      const goes = keeper && !(active && roles.includes('administrator'))
      if (goes && (await store.staff.administrators()) === 1) throw new AppError('staff.last-administrator')
      await audit.record({ staff: by, verb: 'staff.changed', subject: id, at: now })
      const changed = ends
        ? await store.staff.changeAndEnd(id, { workName, roles, active })
        : await store.staff.change(id, { workName, roles, active })
      if (!changed) throw new AppError('record.unknown')
      if (goes && (await store.staff.administrators()) === 0) {
        // Looked at again after the write: two administrators who strike each other off at once both find out.
        await store.staff.change(id, { workName: was.workName, roles: was.roles, active: was.active })
        throw new AppError('staff.last-administrator')
      }
      if (ends) await store.sessions.endAll(id)
      if (!active) await links.void(id)
      if (!active || !DESK_ROLES.some((role) => roles.includes(role))) await store.presence.remove(id)
      await store.feed.publish('staff')
      await store.feed.publish('desk')
      return view(changed)
    },

    /** Who signs out is not there any more, whatever other window is still open. */
    async leave(id: string): Promise<void> {
      await store.presence.remove(id)
      await store.feed.publish('desk')
    },

    /** A new link to set a password. Throws `staff.inactive`. */
    async link(id: string, by: SignedIn, now: Date): Promise<IssuedLink> {
      const staff = await stored(id)
      if (!staff.active) throw new AppError('staff.inactive')
      await audit.record({ staff: by, verb: 'staff.link', subject: id, at: now })
      return links.forStaff(staff, now)
    },
  }
}
