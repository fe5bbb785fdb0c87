import type { Audience, SkipReason } from '../../shared/campaign.js'
import type { Person } from '../store/people.js'
import type { Store } from '../store/store.js'
import type { Subscription } from '../store/subscriptions.js'

/** Nobody in whose conversation danger was read within these days gets a message the bot starts (safe messaging, rule 24). */
export const CALM_DAYS = 14

/** Who may be sent a warning: asked for the preview, and again at the moment of each send. */
export interface AudienceRule {
  audience: Audience
  channels: string[]
}

type Parts = Pick<Store, 'people' | 'conversations' | 'escalations'>

/**
 * For each subscription whether the person gets a warning now: null, or why not. `protected` never says which:
 * danger lately, a human has the conversation, or it waits for one.
 */
export async function standing(
  { people, conversations, escalations }: Parts,
  subscriptions: Subscription[],
  { audience, channels }: AudienceRule,
  now: Date,
): Promise<{ subscription: Subscription; person: Person | null; reason: SkipReason | null }[]> {
  const persons = await people.byIds(subscriptions.map(({ person }) => person))
  const shielded = new Set<string>()
  const since = new Date(now.getTime() - CALM_DAYS * 86_400_000)
  for (const channel of new Set([...persons.values()].map((person) => person.channel))) {
    const addresses = [...persons.values()].flatMap((person) =>
      person.channel === channel && person.address !== null ? [person.address] : [],
    )
    const found = await conversations.unsuitable(channel, addresses, since)
    const open = await escalations.openAmong([...found.values()].map(({ id }) => id))
    for (const [address, { id, reason }] of found)
      if (reason || open.has(id)) shielded.add(`${channel}:${address}`)
  }
  return subscriptions.map((subscription) => {
    const person = persons.get(subscription.person) ?? null
    return { subscription, person, reason: reasonFor(subscription, person) }
  })

  function reasonFor({ parent }: Subscription, person: Person | null): SkipReason | null {
    if (!person) return 'gone'
    if (audience === 'parents' && !parent) return 'not-parent'
    if (!channels.includes(person.channel)) return 'channel'
    return shielded.has(`${person.channel}:${person.address}`) ? 'protected' : null
  }
}

const PAGE = 500

export interface AudienceCount {
  subscribed: number
  willGet: number
  skipped: Partial<Record<SkipReason, number>>
}

/** Who would get a warning of a topic if it were sent now: how many, how many not and why. No names, no codes. */
export async function countAudience(
  store: Parts & Pick<Store, 'subscriptions'>,
  topic: string,
  rule: AudienceRule,
  now: Date,
): Promise<AudienceCount> {
  const count: AudienceCount = { subscribed: 0, willGet: 0, skipped: {} }
  const skip = (reason: SkipReason, n = 1) => (count.skipped[reason] = (count.skipped[reason] ?? 0) + n)
  for await (const page of subscribersOf(store, topic)) {
    count.subscribed += page.length
    for (const { reason } of await standing(store, page, rule, now)) {
      if (reason) skip(reason)
      else count.willGet++
    }
  }
  const ended = await store.subscriptions.endedCount(topic)
  if (ended) skip('opted-out', ended)
  return count
}

/** The subscribers of a topic, a page at a time. */
export async function* subscribersOf(
  { subscriptions }: Pick<Store, 'subscriptions'>,
  topic: string,
): AsyncGenerator<Subscription[]> {
  let after: string | null = null
  for (;;) {
    const page: Subscription[] = await subscriptions.page(topic, after, PAGE)
    if (page.length) yield page
    if (page.length < PAGE) return
    after = page.at(-1)?.id ?? null
  }
}
