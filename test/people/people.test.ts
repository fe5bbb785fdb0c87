import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createSubscribers } from '../../bot/people/list.js'
import { at, campaignHouse, type CampaignHouse } from '../campaigns/house.js'

let house: CampaignHouse
beforeAll(async () => {
  house = await campaignHouse('2026-11-26T09:00')
})
afterAll(() => house.store.close())
beforeEach(async () => {
  await house.clear()
  house.put('2026-11-26T09:00')
})

const wish = (address: string, key: string) => ({ channel: 'web', address, key, at: house.clock.now() })
const rows = () => house.store.subscriptions.model.find().sort({ since: 1, _id: 1 }).lean()

describe('consent', () => {
  test('When a consent is carried out twice, also at once, then it is one row with wording, time and message', async () => {
    await Promise.all([1, 2, 3].map(() => house.subscribe('one', 'hiv', { key: 'message-1' })))
    await house.subscribe('one', 'hiv', { key: 'message-1' })
    expect(await rows()).toMatchObject([
      { topic: 'hiv', wording: '2026-11-26', key: 'message-1', how: 'chat', since: at('2026-11-26T09:00') },
    ])
    expect(await house.store.people.model.countDocuments()).toBe(1)
  })

  test('When it is given again in other words, then the earlier one has ended as renewed', async () => {
    const given = { topic: 'hiv', parent: false }
    await house.people.subscribe({ ...wish('one', 'm1'), ...given, wording: '2026-01-01' })
    house.later(1000)
    await house.people.subscribe({ ...wish('one', 'm2'), ...given, wording: '2026-11-26' })
    // Carried out again after a kill.
    await house.people.subscribe({ ...wish('one', 'm2'), ...given, wording: '2026-11-26' })
    expect((await rows()).map(({ active, endedHow }) => [active, endedHow])).toEqual([
      [false, 'renewed'],
      [true, null],
    ])
    expect(await house.people.subscribed('web', 'one')).toEqual(['hiv'])
    expect(await house.store.people.model.findOne().lean()).toMatchObject({ expiresAt: null })
  })

  test('When somebody says 退订, then every consent has ended, and the row says when and by which message', async () => {
    await house.subscribe('one', 'hiv')
    await house.subscribe('one', 'water')
    await house.subscribe('other', 'hiv')
    house.put('2026-11-27T10:00')
    await house.people.optOut(wish('one', 'stop'))
    house.put('2026-11-27T11:00')
    await house.people.optOut(wish('one', 'stop'))
    expect(await house.people.subscribed('web', 'one')).toEqual([])
    expect(await house.people.subscribed('web', 'other')).toEqual(['hiv'])
    const ended = (await rows()).filter(({ active }) => !active)
    expect(ended).toHaveLength(2)
    for (const row of ended)
      expect(row).toMatchObject({
        endedAt: at('2026-11-27T10:00'),
        endedHow: 'opt-out',
        endedKey: 'stop',
        expiresAt: at('2027-02-25T10:00'),
      })
    const person = await house.store.people.find('web', 'one')
    expect(await house.store.people.model.findById(person).lean()).toMatchObject({
      expiresAt: at('2027-02-25T10:00'),
    })
  })

  test('When somebody comes back after 退订, then the person stays, and an old consent carried out again revives nothing', async () => {
    await house.subscribe('one', 'hiv', { key: 'm1' })
    await house.people.optOut(wish('one', 'stop'))
    await house.subscribe('one', 'hiv', { key: 'm1' })
    expect(await house.people.subscribed('web', 'one')).toEqual([])
    await house.subscribe('one', 'water', { key: 'm2' })
    expect(await house.people.subscribed('web', 'one')).toEqual(['water'])
    const person = await house.store.people.find('web', 'one')
    expect(await house.store.people.model.findById(person).lean()).toMatchObject({ expiresAt: null })
  })

  test('When one topic is stopped, then the others stay', async () => {
    await house.subscribe('one', 'hiv')
    await house.subscribe('one', 'water')
    await house.people.unsubscribe({ ...wish('one', 'stop'), topic: 'hiv' })
    expect(await house.people.subscribed('web', 'one')).toEqual(['water'])
  })

  test('When who never subscribed says 退订, then nobody is remembered for it', async () => {
    await house.people.optOut(wish('stranger', 'stop'))
    expect(await house.store.people.model.countDocuments()).toBe(0)
  })
})

describe('what is kept of a person', () => {
  test('When a person is erased, then no row names them', async () => {
    await house.subscribe('one', 'hiv')
    await house.people.optOut(wish('one', 'stop'))
    await house.subscribe('one', 'water')
    await house.people.forget('web', 'one')
    await house.people.forget('web', 'one')
    expect(await house.store.people.model.countDocuments()).toBe(0)
    expect(await rows()).toEqual([])
  })

  test('When the stored person is looked at, then the address stands nowhere in it', async () => {
    await house.subscribe('address-of-somebody', 'hiv')
    const raw = await house.store.people.model.collection.find().toArray()
    expect(JSON.stringify(raw)).not.toContain('address-of-somebody')
    expect(Buffer.from(raw[0]?.address.buffer).includes('address-of-somebody')).toBe(false)
    expect(raw[0]?.addressHash).toMatch(/^[0-9a-f]{64}$/)
  })

  test('When staff list people, then they see a code, a channel, topics and since when, and nothing of danger', async () => {
    await house.subscribe('one', 'hiv')
    house.later(1000)
    await house.subscribe('one', 'water', { parent: true })
    await house.danger('one', house.clock.now())
    const list = createSubscribers(house.store)
    const { items, total } = await list({}, { page: 1, perPage: 25 })
    expect(total).toBe(2)
    expect(items.map(({ topic, parent }) => [topic, parent])).toEqual([
      ['water', true],
      ['hiv', false],
    ])
    expect(new Set(items.map(({ code }) => code)).size).toBe(1)
    for (const item of items) {
      expect(Object.keys(item).sort()).toEqual(
        ['channel', 'code', 'id', 'parent', 'since', 'topic', 'wording'].sort(),
      )
      expect(item.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{6}$/)
    }
    expect((await list({ topic: 'hiv' }, { page: 1, perPage: 25 })).total).toBe(1)
  })
})
