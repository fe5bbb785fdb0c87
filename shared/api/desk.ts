import { z } from 'zod'
import {
  DeskConversation,
  DeskReply,
  Escalation,
  EscalationState,
  Grade,
  Presence,
  Resolution,
} from '../desk.js'
import { DESK_ROLES } from '../staff.js'
import { Done, listOf, ListQuery, routes } from './route.js'

/** The desk: who waits, who has whom, the talk itself. Reading a conversation is recorded. */
export const deskRoutes = routes({
  'desk.presence': {
    method: 'get',
    path: '/desk/presence',
    roles: DESK_ROLES,
    summary: 'Who is present, and whether oneself is on duty',
    reply: Presence,
  },
  'desk.duty': {
    method: 'put',
    path: '/desk/duty',
    roles: DESK_ROLES,
    summary: 'Go on duty or off duty',
    body: z.strictObject({ onDuty: z.boolean() }),
    reply: Presence,
  },
  'desk.topics': {
    method: 'get',
    path: '/desk/topics',
    roles: DESK_ROLES,
    summary: 'What a conversation can have been about, to name when it is resolved',
    reply: z.object({ items: z.array(z.object({ id: z.string(), title: z.string() })) }),
  },
  'escalations.list': {
    method: 'get',
    path: '/escalations',
    roles: DESK_ROLES,
    summary: 'Escalations in the order of the desk: most pressing first, then longest waiting',
    query: ListQuery.extend({ state: EscalationState.optional(), grade: Grade.optional() }),
    reply: listOf(Escalation),
  },
  'escalations.one': {
    method: 'get',
    path: '/escalations/:id',
    roles: DESK_ROLES,
    summary: 'One escalation',
    reply: Escalation,
  },
  'escalations.claim': {
    method: 'post',
    path: '/escalations/:id/claim',
    roles: DESK_ROLES,
    summary: 'Take the conversation over; of several one wins, the others are told who (409 desk.claimed)',
    reply: Escalation,
  },
  'escalations.release': {
    method: 'post',
    path: '/escalations/:id/release',
    roles: DESK_ROLES,
    summary: 'Give a claimed conversation back to the queue: its owner, or a supervisor',
    reply: Escalation,
  },
  'escalations.resolve': {
    method: 'post',
    path: '/escalations/:id/resolve',
    roles: DESK_ROLES,
    summary: 'End the human part: outcome, topic, the risk from here on; the bot goes on and says so',
    body: Resolution,
    reply: Escalation,
  },
  'conversations.list': {
    method: 'get',
    path: '/conversations',
    roles: DESK_ROLES,
    summary: 'Conversations that need or had a human: a counselor sees those that wait and their own',
    query: ListQuery.extend({ mine: z.stringbool().optional() }),
    reply: listOf(Escalation),
  },
  'conversations.one': {
    method: 'get',
    path: '/conversations/:id',
    roles: DESK_ROLES,
    summary: 'A whole conversation with what the machine took as danger; the read is recorded',
    reply: DeskConversation,
  },
  'conversations.reply': {
    method: 'post',
    path: '/conversations/:id/replies',
    roles: DESK_ROLES,
    summary: 'Write to the young person: only who has claimed the conversation',
    body: DeskReply,
    reply: Done,
  },
})
