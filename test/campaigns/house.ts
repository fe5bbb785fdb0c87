import { randomBytes } from 'node:crypto'
import { DateTime } from 'luxon'
import type { CampaignDraft } from '../../shared/campaign.js'
import { createCampaigns } from '../../bot/campaigns/campaigns.js'
import { createRunner } from '../../bot/campaigns/runner.js'
import { talliesOf } from '../../bot/campaigns/tally.js'
import { webChannel } from '../../bot/channels/web/channel.js'
import type { Channel } from '../../bot/delivery/channel.js'
import type { Content } from '../../bot/content/content.js'
import { contentFolder, contentOf, readFolder } from '../../bot/content/folder.js'
import { ZONE } from '../../bot/content/lines.js'
import { createLog } from '../../bot/log.js'
import { createPeople } from '../../bot/people/people.js'
import { createVault } from '../../bot/store/crypto.js'
import { openStore, type Place } from '../../bot/store/store.js'

export const AUTHOR = { id: 'a'.repeat(24), workName: '小周' }
export const SECOND = { id: 'b'.repeat(24), workName: '小林' }

/** Wall-clock time in Asia/Shanghai. */
export const at = (local: string): Date => DateTime.fromISO(local, { zone: ZONE }).toJSDate()

export const TEXT =
  '今天是世界艾滋病日。一起吃饭、握手、上课，都不会传上艾滋病。想问更多，打 {{hotline.12320}}。'

export const draftFor = (start: string, more: Partial<CampaignDraft> = {}): CampaignDraft => ({
  topic: 'hiv',
  text: { zh: TEXT, mn: null },
  audience: 'everyone',
  schedule: { start, repeat: 'once', until: null },
  channels: ['web'],
  template: null,
  ...more,
})

let read: Promise<Content> | undefined

export type CampaignHouse = Awaited<ReturnType<typeof campaignHouse>>

/** Everything that warnings need, on a real store, with a clock that stands until it is put elsewhere. */
export async function campaignHouse(start: string, place: Place = { memory: true }, key = randomBytes(32)) {
  const store = await openStore(place, createVault(key))
  const content = await (read ??= readFolder(contentFolder()).then(contentOf))
  let now = at(start)
  const clock = { now: () => now }
  const people = createPeople(store)
  const woken: string[] = []
  /** Those that run, by name: a test may put its own beside the web. */
  const networks = new Map<string, Channel>([['web', webChannel]])
  const templates = new Map<string, string>()
  const house = { clock, content: () => content, channels: () => [...networks.keys()], region: '内蒙古' }
  const campaigns = createCampaigns({ ...house, store })

  /** A runner of a process of its own on the same store. */
  const runnerOf = (name: string) =>
    createRunner({
      ...house,
      store: { ...store, process: name },
      log: createLog('silent'),
      channel: (name) => networks.get(name),
      template: (name) => Promise.resolve(templates.get(name) ?? null),
      wake: (id) => woken.push(id),
      retentionDays: 30,
    })
  const runner = runnerOf('one')

  return {
    store,
    networks,
    templates,
    content,
    clock,
    people,
    campaigns,
    runnerOf,
    woken,
    tick: () => runner.tick(),
    /** As if nothing had been written yet. */
    async clear(): Promise<void> {
      const { campaigns, deliveries, people, subscriptions, conversations, messages, escalations } = store
      const kept = [campaigns, deliveries, people, subscriptions, conversations, messages, escalations]
      for (const { model } of kept) await model.collection.deleteMany({})
    },
    put: (local: string) => void (now = at(local)),
    later: (milliseconds: number) => void (now = new Date(now.getTime() + milliseconds)),

    async subscribe(address: string, topic = 'hiv', more: { parent?: boolean; key?: string } = {}) {
      const { parent = false, key = `${address}-${topic}` } = more
      const wording = content.topics.find(({ id }) => id === topic)?.consent.version ?? ''
      await people.subscribe({ channel: 'web', address, key, at: now, topic, wording, parent })
    },

    /** Written by one, approved by another; its id. */
    async launch(draft: CampaignDraft): Promise<string> {
      const { id } = await campaigns.create(draft, AUTHOR)
      await campaigns.submit(id, { version: 1, by: AUTHOR })
      await campaigns.approve(id, { version: 1, by: SECOND })
      return id
    },

    /** The warnings that were stored for a person. */
    async warnings(address: string): Promise<string[]> {
      const id = await store.conversations.find('web', address)
      if (!id) return []
      return (await store.messages.all(id, 100))
        .filter(({ from }) => from === 'system')
        .map(({ text }) => text)
    },

    /** A conversation in which danger was read at this time, and nothing else happened. */
    async danger(address: string, riskAt: Date): Promise<string> {
      const id = await store.conversations.open(
        'web',
        address,
        now,
        new Date(now.getTime() + 30 * 86_400_000),
      )
      await store.conversations.model.updateOne({ _id: id }, { $set: { riskAt } })
      return id
    },

    /** What became of the newest occurrence, every reason told apart. */
    outcomes: async (id: string) => talliesOf(await store.deliveries.tally(id))[0],
  }
}
