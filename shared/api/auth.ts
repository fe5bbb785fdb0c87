import { z } from 'zod'
import { Password, SignInName, Staff, WorkName } from '../staff.js'
import { Done, routes } from './route.js'

/** Who is signed in, and what the console must send along: `csrf` goes into the header `x-csrf-token` of every change. */
export const Me = z.object({ staff: Staff, csrf: z.string(), endsAt: z.iso.datetime() })
export type Me = z.infer<typeof Me>

/** A one-time link's secret, as it stands behind /admin/#/welcome/. */
export const LinkToken = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

/** `first` makes the first administrator, `new` sets a first password, `reset` another one. */
export const LinkKind = z.enum(['first', 'new', 'reset'])
export type LinkKind = z.infer<typeof LinkKind>

export const SessionView = z.object({
  id: z.string(),
  startedAt: z.iso.datetime(),
  seenAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  /** What the browser called itself. */
  agent: z.string(),
  current: z.boolean(),
})
export type SessionView = z.infer<typeof SessionView>

const NewPassword = z.strictObject({ token: LinkToken, password: Password })

/** Signing in and out, one-time links, one's own account. */
export const authRoutes = routes({
  'sign-in': {
    method: 'post',
    path: '/sign-in',
    roles: 'everyone',
    summary: 'Sign in; the cookie is set, and `csrf` is needed for every change from then on',
    body: z.strictObject({ name: SignInName, password: z.string().min(1).max(200) }),
    reply: Me,
  },
  'welcome.look': {
    method: 'post',
    path: '/welcome/look',
    roles: 'everyone',
    summary: 'What a one-time link is for (the link stays unused)',
    body: z.strictObject({ token: LinkToken }),
    reply: z.object({
      kind: LinkKind,
      /** Whose link; null for the first administrator, who chooses a name. */
      name: z.string().nullable(),
      workName: z.string().nullable(),
      expiresAt: z.iso.datetime(),
    }),
  },
  'welcome.accept': {
    method: 'post',
    path: '/welcome',
    roles: 'everyone',
    summary: 'Use a one-time link: set the password, end all other sessions of the account, sign in',
    body: NewPassword,
    reply: Me,
  },
  'welcome.first': {
    method: 'post',
    path: '/welcome/first',
    roles: 'everyone',
    summary: 'Use the link of the first start: make the first administrator and sign in',
    body: NewPassword.extend({ name: SignInName, workName: WorkName }),
    reply: Me,
  },
  me: { method: 'get', path: '/me', roles: 'signed-in', summary: 'Who is signed in', reply: Me },
  'sign-out': {
    method: 'post',
    path: '/sign-out',
    roles: 'signed-in',
    summary: 'End this session',
    reply: Done,
  },
  'me.password': {
    method: 'put',
    path: '/me/password',
    roles: 'signed-in',
    summary: 'Change one’s own password; all other sessions end',
    body: z.strictObject({ current: z.string().min(1).max(200), password: Password }),
    reply: Me,
  },
  'me.sessions': {
    method: 'get',
    path: '/me/sessions',
    roles: 'signed-in',
    summary: 'Where one is signed in',
    reply: z.object({ items: z.array(SessionView), total: z.number().int() }),
  },
  'me.sessions.end': {
    method: 'delete',
    path: '/me/sessions/:id',
    roles: 'signed-in',
    summary: 'End one of one’s own sessions',
    reply: Done,
  },
})
