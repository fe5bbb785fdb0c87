import { randomUUID } from 'node:crypto'
import type { SkipReason } from '../../shared/campaign.js'
import type { Clock } from '../clock.js'
import type { Content } from '../content/content.js'
import { mayWarn } from '../delivery/allowance.js'
import type { Channel } from '../delivery/channel.js'
import type { Log } from '../log.js'
import type { StoredCampaign } from '../store/campaigns.js'
import type { Delivery } from '../store/deliveries.js'
import type { Store } from '../store/store.js'
import { standing, subscribersOf } from './audience.js'
import { pushBubble } from './message.js'
import { isQuiet, LATE_MS, morningAfter, nextOccurrence, startOfDay } from './schedule.js'

/** At most one warning of a topic a day, and four of all together in seven days: more is noise, and noise is unsubscribed from. */
export const CAPS = { topicPerDay: 1, perWeek: 4, weekMs: 7 * 86_400_000 }

/** How long a process may plan, or work at a batch, before another takes over. Milliseconds. */
const LEASE_MS = 60_000
/** Rows claimed together and worked on side by side: what is in flight when a process dies waits for the lease, so few. */
const BATCH = 25
/** Sent of one campaign at each tick: answers come back to the same desk, so a large audience is spread over minutes. */
const MOST_A_TICK = 200
const MOST_CAMPAIGNS = 20
/** Claimed this often without an outcome: something about this row kills whoever works at it. */
const MOST_ATTEMPTS = 5

export interface RunnerParts {
  store: Store
  clock: Clock
  log: Log
  content: () => Content
  channels: () => readonly string[]
  /** One that runs now, by name. */
  channel: (name: string) => Channel | undefined
  /** The id of its approved template for warnings outside the window; null: there is none. */
  template: (name: string) => Promise<string | null>
  /** Looks after a conversation: numbers what waits in it and hands it to the channel. */
  wake: (conversation: string) => void
  retentionDays: number
}

/**
 * Sends what is due. Whatever happens between two writes, a later tick of any process goes on: the audience is
 * written down once (unique rows), each row is settled once, each message is stored once under the row's key.
 */
