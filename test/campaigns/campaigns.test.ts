import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { AppError } from '../../bot/errors.js'
import { AUTHOR, at, campaignHouse, draftFor, SECOND, TEXT, type CampaignHouse } from './house.js'

let house: CampaignHouse
beforeAll(async () => {
  house = await campaignHouse('2026-11-26T09:00')
})
afterAll(() => house.store.close())
beforeEach(async () => {
  await house.clear()
  house.put('2026-11-26T09:00')
})

const seen = (version = 1, by = AUTHOR) => ({ version, by })

/** The code of the refusal. */
async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error('it was not refused'),
    (caught: unknown) => caught,
  )
  if (error instanceof AppError) return error.code
  throw error
}

describe('writing a warning', () => {
  test.each([
    ['a topic nobody can subscribe to', draftFor('2026-12-01T10:00', { topic: 'weather' }), 'campaign.topic'],
    [
      'a word no push may have',
      draftFor('2026-12-01T10:00', { text: { zh: `有人自杀了。${TEXT}`, mn: null } }),
      'campaign.wording',
    ],
    [
      'a case',
      draftFor('2026-12-01T10:00', { text: { zh: `某中学一名学生出了事。${TEXT}`, mn: null } }),
      'campaign.wording',
    ],
    [
      'no number',
      draftFor('2026-12-01T10:00', { text: { zh: '今天是世界艾滋病日，握手不会传染。', mn: null } }),
      'campaign.wording',
    ],
    [
      'two numbers',
      draftFor('2026-12-01T10:00', { text: { zh: `${TEXT}急的话打 110。`, mn: null } }),
      'campaign.wording',
    ],
    [
      'a number nobody knows',
      draftFor('2026-12-01T10:00', {
        text: { zh: '今天是世界艾滋病日，想问打 {{hotline.12999}}。', mn: null },
      }),
      'campaign.wording',
    ],
    [
      'a bare number',
      draftFor('2026-12-01T10:00', {
        text: { zh: '今天是世界艾滋病日，想问打 12320，急打 {{hotline.120}}。', mn: null },
      }),
      'campaign.wording',
    ],
    ['a channel this house has not', draftFor('2026-12-01T10:00', { channels: ['sms'] }), 'campaign.channel'],
    ['22:00', draftFor('2026-12-01T22:00'), 'campaign.quiet'],
    ['06:59', draftFor('2026-12-01T06:59'), 'campaign.quiet'],
    ['a day that is none', draftFor('2027-02-29T10:00'), 'campaign.time'],
    [
      'a repetition without an end',
      draftFor('2026-12-01T10:00', {
        schedule: { start: '2026-12-01T10:00', repeat: 'weekly', until: null },
      }),
      'campaign.until',
    ],
    [
      'an end before the start',
      draftFor('2026-12-01T10:00', {
        schedule: { start: '2026-12-01T10:00', repeat: 'weekly', until: '2026-11-30' },
      }),
      'campaign.until',
    ],
    [
      'too many times',
      draftFor('2026-12-01T10:00', {
        schedule: { start: '2026-12-01T10:00', repeat: 'weekly', until: '2029-12-01' },
      }),
      'campaign.too-many',
    ],
  ])('When a draft has %s, then it is refused by name', async (_, draft, code) => {
    expect(await refusal(house.campaigns.create(draft, AUTHOR))).toBe(code)
  })

  test.each(['2026-12-01T07:00', '2026-12-01T21:59'])('When it is for %s, then it is kept', async (start) => {
    expect((await house.campaigns.create(draftFor(start), AUTHOR)).state).toBe('draft')
  })
})

