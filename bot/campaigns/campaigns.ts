import type {
  Campaign,
  CampaignDraft,
  CampaignState,
  CampaignStep,
  Preview,
  Tally,
} from '../../shared/campaign.js'
import type { CampaignChoices, WarningView } from '../../shared/api/campaigns.js'
import type { Clock } from '../clock.js'
import { AppError } from '../errors.js'
import type { StoredCampaign } from '../store/campaigns.js'
import type { Counselor } from '../store/counselor.js'
import type { Store } from '../store/store.js'
import { countAudience } from './audience.js'
import { cautionsOf, checkDraft, type DraftHouse } from './draft.js'
import { howToStop, pushBubble } from './message.js'
import { nextOccurrence, occurrences } from './schedule.js'
import { coarse, talliesOf } from './tally.js'
import { templatesAt } from './templates.js'

/** A state a campaign may be changed in: not while it is being sent, not when it is over. */
const EDITABLE: CampaignState[] = ['draft', 'submitted', 'approved', 'paused']

export type Campaigns = ReturnType<typeof createCampaigns>

/**
 * The life of a warning: draft → submitted → approved (by a second person) → running → done; paused, stopped. What
 * is approved is one version: an edit takes the approval back.
 */
export function createCampaigns({ store, clock, ...house }: { store: Store; clock: Clock } & DraftHouse) {
  const viewOf = ({ plannedFor: _, ...campaign }: StoredCampaign): Campaign => ({
    ...campaign,
    nextAt: campaign.nextAt?.toISOString() ?? null,
    occurrences: occurrences(campaign.schedule).map((time) => time.toISOString()),
    history: campaign.history.map((entry) => ({ ...entry, at: entry.at.toISOString() })),
    createdAt: campaign.createdAt.toISOString(),
  })

  const stored = async (id: string): Promise<StoredCampaign> => {
    const campaign = await store.campaigns.find(id)
    if (!campaign) throw new AppError('record.unknown')
    return campaign
  }

  /** One step from `states`, of the version that was seen. Throws `campaign.state`, `campaign.changed`. */
  const step = async (
    campaign: StoredCampaign,
    { states, version, by, did, note }: Seen & { states: CampaignState[]; did: CampaignStep; note?: string },
    set: Partial<Omit<StoredCampaign, 'id' | 'history'>>,
  ): Promise<Campaign> => {
    if (!states.includes(campaign.state)) throw new AppError('campaign.state')
    const entry = { at: clock.now(), by, did, note: note ?? null }
    const next = await store.campaigns.step(campaign.id, { states, version }, entry, set)
    if (!next) throw new AppError('campaign.changed')
    await store.feed.publish('campaigns')
    return viewOf(next)
  }

  return {
    list: async (
      filter: { state?: CampaignState; topic?: string },
      page: { page: number; perPage: number },
    ): Promise<{ items: Campaign[]; total: number }> => {
      const { items, total } = await store.campaigns.list(filter, page)
      return { items: items.map(viewOf), total }
    },

    templates: (topic?: string): WarningView[] => templatesAt(house.content(), clock.now(), topic),

    async choices(): Promise<CampaignChoices> {
      const { topics, hotlines, system } = house.content()
      const counts = await store.subscriptions.counts()
      return {
        topics: topics.map(({ id, title, gets, minAge }) => ({
          id,
          title,
          gets,
          minAge: minAge ?? null,
          subscribed: counts[id] ?? 0,
        })),
        channels: [...house.channels()],
        lines: hotlines.map(({ number, name }) => ({ number, name })),
        howToStop: howToStop(system),
      }
    },

    one: async (id: string): Promise<Campaign> => viewOf(await stored(id)),

    async create(draft: CampaignDraft, by: Counselor): Promise<Campaign> {
      checkDraft(draft, house)
      const now = clock.now()
      const made = await store.campaigns.create(draft, by, nextOccurrence(draft.schedule, now), now)
      await store.feed.publish('campaigns')
      return viewOf(made)
    },

    /** Whatever was approved is not any more; what the version before had not sent yet is not sent. */
    async edit(id: string, draft: CampaignDraft, { version, by }: Seen): Promise<Campaign> {
      const campaign = await stored(id)
      checkDraft(draft, house)
      return step(
        campaign,
        { states: EDITABLE, version, by, did: 'edited' },
        {
          ...draft,
          state: 'draft',
          version: version + 1,
          editor: by,
          approver: null,
          nextAt: nextOccurrence(draft.schedule, clock.now()),
          plannedFor: null,
        },
      )
    },

    async submit(id: string, seen: Seen): Promise<Campaign> {
      const campaign = await stored(id)
      const nextAt = upcoming(campaign, clock.now())
      return step(campaign, { ...seen, states: ['draft'], did: 'submitted' }, { state: 'submitted', nextAt })
    },

    /** Back to its author, with what is to be changed. */
    async giveBack(id: string, seen: Seen & { note: string }): Promise<Campaign> {
      return step(await stored(id), { ...seen, states: ['submitted'], did: 'returned' }, { state: 'draft' })
    },

    /** By a second person: neither the author nor the last editor. The words are checked again: rules may have changed. */
    async approve(id: string, seen: Seen): Promise<Campaign> {
      const campaign = await stored(id)
      if ([campaign.author.id, campaign.editor.id].includes(seen.by.id)) throw new AppError('campaign.own')
      checkDraft(draftOf(campaign), house)
      const nextAt = upcoming(campaign, clock.now())
      return step(
        campaign,
        { ...seen, states: ['submitted'], did: 'approved' },
        { state: 'approved', approver: seen.by, nextAt },
      )
    },

    async pause(id: string, seen: Seen): Promise<Campaign> {
      const states: CampaignState[] = ['approved', 'running']
      return step(await stored(id), { ...seen, states, did: 'paused' }, { state: 'paused' })
    },

    /** Goes on where it stood; what has become too late meanwhile is not sent. */
    async resume(id: string, seen: Seen): Promise<Campaign> {
      return step(await stored(id), { ...seen, states: ['paused'], did: 'resumed' }, { state: 'approved' })
    },

    /** For good; the record stays. */
    async stop(id: string, seen: Seen): Promise<Campaign> {
      const states: CampaignState[] = ['draft', 'submitted', 'approved', 'running', 'paused']
      return step(await stored(id), { ...seen, states, did: 'stopped' }, { state: 'stopped', nextAt: null })
    },

    /** Who gets it if it were sent now, what each sees, when, and what the approver should know. */
    async preview(id: string): Promise<Preview> {
      const campaign = await stored(id)
      const { topic, audience, channels, schedule } = campaign
      const now = clock.now()
      const count = await countAudience(store, topic, { audience, channels }, now)
      return {
        ...count,
        skipped: coarse(count.skipped),
        text: pushBubble(campaign, house.content()).text,
        times: occurrences(schedule)
          .filter((time) => time > now)
          .map((time) => time.toISOString()),
        cautions: cautionsOf(draftOf(campaign), house),
      }
    },

    report: async (id: string): Promise<Tally[]> => {
      await stored(id)
      const tallies = talliesOf(await store.deliveries.tally(id))
      return tallies.map((tally) => ({ ...tally, skipped: coarse(tally.skipped) }))
    },
  }
}

/** Who decides, and the version they saw. */
interface Seen {
  version: number
  by: Counselor
}

/** Throws `campaign.past` when no time is left. */
function upcoming({ schedule }: StoredCampaign, now: Date): Date {
  const next = nextOccurrence(schedule, now)
  if (!next) throw new AppError('campaign.past')
  return next
}

const draftOf = ({ topic, text, audience, schedule, channels, template }: StoredCampaign): CampaignDraft => ({
  topic,
  text,
  audience,
  schedule,
  channels,
  template,
})
