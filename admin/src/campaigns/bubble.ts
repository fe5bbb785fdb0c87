import type { CampaignChoices } from '../../../shared/api/campaigns.js'
import type { PushText } from '../../../shared/campaign.js'

/** The warning as a phone will show it, while it is being written; the server's own preview is shown before it is approved. */
export function bubbleOf(topic: string, { zh, mn }: PushText, choices: CampaignChoices): string {
  const title = choices.topics.find(({ id }) => id === topic)?.title ?? ''
  const filled = [zh, mn ?? ''].filter(Boolean).map((text) => withLines(text, choices.lines))
  return [`【${title}】${filled[0] ?? ''}`, ...filled.slice(1), choices.howToStop].join('\n')
}

const withLines = (text: string, lines: CampaignChoices['lines']): string =>
  text.replace(/\{\{hotline\.(\d+)\}\}/g, (_, number: string) => {
    const line = lines.find((each) => each.number === number)
    return line ? `${line.number} ${line.name}` : number
  })

/** Whether the wall clock of a local time, 2026-12-01T22:00, shows a quiet hour. */
export function isQuietTime(time: string): boolean {
  const hour = Number(time.slice(11, 13))
  return time.length === 16 && (hour >= 22 || hour < 7)
}
