import { DateTime } from 'luxon'
import type { Schedule } from '../../shared/campaign.js'
import { ZONE } from '../content/lines.js'

/** Nothing that nobody asked for arrives between these hours of the wall clock (domain rule: 22–7). */
export const QUIET = { from: 22, to: 7 }

/** A warning that could not be sent this long after its time is not sent any more: yesterday's ice is no news. */
export const LATE_MS = 24 * 3_600_000

/** Longest run of a repeated warning: a weekly one through a whole year. */
export const MOST_OCCURRENCES = 60

const STEP = { weekly: 'weeks', monthly: 'months', yearly: 'years' } as const

const local = (time: string) => DateTime.fromISO(time, { zone: ZONE })

/** Whether this is a time of the calendar: 2027-02-29T10:00 is none. */
export const isRealTime = (time: string): boolean => local(time).isValid

/**
 * Every time a warning is sent, oldest first. A month or a year that lacks the day takes its last day (31 January →
 * 28 February → 31 March), counted from the start so that nothing drifts. One more than allowed means: too many.
 */
export function occurrences({ start, repeat, until }: Schedule): Date[] {
  const first = local(start)
  if (repeat === 'once') return [first.toJSDate()]
  const end = local(`${until ?? start.slice(0, 10)}T23:59`)
  const times: Date[] = []
  for (let i = 0; i <= MOST_OCCURRENCES; i++) {
    const next = first.plus({ [STEP[repeat]]: i })
    if (next > end) break
    times.push(next.toJSDate())
  }
  return times
}

/** The first time after `after`, or null. */
export function nextOccurrence(schedule: Schedule, after: Date): Date | null {
  return occurrences(schedule).find((time) => time > after) ?? null
}

/** Whether the wall clock shows a quiet hour: from 22:00 on, up to 06:59:59. */
export function isQuiet(at: Date): boolean {
  const { hour } = DateTime.fromJSDate(at, { zone: ZONE })
  return hour >= QUIET.from || hour < QUIET.to
}

/** 07:00 after a quiet moment. */
export function morningAfter(at: Date): Date {
  const now = DateTime.fromJSDate(at, { zone: ZONE })
  const day = now.hour >= QUIET.from ? now.plus({ days: 1 }) : now
  return day.set({ hour: QUIET.to, minute: 0, second: 0, millisecond: 0 }).toJSDate()
}

/** Midnight at the start of the day of `at`. */
export function startOfDay(at: Date): Date {
  return DateTime.fromJSDate(at, { zone: ZONE }).startOf('day').toJSDate()
}
