import chineseDays from 'chinese-days'
import { DateTime } from 'luxon'
import type { Hotline } from '../../shared/hotline.js'
import type { LineView } from '../../shared/message.js'

/** Where the hotline lives: every clock on the wall in this project. */
export const ZONE = 'Asia/Shanghai'

/** The day there, YYYY-MM-DD: what decides which law is in force. */
export const dayOf = (at: Date): string => DateTime.fromJSDate(at, { zone: ZONE }).toISODate() as string

export type DayKind = 'workday' | 'restday' | 'holiday'

const AMBULANCE = '120'

const SOLAR = new Set(['01-01', '05-01', '05-02', '10-01', '10-02', '10-03'])
const LUNAR = new Set(['除夕', '春节', '端午节', '中秋节'])

/**
 * Workday (make-up workdays too), restday, or statutory holiday (全国年节及纪念日放假办法, 2024). Years whose
 * arrangement the calendar package does not have yet are told by weekday, fixed dates and the lunar calendar.
 */
export function dayKind(day: DateTime): DayKind {
  const iso = day.toFormat('yyyy-MM-dd')
  const { name, work } = chineseDays.getDayDetail(iso)
  const arranged = name.includes(',')
  if (arranged) return work ? 'workday' : 'holiday'
  if (SOLAR.has(iso.slice(5)) || isLunarHoliday(day)) return 'holiday'
  return day.weekday > 5 ? 'restday' : 'workday'
}

function isLunarHoliday(day: DateTime): boolean {
  const names = (ago: number) => {
    const iso = day.minus({ days: ago }).toFormat('yyyy-MM-dd')
    return chineseDays.getLunarFestivals(iso, iso).flatMap((found) => found.name)
  }
  const iso = day.toFormat('yyyy-MM-dd')
  const qingming = chineseDays.getSolarTerms(iso, iso).some((term) => term.name === '清明')
  // The second and third day of the Spring Festival have no name of their own.
  return (
    qingming ||
    names(0).some((name) => LUNAR.has(name)) ||
    names(1).includes('春节') ||
    names(2).includes('春节')
  )
}

/** The lines of a region as they stand at `at`: those open first, emergency lines before all. */
export function linesAt(hotlines: readonly Hotline[], at: Date, region: string): LineView[] {
  const now = DateTime.fromJSDate(at, { zone: ZONE })
  const kind = dayKind(now)
  const views = hotlines
    .filter((line) => line.region === '全国' || line.region === region)
    .map((line) => ({ line, view: viewOf(line, now, kind) }))
  const rank = { open: 0, likely: 1, closed: 2 }
  views.sort(
    (a, b) => Number(b.line.emergency) - Number(a.line.emergency) || rank[a.view.state] - rank[b.view.state],
  )
  return views.map(({ view }) => view)
}

/** The lines that answer now and take this kind of danger: what a reply to danger may name. */
export function dangerLines(
  hotlines: readonly Hotline[],
  kinds: readonly string[],
  at: Date,
  region: string,
): LineView[] {
  const taking = hotlines.filter((line) => line.emergency || line.danger.some((kind) => kinds.includes(kind)))
  const lines = linesAt(taking, at, region).filter((line) => line.state !== 'closed')
  // A body in danger needs the ambulance before the police.
  const body = kinds.includes('attempt') || kinds.includes('medical')
  return body ? lines.sort((a, b) => Number(b.number === AMBULANCE) - Number(a.number === AMBULANCE)) : lines
}

function viewOf(line: Hotline, now: DateTime, kind: DayKind): LineView {
  const clock = now.toFormat('HH:mm')
  const within = line.hours[kind].some(({ from, to }) => from <= clock && clock < to)
  const today = now.toISODate() as string
  const trusted = line.verified !== null && line.verified.on <= today && today < line.verified.expires
  const state = !within ? 'closed' : trusted ? 'open' : 'likely'
  const { number, name, purpose, contact } = line
  return { number, name, purpose, contact, state, hours: hoursText(line) }
}

function hoursText({ hours }: Hotline): string {
  const span = (list: Hotline['hours']['workday']) => list.map(({ from, to }) => `${from}–${to}`).join('、')
  const [work, rest, holiday] = [span(hours.workday), span(hours.restday), span(hours.holiday)]
  if (work === '00:00–24:00' && rest === work && holiday === work) return '全天'
  if (work && work === rest && rest === holiday) return `每天 ${work}`
  const parts = [work && `工作日 ${work}`, rest && `周末 ${rest}`, holiday && `节假日 ${holiday}`]
  return parts.filter(Boolean).join('，') || '暂停'
}
