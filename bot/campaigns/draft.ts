import type { CampaignDraft, Caution } from '../../shared/campaign.js'
import { pushFaults } from '../content/check-warnings.js'
import type { Content } from '../content/content.js'
import { linesAt } from '../content/lines.js'
import { numbersIn } from '../content/numbers.js'
import { AppError } from '../errors.js'
import { isQuiet, isRealTime, MOST_OCCURRENCES, occurrences } from './schedule.js'

/** What a draft is checked against. */
export interface DraftHouse {
  content: () => Content
  /** Channels this installation has. */
  channels: () => readonly string[]
  region: string
}

/** Refuses a draft that could not be sent as it stands: words, number, channels, times. Throws `campaign.…`. */
export function checkDraft(draft: CampaignDraft, house: DraftHouse): void {
  const content = house.content()
  if (!content.topics.some(({ id }) => id === draft.topic)) throw new AppError('campaign.topic')
  const faults = pushFaults(draft.text, content)
  if (faults.length) throw new AppError('campaign.wording', { tell: { why: faults.join('；'), faults } })
  const unknown = draft.channels.find((channel) => !house.channels().includes(channel))
  if (unknown) throw new AppError('campaign.channel', { tell: { channel: unknown } })
  checkSchedule(draft.schedule)
}

function checkSchedule(schedule: CampaignDraft['schedule']): void {
  const { start, repeat, until } = schedule
  if (!isRealTime(start)) throw new AppError('campaign.time', { tell: { time: start.replace('T', ' ') } })
  if (repeat !== 'once' && (until === null || until < start.slice(0, 10)))
    throw new AppError('campaign.until')
  const times = occurrences(schedule)
  if (times.length > MOST_OCCURRENCES)
    throw new AppError('campaign.too-many', { tell: { most: MOST_OCCURRENCES } })
  if (times.some(isQuiet)) throw new AppError('campaign.quiet')
}

/** What whoever approves should know: nobody has verified the number, it is closed at that hour, the template has open facts. */
export function cautionsOf(draft: CampaignDraft, { content, region }: DraftHouse): Caution[] {
  const { hotlines, warnings } = content()
  const at = occurrences(draft.schedule)[0]
  const numbers = numbersIn(draft.text.zh)
  const lines = at ? linesAt(hotlines, at, region) : []
  const template = warnings.find(({ topic, id }) => `${topic}/${id}` === draft.template)
  return [
    ...numbers.flatMap((number): Caution[] => {
      const state = lines.find((line) => line.number === number)?.state
      if (state === 'closed') return [{ code: 'number-closed', about: number }]
      return state === 'likely' ? [{ code: 'number-unverified', about: number }] : []
    }),
    ...(template?.unverified ? [{ code: 'facts-unverified' as const, about: template.unverified }] : []),
    ...(template && template.reviewed === null
      ? [{ code: 'template-unread' as const, about: template.title }]
      : []),
    ...(template && template.text.zh !== draft.text.zh
      ? [{ code: 'template-changed' as const, about: template.title }]
      : []),
  ]
}
