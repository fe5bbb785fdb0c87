import { describe, expect, test } from '@jest/globals'
import { DateTime } from 'luxon'
import { Hotline } from '../../shared/hotline.js'
import { dangerLines, dayKind, linesAt, ZONE } from '../../bot/content/lines.js'

const at = (text: string) => DateTime.fromISO(text, { zone: ZONE }).toJSDate()
const day = (text: string) => dayKind(DateTime.fromISO(text, { zone: ZONE }))

describe('the kind of a day', () => {
  const days: [date: string, what: string, kind: string][] = [
    ['2026-10-01', 'National Day', 'holiday'],
    ['2026-10-07', 'the last day of the National Day break', 'holiday'],
    ['2026-10-10', 'a Saturday worked to make up', 'workday'],
    ['2026-09-20', 'a Sunday worked to make up', 'workday'],
    ['2026-10-11', 'a Sunday', 'restday'],
    ['2026-10-17', 'a Saturday', 'restday'],
    ['2026-10-12', 'a Monday', 'workday'],
    ['2026-02-17', 'the Spring Festival', 'holiday'],
    ['2027-01-01', 'New Year, no arrangement known', 'holiday'],
    ['2027-02-05', 'New Year’s Eve by the moon, no arrangement known', 'holiday'],
    ['2027-02-06', 'the Spring Festival, a Saturday, no arrangement known', 'holiday'],
    ['2027-02-07', 'its second day', 'holiday'],
    ['2027-02-08', 'its third day, which has no name', 'holiday'],
    ['2027-02-09', 'the day after, by the law a workday', 'workday'],
    ['2027-05-02', 'the second day of Labour Day', 'holiday'],
    ['2027-10-03', 'the third day of National Day', 'holiday'],
  ]
  test.each(days)('When it is %s, %s, then it is a %s', (date, _, kind) => {
    expect(day(date)).toBe(kind)
  })
})

const always = [{ from: '00:00', to: '24:00' }]
const line = (number: string, more: Record<string, unknown> = {}): Hotline =>
  Hotline.parse({
    number,
    name: `线${number}`,
    purpose: '问一问',
    contact: ['call'],
    hours: { workday: [{ from: '09:00', to: '17:00' }] },
    verified: { on: '2026-01-01', by: '李', expires: '2027-01-01' },
    ...more,
  })

const police = line('110', { emergency: true, hours: { workday: always, restday: always, holiday: always } })
const office = line('12355', { danger: ['self-harm', 'bullying'] })
const state = (hotline: Hotline, when: string) => linesAt([hotline], at(when), '内蒙古')[0]?.state

