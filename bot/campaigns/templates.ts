import { DateTime } from 'luxon'
import type { WarningView } from '../../shared/api/campaigns.js'
import type { Warning } from '../../shared/campaign.js'
import type { Content } from '../content/content.js'
import { ZONE } from '../content/lines.js'

/** The templates of the calendar, what is next to be sent first, alerts last. */
export function templatesAt(
  { warnings }: Pick<Content, 'warnings'>,
  now: Date,
  topic?: string,
): WarningView[] {
  const today = DateTime.fromJSDate(now, { zone: ZONE }).startOf('day')
  return warnings
    .filter((warning) => !topic || warning.topic === topic)
    .map((warning) => ({
      id: `${warning.topic}/${warning.id}`,
      topic: warning.topic,
      title: warning.title,
      audience: warning.audience,
      text: warning.text,
      next: nextDay(warning, today)?.toISODate() ?? null,
      note: warning.when.note ?? null,
      source: warning.source,
      unverified: warning.unverified ?? null,
      reviewed: warning.reviewed,
    }))
    .sort((a, b) => (a.next ?? '9999').localeCompare(b.next ?? '9999'))
}

/**
 * The next day a template is to be sent: one of its days before the season begins; today, when they have passed and the
 * season is ahead or lasts. 02-29 is taken as the last day of February.
 */
function nextDay({ when }: Warning, today: DateTime): DateTime | null {
  if (when.onAlert) return null
  const candidates = [-1, 0, 1, 2].flatMap((ahead) => {
    const from = dayOf(when.from, today.year + ahead)
    const to = dayOf(when.to, today.year + ahead + (when.to < when.from ? 1 : 0))
    const days = when.daysBefore.map((days) => from.minus({ days }))
    const coming = days.filter((day) => day >= today)
    const lasts = from <= today && today <= to
    const missed = coming.length === 0 && today <= to
    return lasts || missed ? [...coming, today] : coming
  })
  return candidates.sort((a, b) => a.toMillis() - b.toMillis())[0] ?? null
}

function dayOf(monthDay: string, year: number): DateTime {
  const [month = 1, day = 1] = monthDay.split('-').map(Number)
  const first = DateTime.fromObject({ year, month, day: 1 }, { zone: ZONE })
  return first.set({ day: Math.min(day, first.daysInMonth ?? 28) })
}