describe('approving a warning', () => {
  test('When the author, or whoever edited it last, approves, then it is refused; a third person may', async () => {
    const { id } = await house.campaigns.create(draftFor('2026-12-01T10:00'), AUTHOR)
    await house.campaigns.submit(id, seen())
    expect(await refusal(house.campaigns.approve(id, seen()))).toBe('campaign.own')
    await house.campaigns.edit(id, draftFor('2026-12-01T11:00'), seen(1, SECOND))
    await house.campaigns.submit(id, seen(2))
    expect(await refusal(house.campaigns.approve(id, seen(2)))).toBe('campaign.own')
    expect(await refusal(house.campaigns.approve(id, seen(2, SECOND)))).toBe('campaign.own')
    const third = { id: 'c'.repeat(24), workName: '主管' }
    const approved = await house.campaigns.approve(id, seen(2, third))
    expect([approved.state, approved.approver]).toEqual(['approved', third])
    expect(approved.history.map(({ did }) => did)).toEqual([
      'created',
      'submitted',
      'edited',
      'submitted',
      'approved',
    ])
  })

  test('When it was edited after somebody looked at it, then their approval is refused', async () => {
    const { id } = await house.campaigns.create(draftFor('2026-12-01T10:00'), AUTHOR)
    await house.campaigns.submit(id, seen())
    await house.campaigns.edit(id, draftFor('2026-12-01T11:00'), seen())
    await house.campaigns.submit(id, seen(2))
    expect(await refusal(house.campaigns.approve(id, seen(1, SECOND)))).toBe('campaign.changed')
  })

  test('When an approved warning is edited, then the approval is gone and it is not sent', async () => {
    await house.subscribe('one')
    const id = await house.launch(draftFor('2026-12-01T10:00'))
    const edited = await house.campaigns.edit(id, draftFor('2026-12-01T10:00'), seen())
    expect([edited.state, edited.approver, edited.version]).toEqual(['draft', null, 2])
    house.put('2026-12-01T10:00')
    expect(await house.tick()).toBe(0)
    expect(await house.warnings('one')).toEqual([])
  })

  test('When its time has passed, then it can be neither submitted nor approved', async () => {
    const { id } = await house.campaigns.create(draftFor('2026-12-01T10:00'), AUTHOR)
    await house.campaigns.submit(id, seen())
    house.put('2026-12-01T10:00')
    expect(await refusal(house.campaigns.approve(id, seen(1, SECOND)))).toBe('campaign.past')
  })

  test('When it is given back, then its author reads what to change', async () => {
    const { id } = await house.campaigns.create(draftFor('2026-12-01T10:00'), AUTHOR)
    await house.campaigns.submit(id, seen())
    const back = await house.campaigns.giveBack(id, { ...seen(1, SECOND), note: '第二句太长' })
    expect([back.state, back.history.at(-1)?.note]).toEqual(['draft', '第二句太长'])
  })

  test('When two decide at once, then one wins and the other is told', async () => {
    const id = await house.launch(draftFor('2026-12-01T10:00'))
    const both = await Promise.allSettled([
      house.campaigns.pause(id, seen(1, SECOND)),
      house.campaigns.stop(id, seen()),
    ])
    const { state, history } = await house.campaigns.one(id)
    expect(both.map(({ status }) => status)).toContain('fulfilled')
    expect(state).toBe('stopped')
    expect(history.at(-1)?.did).toBe('stopped')
    expect(await refusal(house.campaigns.resume(id, seen()))).toBe('campaign.state')
  })

  test('When a step does not fit the state, then it is refused', async () => {
    const { id } = await house.campaigns.create(draftFor('2026-12-01T10:00'), AUTHOR)
    expect(await refusal(house.campaigns.approve(id, seen(1, SECOND)))).toBe('campaign.state')
    expect(await refusal(house.campaigns.pause(id, seen()))).toBe('campaign.state')
    expect(await refusal(house.campaigns.one('f'.repeat(24)))).toBe('record.unknown')
  })
})