describe('a line at a moment', () => {
  test('When the hours begin and end, then the first minute is open and the last one is not', () => {
    expect(state(office, '2026-10-12T08:59')).toBe('closed')
    expect(state(office, '2026-10-12T08:59:59.999')).toBe('closed')
    expect(state(office, '2026-10-12T09:00')).toBe('open')
    expect(state(office, '2026-10-12T16:59:59')).toBe('open')
    expect(state(office, '2026-10-12T17:00')).toBe('closed')
  })

  test('When it is a holiday or a Sunday, then the office is closed, and on a make-up Saturday it is open', () => {
    expect(state(office, '2026-10-01T10:00')).toBe('closed')
    expect(state(office, '2026-10-11T10:00')).toBe('closed')
    expect(state(office, '2026-10-10T10:00')).toBe('open')
  })

  test('When a line never sleeps, then it is open at midnight and at the last minute of the day', () => {
    for (const when of ['2026-10-01T00:00', '2026-10-01T03:00', '2026-10-01T23:59:59'])
      expect(state(police, when)).toBe('open')
  })

  test('When nobody has verified the hours, or the verification has run out, then it only likely answers', () => {
    const unverified = line('12355', { verified: null })
    expect(state(unverified, '2026-10-12T10:00')).toBe('likely')
    expect(state(unverified, '2026-10-12T18:00')).toBe('closed')
    const until = line('12355', { verified: { on: '2026-01-01', by: '李', expires: '2026-10-13' } })
    expect(state(until, '2026-10-12T10:00')).toBe('open')
    expect(state(until, '2026-10-13T10:00')).toBe('likely')
    const from = line('12355', { verified: { on: '2026-10-13', by: '李', expires: '2027-10-13' } })
    expect(state(from, '2026-10-12T10:00')).toBe('likely')
  })

  test('When the clock of the machine is another zone’s, then the hours are Shanghai’s', () => {
    expect(linesAt([office], new Date('2026-10-12T01:00:00Z'), '内蒙古')[0]?.state).toBe('open')
    expect(linesAt([office], new Date('2026-10-12T10:00:00Z'), '内蒙古')[0]?.state).toBe('closed')
    // 03:00 of the holiday in Shanghai is still the evening before in London.
    expect(linesAt([office], new Date('2026-09-30T19:00:00Z'), '内蒙古')[0]?.state).toBe('closed')
  })

  test('When hours are told, then they are told in words', () => {
    const hours = (more: Record<string, unknown>) =>
      linesAt([line('12300', more)], at('2026-10-12T10:00'), '内蒙古')[0]?.hours
    const noon = [
      { from: '09:00', to: '12:00' },
      { from: '14:00', to: '17:00' },
    ]
    expect(hours({ hours: { workday: always, restday: always, holiday: always } })).toBe('全天')
    expect(hours({ hours: { workday: noon, restday: noon, holiday: noon } })).toBe(
      '每天 09:00–12:00、14:00–17:00',
    )
    expect(hours({ hours: { workday: noon } })).toBe('工作日 09:00–12:00、14:00–17:00')
    expect(hours({ hours: { workday: noon, restday: [{ from: '10:00', to: '16:00' }] } })).toBe(
      '工作日 09:00–12:00、14:00–17:00，周末 10:00–16:00',
    )
    expect(hours({ hours: {} })).toBe('暂停')
  })
})

describe('which lines are shown', () => {
  const here = line('0471', { region: '内蒙古' })
  const there = line('0931', { region: '甘肃' })
  const night = line('12356', {
    verified: null,
    danger: ['self-harm'],
    hours: { workday: [{ from: '08:00', to: '24:00' }] },
  })
  const all = [there, night, office, here, police]
  const shown = (when: string, region: string) => linesAt(all, at(when), region).map(({ number }) => number)

  test('When a region is asked for, then its own lines and the national ones are shown, none of another province', () => {
    expect(shown('2026-10-12T10:00', '内蒙古')).not.toContain('0931')
    expect(shown('2026-10-12T10:00', '内蒙古')).toContain('0471')
    expect(shown('2026-10-12T10:00', '甘肃')).toEqual(['110', '0931', '12355', '12356'])
  })

  test('When lines are ordered, then emergency comes first, then open, then likely, then closed', () => {
    const early = line('12338', { hours: { workday: [{ from: '09:00', to: '09:30' }] } })
    const order = linesAt([early, night, office, police], at('2026-10-12T10:00'), '内蒙古')
    expect(order.map((view) => view.state)).toEqual(['open', 'open', 'likely', 'closed'])
    expect(order[0]?.number).toBe('110')
  })

  test('When there is danger, then the lines that take it and answer now are named, emergency always', () => {
    const named = (kind: string, when: string) =>
      dangerLines(all, [kind], at(when), '内蒙古').map(({ number }) => number)
    expect(named('self-harm', '2026-10-12T10:00')).toEqual(['110', '12355', '12356'])
    expect(named('bullying', '2026-10-12T10:00')).toEqual(['110', '12355'])
    expect(named('drugs', '2026-10-12T10:00')).toEqual(['110'])
    expect(named('self-harm', '2026-10-12T20:00')).toEqual(['110', '12356'])
    expect(named('self-harm', '2026-10-01T03:00')).toEqual(['110'])
  })

  test('When a body is in danger, then the ambulance is named before the police', () => {
    const ambulance = line('120', {
      emergency: true,
      hours: { workday: always, restday: always, holiday: always },
    })
    const named = (...kinds: string[]) =>
      dangerLines([police, office, ambulance], kinds, at('2026-10-01T03:00'), '内蒙古').map(
        ({ number }) => number,
      )
    expect(named('attempt', 'self-harm')).toEqual(['120', '110'])
    expect(named('medical')).toEqual(['120', '110'])
    expect(named('bullying')).toEqual(['110', '120'])
  })
})
