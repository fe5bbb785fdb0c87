import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Channel } from '../../bot/delivery/channel.js'
import { SendFailure } from '../../bot/delivery/failure.js'
import { sendOutgoing } from '../../bot/delivery/send.js'
import { windowed } from '../../bot/delivery/windows.js'
import { createLog } from '../../bot/log.js'
import { AUTHOR, at, campaignHouse, draftFor, SECOND, type CampaignHouse } from './house.js'

let house: CampaignHouse
beforeAll(async () => {
  house = await campaignHouse('2026-11-26T09:00')
})
afterAll(() => house.store.close())
beforeEach(async () => {
  await house.clear()
  house.put('2026-11-26T09:00')
})

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const seen = { version: 1, by: AUTHOR }
const names = (count: number) => Array.from({ length: count }, (_, i) => `person-${i}`)
/** Ticks until nothing more happens; a pause between ticks as agenda makes it. */
async function run(most = 20): Promise<void> {
  for (let i = 0; i < most; i++) {
    const done = await house.tick()
    if (done === 0) return
  }
}

describe('sending', () => {
  test('When the minute comes, then each subscriber gets it once, with how to stop, and the campaign is done', async () => {
    for (const name of names(3)) await house.subscribe(name)
    await house.subscribe('other', 'water')
    const id = await house.launch(draftFor('2026-12-01T10:00'))
    house.put('2026-12-01T09:59')
    expect(await house.tick()).toBe(0)
    house.put('2026-12-01T10:00')
    expect(await house.tick()).toBe(3)
    expect(await house.tick()).toBe(0)
    for (const name of names(3)) {
      const [text, ...more] = await house.warnings(name)
      expect(text).toMatch(/^【防艾提醒】.*回复“退订”。$/s)
      expect(more).toEqual([])
    }
    expect(await house.warnings('other')).toEqual([])
    expect(new Set(house.woken).size).toBe(3)
    expect(await house.outcomes(id)).toMatchObject({ sent: 3, planned: 0, skipped: {}, failed: {} })
    expect((await house.campaigns.one(id)).state).toBe('done')
  })

  test('When nobody has subscribed, then it is done all the same, and the console is told', async () => {
    const id = await house.launch(draftFor('2026-12-01T10:00'))
    house.put('2026-12-01T10:00')
    let told = 0
    const stop = house.store.feed.follow('campaigns', () => told++)
    await house.tick()
    stop()
    expect((await house.campaigns.one(id)).state).toBe('done')
    expect(told).toBe(1)
  })

  test('When a warning has Mongolian words, then they stand below the Chinese', async () => {
    await house.subscribe('one')
    const text = { ...draftFor('2026-12-01T10:00').text, mn: 'ᠲᠤᠰᠠᠯᠠᠮᠵᠢ' }
    await house.launch(draftFor('2026-12-01T10:00', { text }))
    house.put('2026-12-01T10:00')
    await house.tick()
    expect((await house.warnings('one'))[0]?.split('\n')[1]).toBe('ᠲᠤᠰᠠᠯᠠᠮᠵᠢ')
  })

  test('When it is repeated, then it is sent each time, and done after the last', async () => {
    await house.subscribe('one', 'water')
    const schedule = { start: '2026-12-25T16:00', repeat: 'weekly' as const, until: '2027-01-01' }
    const id = await house.launch(draftFor('2026-12-25T16:00', { topic: 'water', schedule }))
    house.put('2026-12-25T16:00')
    await run()
    expect((await house.campaigns.one(id)).state).toBe('approved')
    house.put('2027-01-01T16:00')
    await run()
    expect(await house.warnings('one')).toHaveLength(2)
    expect((await house.campaigns.one(id)).state).toBe('done')
    expect((await house.campaigns.report(id)).map(({ sent }) => sent)).toEqual([1, 1])
  })
})

