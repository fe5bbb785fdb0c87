import { z } from 'zod'
import { Id, listOf, ListQuery, routes } from './route.js'

/** What is recorded: who did it, when, to which. */
export const AuditVerb = z.enum([
  'conversation.read',
  'escalation.claimed',
  'escalation.released',
  'escalation.resolved',
  'campaign.changed',
  'campaign.approved',
  'campaign.stopped',
  'content.changed',
  'content.released',
  'lines.changed',
  'laws.imported',
  'laws.confirmed',
  'laws.mapped',
  'go-live.changed',
  'channels.changed',
  'sign-in',
  'sign-in.failed',
  'sign-out',
  'password.set',
  'session.ended',
  'staff.created',
  'staff.changed',
  'staff.link',
])
export type AuditVerb = z.infer<typeof AuditVerb>

export const AuditEntry = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  /** Who; null when nobody was signed in. */
  staff: z.object({ id: z.string(), workName: z.string() }).nullable(),
  verb: AuditVerb,
  /** The id of what it was done to; empty when there is none. */
  subject: z.string(),
  /** Reads of one conversation within one minute are one entry. */
  times: z.number().int(),
})
export type AuditEntry = z.infer<typeof AuditEntry>

/** The record of who did what: 未成年人网络保护条例 第三十六条 wants each view of a minor's record kept. */
export const auditRoutes = routes({
  'audit.list': {
    method: 'get',
    path: '/audit',
    roles: ['administrator', 'supervisor'],
    summary: 'What was done, newest first',
    query: ListQuery.extend({
      staff: Id.optional(),
      verb: AuditVerb.optional(),
      subject: z
        .string()
        .regex(/^[A-Za-z0-9._-]{1,80}$/)
        .optional(),
      from: z.iso.datetime().optional(),
      to: z.iso.datetime().optional(),
    }),
    reply: listOf(AuditEntry),
  },
})
