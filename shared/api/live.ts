import { z } from 'zod'
import { DESK_ROLES, Role } from '../staff.js'
import { Id, routes } from './route.js'

/** What a console may be told about, and who is told; whoever may not read it is not told that it changed. */
export const LIVE_TOPICS = {
  desk: DESK_ROLES,
  campaigns: ['campaigner', 'supervisor'],
  content: ['editor', 'supervisor', 'administrator'],
  staff: ['administrator'],
  channels: Role.options,
} as const satisfies Record<string, readonly Role[]>
export type LiveTopic = keyof typeof LIVE_TOPICS

/** Something changed: read it again. */
export const Changed = z.object({
  topic: z.enum(['desk', 'campaigns', 'content', 'staff', 'channels', 'conversation']),
  /** Which conversation. */
  id: z.string().optional(),
})
export type Changed = z.infer<typeof Changed>

export const liveRoutes = routes({
  live: {
    method: 'get',
    path: '/live',
    roles: 'signed-in',
    summary:
      'Server-sent events: `event: changed`, data as in the reply; ends after five minutes and is opened again',
    query: z.strictObject({ conversation: Id.optional() }),
    reply: Changed,
    stream: true,
  },
})