describe('who is spared', () => {
  test('When danger was read within fourteen days, then nothing is sent; a moment longer ago, then it is', async () => {
    for (const name of ['within', 'beyond']) await house.subscribe(name)
    const sentAt = at('2026-12-01T10:00').getTime()
    await house.danger('within', new Date(sentAt - 14 * DAY))
    await house.danger('beyond', new Date(sentAt - 14 * DAY - 1))
    const id = await house.launch(draftFor('2026-12-01T10:00'))
    house.put('2026-12-01T10:00')
    await run()
    expect(await house.warnings('within')).toEqual([])
    expect(await house.warnings('beyond')).toHaveLength(1)
    expect(await house.outcomes(id)).toMatchObject({ sent: 1, skipped: { protected: 1 } })
  })

  test('When danger, a human, or a wait for one comes between planning and sending, then nothing is sent', async () => {
    const people = ['danger', 'human', 'waiting', 'left', 'stopped', 'erased', 'calm']
    for (const name of people) await house.subscribe(name)
    const id = await house.launch(draftFor('2026-12-01T21:58'))
    house.put('2026-12-01T22:00')
    // The audience is written down; the quiet hours put the sending off.
    await run()
    expect(await house.outcomes(id)).toMatchObject({ planned: 7, deferred: 7, sent: 0 })
    await house.danger('danger', at('2026-12-02T03:00'))
    const human = await house.danger('human', at('2026-01-01T10:00'))
    await house.store.conversations.giveToHuman(human, 1, SECOND)
    const waiting = await house.danger('waiting', at('2026-01-01T10:00'))
    const why = { grade: 'asked' as const, level: 'none' as const, kinds: [], report: false }
    await house.store.escalations.open(waiting, 'web', why, house.clock.now())
    const wish = (address: string) => ({ channel: 'web', address, key: 'wish', at: house.clock.now() })
    await house.people.optOut(wish('left'))
    await house.people.unsubscribe({ ...wish('stopped'), topic: 'hiv' })
    await house.people.forget('web', 'erased')
    house.put('2026-12-02T06:59')
    await run()
    expect(await house.outcomes(id)).toMatchObject({ planned: 7, sent: 0 })
    house.put('2026-12-02T07:00')
    await run()
    for (const name of people)
      expect([name, (await house.warnings(name)).length]).toEqual([name, name === 'calm' ? 1 : 0])
    expect(await house.outcomes(id)).toMatchObject({
      sent: 1,
      planned: 0,
      skipped: { protected: 3, 'opted-out': 2, gone: 1 },
    })
  })

  test('When one topic has two warnings in a day, then the second is not sent; the next day it is', async () => {
    await house.subscribe('one')
    await house.launch(draftFor('2026-12-01T10:00'))
    const second = await house.launch(draftFor('2026-12-01T21:00'))
    await house.launch(draftFor('2026-12-02T07:00'))
    for (const time of ['2026-12-01T10:00', '2026-12-01T21:00', '2026-12-02T07:00']) {
      house.put(time)
      await run()
    }
    expect(await house.warnings('one')).toHaveLength(2)
    expect(await house.outcomes(second)).toMatchObject({ sent: 0, skipped: { often: 1 } })
  })

  test('When four came within seven days, then the fifth is not sent; after seven days it is', async () => {
    const topics = ['hiv', 'water', 'fraud', 'net', 'season']
    for (const topic of topics) await house.subscribe('one', topic)
    for (const [i, topic] of topics.entries())
      await house.launch(draftFor(`2026-12-0${i + 1}T10:00`, { topic }))
    for (const day of [1, 2, 3, 4, 5]) {
      house.put(`2026-12-0${day}T10:00`)
      await run()
    }
    expect(await house.warnings('one')).toHaveLength(4)
    await house.launch(draftFor('2026-12-08T10:01', { topic: 'season' }))
    house.put('2026-12-08T10:01')
    await run()
    expect(await house.warnings('one')).toHaveLength(5)
  })

  test('When two warnings of a topic are sent by two processes at one moment, then one of them is sent', async () => {
    for (const name of names(20)) await house.subscribe(name)
    await house.launch(draftFor('2026-12-01T10:00'))
    await house.launch(draftFor('2026-12-01T10:00'))
    house.put('2026-12-01T10:00')
    const two = house.runnerOf('two')
    await Promise.all([house.tick(), two.tick()])
    await run()
    for (const name of names(20)) expect(await house.warnings(name)).toHaveLength(1)
  })

  test('When an address does not open, then that one has failed and the others are sent', async () => {
    for (const name of ['broken', 'whole']) await house.subscribe(name)
    const broken = await house.store.people.find('web', 'broken')
    await house.store.people.model.updateOne(
      { _id: broken },
      { $set: { address: Buffer.from('not sealed') } },
    )
    const id = await house.launch(draftFor('2026-12-01T10:00'))
    house.put('2026-12-01T10:00')
    await run()
    expect(await house.outcomes(id)).toMatchObject({ sent: 1, failed: { unreadable: 1 } })
  })
})

