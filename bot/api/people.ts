import type { peopleRoutes } from '../../shared/api/people.js'
import type { Subscribers } from '../people/list.js'
import type { HandlersOf } from './handlers.js'

export function peopleHandlers(subscribers: Subscribers): HandlersOf<typeof peopleRoutes> {
  return {
    'people.list': ({ query: { topic, ...page } }) => subscribers(topic ? { topic } : {}, page),
  }
}
