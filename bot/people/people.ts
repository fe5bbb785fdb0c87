import type { Consent } from '../../shared/campaign.js'
import type { Store } from '../store/store.js'

/**
 * How long an ended consent is kept as the proof of when and how it was given and ended, in days: a complaint that
 * a warning came without consent, or after 退订, can be looked into; after that nothing of it is needed
 * (个人信息保护法 第十九条).
 */
const PROOF_DAYS = 90

/** Where a person is reached. */
export interface Reach {
  channel: string
  address: string
}

/** The message that says so, and when. The key makes it happen once, however often it is carried out. */
export interface Wish extends Reach {
  key: string
  at: Date
}

export type People = ReturnType<typeof createPeople>

/** Persons and their consents. A person is remembered from the first subscription, and only for that. */
export function createPeople(store: Pick<Store, 'people' | 'subscriptions' | 'feed'>) {
  const { people, subscriptions, feed } = store

  const end = async (wish: Wish, topic: string | null, how: 'opt-out' | 'stopped' | 'renewed') => {
    const person = await people.find(wish.channel, wish.address)
    if (!person) return
    const expiresAt = new Date(wish.at.getTime() + PROOF_DAYS * 86_400_000)
    await subscriptions.end(person, topic, { how, key: wish.key, at: wish.at, expiresAt })
    const over = how !== 'renewed' && (await subscriptions.of(person)).length === 0
    if (over) await people.expire(person, expiresAt)
    await feed.publish('campaigns')
  }

  return {
    /** Consent to a topic. Given again in other words, the earlier consent ends as renewed. */
    async subscribe({ channel, address, key, at, topic, wording, parent }: Wish & Consent): Promise<void> {
      const person = await people.open(channel, address, at)
      const held = await subscriptions.holds(person, topic)
      if (held && (held.wording !== wording || held.parent !== parent))
        await end({ channel, address, key, at }, topic, 'renewed')
      await subscriptions.add(person, { topic, wording, parent }, key, at)
      await feed.publish('campaigns')
    },

    /** Ends one topic. */
    unsubscribe: ({ topic, ...wish }: Wish & { topic: string }): Promise<void> => end(wish, topic, 'stopped'),

    /** Ends every subscription: 退订. */
    optOut: (wish: Wish): Promise<void> => end(wish, null, 'opt-out'),

    /** Topics this person is subscribed to now, the oldest first. */
    async subscribed(channel: string, address: string): Promise<string[]> {
      const person = await people.find(channel, address)
      return person ? (await subscriptions.of(person)).map(({ topic }) => topic) : []
    },

    /**
     * Erases a person with every consent, ended ones too (个人信息保护法 第四十七条). What the ledger of warnings keeps
     * then names nobody: only a number that belonged to this person.
     */
    async forget(channel: string, address: string): Promise<void> {
      const person = await people.find(channel, address)
      if (!person) return
      await subscriptions.removeAll(person)
      await people.remove(person)
      // A consent that was being written meanwhile belongs to nobody now.
      await subscriptions.removeAll(person)
      await feed.publish('campaigns')
    },
  }
}