describe('pause, resume, stop, edit', () => {
  test('When it is paused in the middle, then nothing more is sent until it is resumed, and nobody gets it twice', async () => {
    const people = names(60)
    for (const name of people) await house.subscribe(name)
    const id = await house.launch(draftFor('2026-12-01T10:00'))
    house.put('2026-12-01T10:00')
    // Paused from within: as the tenth conversation is woken.
    const { store } = house
    const submit = store.messages.submit
    let submitted = 0
    store.messages.submit = async (outward) => {
      if (++submitted === 10) await house.campaigns.pause(id, seen)
      return submit(outward)
    }
    await run()
    store.messages.submit = submit
    const half = await house.outcomes(id)
    expect(half?.sent).toBeLessThan(30)
    expect((half?.sent ?? 0) + (half?.planned ?? 0)).toBe(60)
    house.later(2 * MINUTE)
    await run()
    expect(await house.outcomes(id)).toEqual(half)
    await house.campaigns.resume(id, seen)
    await run()
    expect(await house.outcomes(id)).toMatchObject({ sent: 60, planned: 0 })
    for (const name of people) expect(await house.warnings(name)).toHaveLength(1)
  })

  test('When it is stopped in the middle, then the rest is not sent and the record says so', async () => {
    for (const name of names(5)) await house.subscribe(name)
    const id = await house.launch(draftFor('2026-12-01T21:59'))
    house.put('2026-12-01T22:00')
    await run()
    await house.campaigns.stop(id, seen)
    house.put('2026-12-02T07:00')
    await run()
    expect(await house.outcomes(id)).toMatchObject({ sent: 0, planned: 0, skipped: { stopped: 5 } })
    expect((await house.campaigns.one(id)).history.map(({ did }) => did)).toContain('stopped')
  })

  test('When it is paused and edited, then what the version before had not sent is not sent', async () => {
    await house.subscribe('one')
    const id = await house.launch(draftFor('2026-12-01T21:59'))
    house.put('2026-12-01T22:00')
    await run()
    await house.campaigns.pause(id, seen)
    await house.campaigns.edit(id, draftFor('2026-12-03T10:00'), seen)
    house.put('2026-12-02T07:00')
    await run()
    expect(await house.outcomes(id)).toMatchObject({ sent: 0, skipped: { changed: 1 } })
    await house.campaigns.submit(id, { version: 2, by: AUTHOR })
    await house.campaigns.approve(id, { version: 2, by: SECOND })
    house.put('2026-12-03T10:00')
    await run()
    expect(await house.warnings('one')).toHaveLength(1)
  })

  test('When nobody could send for a day, then yesterday’s warning is not sent', async () => {
    await house.subscribe('one')
    const id = await house.launch(draftFor('2026-12-01T10:00'))
    house.put('2026-12-02T10:00')
    await run()
    expect(await house.warnings('one')).toEqual([])
    expect(await house.outcomes(id)).toMatchObject({ sent: 0, skipped: { late: 1 } })
    expect((await house.campaigns.one(id)).state).toBe('done')
  })
})

describe('several processes', () => {
  test('When three processes tick at once on two hundred people, then each gets it once', async () => {
    const people = names(200)
    for (const name of people) await house.subscribe(name)
    const id = await house.launch(draftFor('2026-12-01T10:00'))
    house.put('2026-12-01T10:00')
    const others = [house.runnerOf('two'), house.runnerOf('three')]
    for (let i = 0; i < 4; i++) await Promise.all([house.tick(), ...others.map((other) => other.tick())])
    expect(await house.outcomes(id)).toMatchObject({ sent: 200, planned: 0, skipped: {}, failed: {} })
    const counts = await Promise.all(people.map(async (name) => (await house.warnings(name)).length))
    expect(counts.filter((count) => count !== 1)).toEqual([])
  })

  test('When a process dies between storing a message and saying so, then the next says so and sends nothing', async () => {
    await house.subscribe('one')
    const id = await house.launch(draftFor('2026-12-01T10:00'))
    house.put('2026-12-01T10:00')
    const { store } = house
    const settle = store.deliveries.settle
    store.deliveries.settle = () => Promise.reject(new Error('killed'))
    await expect(house.tick()).rejects.toThrow('killed')
    store.deliveries.settle = settle
    // Whose lease runs out meanwhile; the person is in danger by then: what was sent stays sent.
    expect(await house.tick()).toBe(0)
    house.later(MINUTE)
    await house.danger('one', house.clock.now())
    await run()
    expect(await house.outcomes(id)).toMatchObject({ sent: 1, planned: 0 })
    expect(await house.warnings('one')).toHaveLength(1)
  })

  test('When a row kills whoever works at it, then it is given up and the others go on', async () => {
    for (const name of ['deadly', 'fine']) await house.subscribe(name)
    const id = await house.launch(draftFor('2026-12-01T10:00'))
    house.put('2026-12-01T10:00')
    const { store } = house
    const open = store.conversations.open
    store.conversations.open = (channel, address, ...rest) =>
      address === 'deadly' ? Promise.reject(new Error('killed')) : open(channel, address, ...rest)
    for (let i = 0; i < 7; i++) {
      await house.tick().catch(() => 0)
      house.later(MINUTE)
    }
    store.conversations.open = open
    expect(await house.outcomes(id)).toMatchObject({ sent: 1, planned: 0, failed: { 'gave-up': 1 } })
  })

  test('When a process is so slow that its lease runs out, then it plans and settles nothing any more', async () => {
    for (const name of names(3)) await house.subscribe(name)
    const id = await house.launch(draftFor('2026-12-01T10:00'))
    house.put('2026-12-01T10:00')
    const { store } = house
    const now = house.clock.now()
    const campaign = await store.campaigns.find(id)
    if (!campaign) throw new Error('there is no campaign')
    const slow = await store.campaigns.lease(campaign, 'slow', now, new Date(now.getTime() + MINUTE))
    expect(await store.campaigns.lease(campaign, 'fast', now, new Date(now.getTime() + MINUTE))).toBeNull()
    house.later(MINUTE)
    const fence = slow?.fence ?? 0
    await run()
    expect(await store.campaigns.keepLease(id, fence, now)).toBe(false)
    expect(await store.campaigns.planned(id, fence, now)).toBe(false)
    expect(await house.outcomes(id)).toMatchObject({ sent: 3 })
  })
})

