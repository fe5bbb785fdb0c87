import { z } from 'zod'
import { Role, SignInName, Staff, WorkName } from '../staff.js'
import { SessionView } from './auth.js'
import { Done, listOf, ListQuery, routes } from './route.js'

const ADMINISTRATOR = ['administrator'] as const
const Roles = z
  .array(Role)
  .min(1, '至少选一个角色')
  .max(5)
  .refine((roles) => new Set(roles).size === roles.length, '同一个角色只选一次')

/** A one-time link to hand over, as a path of this server: shown once, never again. */
export const OneTimeLink = z.object({ link: z.string(), expiresAt: z.iso.datetime() })

export const NewStaff = z.strictObject({ name: SignInName, workName: WorkName, roles: Roles })
export type NewStaff = z.infer<typeof NewStaff>

export const StaffChange = z.strictObject({ workName: WorkName, roles: Roles, active: z.boolean() })
export type StaffChange = z.infer<typeof StaffChange>

/** Accounts of staff: the administrator's. Nobody is deleted, so that what is recorded keeps its name. */
export const staffRoutes = routes({
  'staff.list': {
    method: 'get',
    path: '/staff',
    roles: ADMINISTRATOR,
    summary: 'All accounts, newest last',
    query: ListQuery.extend({ active: z.stringbool().optional() }),
    reply: listOf(Staff),
  },
  'staff.one': {
    method: 'get',
    path: '/staff/:id',
    roles: ADMINISTRATOR,
    summary: 'One account',
    reply: Staff,
  },
  'staff.create': {
    method: 'post',
    path: '/staff',
    roles: ADMINISTRATOR,
    summary: 'Make an account; the one-time link in the answer is handed over and valid for 72 hours',
    body: NewStaff,
    reply: Staff.extend(OneTimeLink.shape),
  },
  'staff.change': {
    method: 'put',
    path: '/staff/:id',
    roles: ADMINISTRATOR,
    summary: 'Change name, roles or activity; other roles or no activity end all sessions of the account',
    body: StaffChange,
    reply: Staff,
  },
  'staff.link': {
    method: 'post',
    path: '/staff/:id/link',
    roles: ADMINISTRATOR,
    summary: 'A new one-time link to set a password; the one before it is void',
    reply: OneTimeLink,
  },
  'staff.sessions': {
    method: 'get',
    path: '/staff/:id/sessions',
    roles: ADMINISTRATOR,
    summary: 'Where this member is signed in',
    reply: z.object({ items: z.array(SessionView), total: z.number().int() }),
  },
  'staff.sessions.end': {
    method: 'delete',
    path: '/staff/:id/sessions',
    roles: ADMINISTRATOR,
    summary: 'End all sessions of this member',
    reply: Done,
  },
})
