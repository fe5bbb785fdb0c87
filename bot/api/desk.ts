import type { deskRoutes } from '../../shared/api/desk.js'
import type { SignedIn } from '../../shared/staff.js'
import { checkMayRead } from '../desk/access.js'
import type { Desk } from '../desk/desk.js'
import type { DeskParts } from '../desk/parts.js'
import { conversationView, escalationView, type Assess } from '../desk/view.js'
import { AppError } from '../errors.js'
import type { Audit } from '../staff/audit.js'
import type { HandlersOf } from './handlers.js'

export interface DeskApiParts extends DeskParts {
  desk: Desk
  audit: Audit
  assess: Assess
  /** What the bot answers about, by id and title. */
  topics(): { id: string; title: string }[]
}

/** A member as the desk names one. */
const named = ({ id, workName }: SignedIn) => ({ id, workName })
const supervises = ({ roles }: SignedIn) => roles.includes('supervisor')

export function deskHandlers(parts: DeskApiParts): HandlersOf<typeof deskRoutes> {
  const { desk, audit, assess, store } = parts

  const presence = async (staff: SignedIn, now: Date) => {
    const [present, onDuty] = await Promise.all([store.presence.list(now), store.presence.onDuty(staff.id)])
    return { present, onDuty }
  }

  return {
    'desk.presence': ({ staff, now }) => presence(staff, now),

    'desk.duty': async ({ staff, body, now }) => {
      await store.presence.duty(named(staff), body.onDuty, now)
      await store.feed.publish('desk')
      return presence(staff, now)
    },

    'desk.topics': async () => ({ items: parts.topics().map(({ id, title }) => ({ id, title })) }),

    'escalations.list': async ({ staff, query: { page, perPage, ...filter } }) => {
      const visible = supervises(staff) ? {} : { visibleTo: staff.id }
      const { items, total } = await store.escalations.list({ ...filter, ...visible }, { page, perPage })
      return { items: items.map(escalationView), total }
    },

    'escalations.one': async ({ staff, params }) => {
      const escalation = await store.escalations.find(params.id)
      if (!escalation) throw new AppError('record.unknown')
      await checkMayRead(store, staff, escalation.conversation)
      return escalationView(escalation)
    },

    'escalations.claim': async ({ staff, params, now }) => {
      const claimed = await desk.claim(params.id, named(staff))
      await audit.record({ staff, verb: 'escalation.claimed', subject: params.id, at: now })
      return escalationView(claimed)
    },

    'escalations.release': async ({ staff, params, now }) => {
      const released = await desk.release(params.id, named(staff), supervises(staff))
      await audit.record({ staff, verb: 'escalation.released', subject: params.id, at: now })
      return escalationView(released)
    },

    'escalations.resolve': async ({ staff, params, body, now }) => {
      const resolved = await desk.resolve(params.id, named(staff), body)
      await audit.record({ staff, verb: 'escalation.resolved', subject: params.id, at: now })
      return escalationView(resolved)
    },

    'conversations.list': async ({ staff, query: { page, perPage, mine } }) => {
      const whose = mine ? { claimedBy: staff.id } : supervises(staff) ? {} : { visibleTo: staff.id }
      const { items, total } = await store.escalations.list(whose, { page, perPage, recent: true })
      return { items: items.map(escalationView), total }
    },

    'conversations.one': async ({ staff, params, now }) => {
      await checkMayRead(store, staff, params.id)
      // Recorded before anything is handed out.
      await audit.record({ staff, verb: 'conversation.read', subject: params.id, at: now })
      return conversationView(parts, assess, params.id)
    },

    'conversations.reply': async ({ staff, params, body }) => {
      await desk.reply(params.id, named(staff), body)
      return { done: true }
    },
  }
}
