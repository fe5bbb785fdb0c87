import { describe, expect, test } from '@jest/globals'
import {
  isQuiet,
  morningAfter,
  nextOccurrence,
  occurrences,
  startOfDay,
} from '../../bot/campaigns/schedule.js'
import { at } from './house.js'

const days = (start: string, repeat: 'once' | 'weekly' | 'monthly' | 'yearly', until: string | null) =>
  occurrences({ start, repeat, until }).map((time) => time.toISOString())

describe('when a warning is sent', () => {
  test('When a time is written, then it is a time in Inner Mongolia, wherever the server stands', () => {
    expect(days('2026-12-01T10:00', 'once', null)).toEqual(['2026-12-01T02:00:00.000Z'])
    // Just after midnight there it is still the day before in Greenwich.
    expect(at('2027-01-01T07:30').toISOString()).toBe('2026-12-31T23:30:00.000Z')
  })

  test('When it is repeated weekly over the end of a year, then no week is lost', () => {
    expect(days('2026-12-25T16:00', 'weekly', '2027-01-08')).toEqual([
      '2026-12-25T08:00:00.000Z',
      '2027-01-01T08:00:00.000Z',
      '2027-01-08T08:00:00.000Z',
    ])
  })

  test('When a month lacks the day, then its last day is taken and the next month is back at the day', () => {
    expect(days('2027-01-31T10:00', 'monthly', '2027-05-01')).toEqual([
      '2027-01-31T02:00:00.000Z',
      '2027-02-28T02:00:00.000Z',
      '2027-03-31T02:00:00.000Z',
      '2027-04-30T02:00:00.000Z',
    ])
  })

  test('When it begins on a leap day, then other years take 28 February and the next leap year the 29th', () => {
    expect(days('2028-02-29T10:00', 'yearly', '2032-12-31')).toEqual([
      '2028-02-29T02:00:00.000Z',
      '2029-02-28T02:00:00.000Z',
      '2030-02-28T02:00:00.000Z',
      '2031-02-28T02:00:00.000Z',
      '2032-02-29T02:00:00.000Z',
    ])
  })

  test('When the last day is that of an occurrence, then it is still sent', () => {
    expect(days('2026-12-01T21:59', 'weekly', '2026-12-08')).toHaveLength(2)
  })

  test('When the next time is asked for at the very time of one, then it is the one after', () => {
    const schedule = { start: '2026-12-01T10:00', repeat: 'weekly' as const, until: '2026-12-08' }
    expect(nextOccurrence(schedule, at('2026-12-01T10:00'))).toEqual(at('2026-12-08T10:00'))
    expect(nextOccurrence(schedule, at('2026-12-08T10:00'))).toBeNull()
  })
})

describe('quiet hours', () => {
  test.each([
    ['2026-12-01T21:59:59', false],
    ['2026-12-01T22:00:00', true],
    ['2026-12-01T23:59:59', true],
    ['2026-12-02T00:00:00', true],
    ['2026-12-02T06:59:59', true],
    ['2026-12-02T07:00:00', false],
  ])('When the wall clock shows %s, then quiet is %s', (local, quiet) => {
    expect(isQuiet(at(local))).toBe(quiet)
  })

  test('When something is put off in the night, then it is to the next seven in the morning', () => {
    expect(morningAfter(at('2026-12-31T22:00'))).toEqual(at('2027-01-01T07:00'))
    expect(morningAfter(at('2027-01-01T03:00'))).toEqual(at('2027-01-01T07:00'))
    expect(morningAfter(at('2028-02-28T23:30'))).toEqual(at('2028-02-29T07:00'))
  })

  test('When the day of a moment begins is asked, then it is midnight in Inner Mongolia', () => {
    expect(startOfDay(at('2026-12-01T07:30'))).toEqual(at('2026-12-01T00:00'))
  })
})