describe('the preview', () => {
  test('When it is asked for, then it says who gets it, who not and why, what each sees and when', async () => {
    for (const name of ['one', 'two', 'danger', 'human', 'waiting']) await house.subscribe(name)
    await house.subscribe('left')
    await house.people.optOut({ channel: 'web', address: 'left', key: 'stop', at: house.clock.now() })
    await house.people.subscribe({
      ...{ channel: 'sms', address: 'phone', key: 'phone', at: house.clock.now() },
      ...{ topic: 'hiv', wording: '2026-11-26', parent: false },
    })
    await house.danger('danger', at('2026-11-20T10:00'))
    const human = await house.danger('human', at('2026-01-01T10:00'))
    await house.store.conversations.giveToHuman(human, 1, SECOND)
    const waiting = await house.danger('waiting', at('2026-01-01T10:00'))
    const why = { grade: 'asked' as const, level: 'none' as const, kinds: [], report: false }
    await house.store.escalations.open(waiting, 'web', why, house.clock.now())

    const { id } = await house.campaigns.create(
      draftFor('2026-12-01T10:00', { template: 'hiv/aids-day-test' }),
      AUTHOR,
    )
    const preview = await house.campaigns.preview(id)
    expect(preview).toMatchObject({
      subscribed: 6,
      willGet: 2,
      // Three are protected, too few to say so.
      skipped: { several: 5 },
      times: ['2026-12-01T02:00:00.000Z'],
    })
    expect(preview.text).toMatch(/^【防艾提醒】今天是.*12320 卫生热线。\n不想再收，回复“退订”。$/s)
    expect(preview.cautions.map(({ code }) => code)).toEqual([
      'number-unverified',
      'facts-unverified',
      'template-unread',
      'template-changed',
    ])
  })

  test('When five or more are protected, then the reasons are told apart, and still not which danger', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      await house.subscribe(name)
      await house.danger(name, at('2026-11-20T10:00'))
    }
    await house.subscribe('left')
    await house.people.optOut({ channel: 'web', address: 'left', key: 'stop', at: house.clock.now() })
    const { id } = await house.campaigns.create(draftFor('2026-12-01T10:00'), AUTHOR)
    const { skipped } = await house.campaigns.preview(id)
    expect(skipped).toEqual({ protected: 5, 'opted-out': 1 })
  })

  test('When few are protected and nobody else is skipped, then the report does not say why', async () => {
    await house.subscribe('calm')
    await house.subscribe('danger')
    await house.danger('danger', at('2026-11-26T08:00'))
    const id = await house.launch(draftFor('2026-12-01T10:00'))
    house.put('2026-12-01T10:00')
    await house.tick()
    expect(await house.campaigns.report(id)).toMatchObject([{ sent: 1, skipped: { several: 1 } }])
  })

  test('When a number is closed at that hour, then whoever approves is told', async () => {
    const { id } = await house.campaigns.create(draftFor('2026-12-05T10:00'), AUTHOR)
    expect((await house.campaigns.preview(id)).cautions).toEqual([{ code: 'number-closed', about: '12320' }])
  })

  test('When a warning is for parents, then only who subscribed as one is counted', async () => {
    await house.subscribe('child', 'mental')
    await house.subscribe('mother', 'mental', { parent: true })
    const draft = draftFor('2026-12-01T10:00', { topic: 'mental', audience: 'parents' })
    const { id } = await house.campaigns.create(draft, AUTHOR)
    expect(await house.campaigns.preview(id)).toMatchObject({ willGet: 1, skipped: { 'not-parent': 1 } })
  })
})

describe('the templates', () => {
  test('When the year is looked at from a day, then what comes next stands first and what waits for an alert last', () => {
    const all = house.campaigns.templates()
    expect(all.length).toBe(house.content.warnings.length)
    expect(all.map(({ next }) => next ?? '9999')).toEqual(all.map(({ next }) => next ?? '9999').sort())
    const of = (id: string) => all.find((template) => template.id === id)?.next
    // Its day, ten days before the first of December, has passed, and there is still time; the season of the ice goes on.
    expect(of('hiv/aids-day-kind')).toBe('2026-12-01')
    expect(of('hiv/aids-day-test')).toBe('2026-11-26')
    expect(of('water/ice-freezing')).toBe('2026-11-26')
    expect(of('drugs/new-year-party')).toBe('2026-12-15')
    expect(of('season/storm')).toBeNull()
    expect(house.campaigns.templates('hiv').every(({ topic }) => topic === 'hiv')).toBe(true)
  })

  test('When any template is drafted for its topic, then nothing stands in its way', async () => {
    for (const { topic, text, audience, id } of house.content.warnings)
      await house.campaigns.create(
        draftFor('2026-12-01T10:00', { topic, text, audience, template: `${topic}/${id}` }),
        AUTHOR,
      )
  })
})