describe('channels with windows', () => {
  const HOUR = 60 * MINUTE
  const wechat = (more: Partial<Channel> = {}): Channel => ({
    name: 'wechat',
    fetches: false,
    capabilities: { maxText: 600, buttons: 0, cards: false, joins: true },
    allowance: windowed({ message: { ms: 48 * HOUR, most: 5, bot: 2 } }),
    send: () => Promise.resolve(),
    ...more,
  })
  /** A follower who last wrote at this time. */
  async function follower(address: string, wroteAt: Date) {
    const { people, store, content } = house
    const wording = content.topics.find(({ id }) => id === 'hiv')?.consent.version ?? ''
    const consent = { topic: 'hiv', wording, parent: false }
    await people.subscribe({ channel: 'wechat', address, key: address, at: wroteAt, ...consent })
    await store.recipients.heard('wechat', address, wroteAt, at('2027-01-01T00:00'))
  }
  const draft = () => draftFor('2026-12-01T10:00', { channels: ['wechat'] })
  const begin = async () => {
    const id = await house.launch(draft())
    house.put('2026-12-01T10:00')
    await run()
    return id
  }
  afterEach(() => {
    house.networks.delete('wechat')
    house.templates.clear()
  })

  test('When the window is over and there is no template, then the ledger says closed, and the cap is not used', async () => {
    house.networks.set('wechat', wechat())
    await follower('long-ago', at('2026-11-26T09:00'))
    await follower('lately', at('2026-11-30T09:00'))
    const id = await begin()
    expect(await house.outcomes(id)).toMatchObject({ sent: 1, skipped: { closed: 1 } })
    const [first] = await house.store.people.model.find({ pushes: { $size: 0 } }).lean()
    expect(first).toBeDefined()
  })

  test('When the platform has approved a template, then the warning goes out by it', async () => {
    house.networks.set('wechat', wechat({ notify: () => Promise.resolve() }))
    house.templates.set('wechat', 'T-1')
    await follower('long-ago', at('2026-11-26T09:00'))
    expect(await house.outcomes(await begin())).toMatchObject({ sent: 1, skipped: {} })
  })

  test('When somebody has blocked us, then they count as opted out', async () => {
    house.networks.set('wechat', wechat())
    await follower('blocked', at('2026-11-30T09:00'))
    await house.store.recipients.lost('wechat', 'blocked')
    expect(await house.outcomes(await begin())).toMatchObject({ sent: 0, skipped: { 'opted-out': 1 } })
  })

  test('When the network will not take what counted as sent, then the ledger is put right', async () => {
    const refused = () => Promise.reject(new SendFailure('refused', undefined, '400'))
    const channel = wechat({ send: refused })
    house.networks.set('wechat', channel)
    await follower('one', at('2026-11-30T09:00'))
    const id = await begin()
    expect(await house.outcomes(id)).toMatchObject({ sent: 1 })
    const { store, clock, people } = house
    const conversation = (await store.conversations.find('wechat', 'one')) as string
    const [row] = await store.messages.waiting(conversation)
    await store.messages.answered([{ messageId: row?.id ?? '', number: 1, outward: true }], true)
    const parts = { store, clock, people, log: createLog('silent') }
    const asked = { template: () => Promise.resolve(null), keepLease: () => Promise.resolve(true) }
    await sendOutgoing({ ...parts, ...asked }, channel, { id: conversation, address: 'one' })
    expect(await house.outcomes(id)).toMatchObject({ sent: 0, failed: { refused: 1 } })
  })
})
