import type { Subscriber } from '../../shared/api/people.js'
import type { Store } from '../store/store.js'

/**
 * The list of persons, one row a subscription: a code instead of an address, nothing of what was said, nothing of
 * danger (预防未成年人犯罪法 第五十九条: no list of young people by risk).
 */
export type Subscribers = ReturnType<typeof createSubscribers>

export const createSubscribers =
  ({ people, subscriptions }: Pick<Store, 'people' | 'subscriptions'>) =>
  async (
    filter: { topic?: string },
    page: { page: number; perPage: number },
  ): Promise<{ items: Subscriber[]; total: number }> => {
    const { items, total } = await subscriptions.list(filter, page)
    const known = await people.byIds([...new Set(items.map(({ person }) => person))])
    return {
      items: items.map(({ id, person, topic, wording, parent, since }) => ({
        id,
        code: known.get(person)?.code ?? '',
        channel: known.get(person)?.channel ?? '',
        topic,
        wording,
        parent,
        since: since.toISOString(),
      })),
      total,
    }
  }
