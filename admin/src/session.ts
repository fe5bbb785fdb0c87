import { ROUTES } from '../../shared/api.js'
import type { Route } from '../../shared/api/route.js'
import type { Staff } from '../../shared/staff.js'
import type { RouteName } from './call.js'

/** Who is signed in. */
export type Me = Staff

/** Whether this person's roles may ask a route. */
export function allows(me: Pick<Me, 'roles'> | undefined, name: RouteName): boolean {
  const { roles } = ROUTES[name] as Route
  if (roles === 'everyone') return true
  if (!me) return false
  return roles === 'signed-in' || roles.some((role) => me.roles.includes(role))
}
