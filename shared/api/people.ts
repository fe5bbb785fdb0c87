import { z } from 'zod'
import { TopicId } from '../campaign.js'
import { listOf, ListQuery, routes } from './route.js'

/** One subscription, without anything by which the person could be found. */
export const Subscriber = z.object({
  id: z.string(),
  /** Short code of the person. */
  code: z.string(),
  channel: z.string(),
  topic: z.string(),
  /** Version of the question that was answered with 要. */
  wording: z.string(),
  /** Subscribed as a parent. */
  parent: z.boolean(),
  since: z.iso.datetime(),
})
export type Subscriber = z.infer<typeof Subscriber>

/** People: their subscriptions, and nothing else. */
export const peopleRoutes = routes({
  'people.list': {
    method: 'get',
    path: '/people',
    roles: ['campaigner', 'supervisor'],
    summary:
      'Subscriptions, newest first: a code, a channel, a topic, since when, which wording; no word, no risk',
    query: ListQuery.extend({ topic: TopicId.optional() }),
    reply: listOf(Subscriber),
  },
})