export function createRunner(parts: RunnerParts): { tick(): Promise<number> } {
  const { store, clock, log } = parts

  /** Writes the audience of what has become due down, under a lease with a fence. */
  async function planDue(): Promise<void> {
    for (const campaign of await store.campaigns.due(clock.now(), MOST_CAMPAIGNS)) {
      const now = clock.now()
      const lease = await store.campaigns.lease(campaign, store.process, now, later(now))
      if (!lease || !campaign.nextAt) continue
      if (!lease.planned && !(await plan(campaign, campaign.nextAt, lease.fence))) continue
      await store.campaigns.planned(campaign.id, lease.fence, campaign.nextAt)
    }
  }

  /** False when the lease was lost, or the campaign paused, stopped or edited meanwhile. */
  async function plan({ id, topic }: StoredCampaign, occurrence: Date, fence: number): Promise<boolean> {
    for await (const page of subscribersOf(store, topic)) {
      if (!(await store.campaigns.keepLease(id, fence, later(clock.now())))) return false
      await store.deliveries.plan(
        id,
        occurrence,
        page.map(({ person }) => person),
      )
    }
    return true
  }

  /** Works at the rows of one occurrence; how many were settled. */
  async function workAt(campaignId: string, occurrence: Date): Promise<number> {
    let settled = 0
    while (settled < MOST_A_TICK) {
      const campaign = await store.campaigns.find(campaignId)
      // Paused, or resumed and not taken up again yet: the rows wait.
      if (campaign && isNow(campaign, occurrence) && campaign.state !== 'running') return settled
      const token = randomUUID()
      const now = clock.now()
      const rows = await store.deliveries.claim(campaignId, occurrence, token, {
        now,
        until: later(now),
        most: BATCH,
      })
      if (rows.length === 0) return settled
      const done = await Promise.all(rows.map((row) => deliver(campaignId, occurrence, row, token)))
      if (!done.some(Boolean)) return settled
      settled += done.filter(Boolean).length
    }
    return settled
  }

  /** One row, once. False: given back, to be looked at again later. */
  async function deliver(
    campaignId: string,
    occurrence: Date,
    row: Delivery,
    token: string,
  ): Promise<boolean> {
    const now = clock.now()
    const settle = (
      outcome: 'sent' | 'skipped' | 'failed',
      reason: Parameters<typeof store.deliveries.settle>[3],
    ) => store.deliveries.settle(row.id, token, outcome, reason, now)
    const key = `push:${row.id}`
    // Stored by a process that died before it could say so.
    if (row.attempts > 1 && (await store.messages.known(key))) return settle('sent', null)
    if (row.attempts > MOST_ATTEMPTS) return settle('failed', 'gave-up')

    const campaign = await store.campaigns.find(campaignId)
    if (!campaign || campaign.state === 'stopped') return settle('skipped', 'stopped')
    if (!isNow(campaign, occurrence)) return settle('skipped', 'changed')
    if (campaign.state !== 'running') return giveBack(row, token, occurrence, false)
    if (now.getTime() >= occurrence.getTime() + LATE_MS) return settle('skipped', 'late')
    if (isQuiet(now)) return giveBack(row, token, morningAfter(now), true)

    const { topic, audience, channels } = campaign
    const subscription = await store.subscriptions.holds(row.person, topic)
    if (!subscription) {
      const known = await store.people.byIds([row.person])
      return settle('skipped', known.size ? 'opted-out' : 'gone')
    }
    const open = channels.filter((channel) => parts.channels().includes(channel))
    const [found] = await standing(store, [subscription], { audience, channels: open }, now)
    const reason: SkipReason | null = found ? found.reason : 'gone'
    if (reason || !found?.person) return settle('skipped', reason ?? 'gone')
    const { person } = found
    if (person.address === null) return settle('failed', 'unreadable')
    const channel = parts.channel(person.channel)
    const template = channel?.notify ? await parts.template(person.channel) : null
    const may = channel ? await mayWarn(store, channel, person.address, template, now) : 'closed'
    if (may !== 'yes') return settle('skipped', may === 'gone' ? 'opted-out' : 'closed')
    const noted = await store.people.note(
      person.id,
      { key, topic, at: now },
      new Date(now.getTime() - CAPS.weekMs),
      tooOften(topic, now),
    )
    if (!noted) return settle('skipped', 'often')

    const expiresAt = new Date(now.getTime() + parts.retentionDays * 86_400_000)
    const conversation = await store.conversations.open(person.channel, person.address, now, expiresAt)
    const bubble = pushBubble(campaign, parts.content())
    await store.messages.submit({ conversation, key, from: 'system', bubble, at: now, expiresAt })
    await settle('sent', null)
    parts.wake(conversation)
    return true
  }

  async function giveBack(row: Delivery, token: string, notBefore: Date, deferred: boolean): Promise<false> {
    await store.deliveries.giveBack([row.id], token, notBefore, deferred)
    return false
  }

  /** What has been seen to goes on to its next time, or is done; how many. */
  async function advance(): Promise<number> {
    let advanced = 0
    for (const campaign of await store.campaigns.due(clock.now(), MOST_CAMPAIGNS)) {
      const { id, state, nextAt, plannedFor, schedule } = campaign
      if (state !== 'running' || !nextAt || plannedFor?.getTime() !== nextAt.getTime()) continue
      if (await store.deliveries.left(id, nextAt)) continue
      const next = nextOccurrence(schedule, nextAt)
      if (!(await store.campaigns.advance(campaign, nextAt, next))) continue
      advanced++
      log.info({ campaign: id, occurrence: nextAt, next }, 'campaign.sent')
    }
    return advanced
  }

  return {
    /** Looks once at everything; the number of rows settled. Safe to run anywhere, at any time, twice at once. */
    async tick() {
      await planDue()
      let settled = 0
      for (const { campaign, occurrence } of await store.deliveries.unsettled())
        settled += await workAt(campaign, occurrence)
      const advanced = await advance()
      if (settled || advanced) await store.feed.publish('campaigns')
      return settled
    },
  }
}

const later = (now: Date) => new Date(now.getTime() + LEASE_MS)

/** Whether these rows are those the campaign is at. */
const isNow = ({ nextAt }: StoredCampaign, occurrence: Date) => nextAt?.getTime() === occurrence.getTime()

const tooOften = (topic: string, now: Date) => (recent: { topic: string; at: Date }[]) => {
  const today = startOfDay(now)
  const sameTopic = recent.filter((push) => push.topic === topic && push.at >= today)
  return sameTopic.length >= CAPS.topicPerDay || recent.length >= CAPS.perWeek
}
