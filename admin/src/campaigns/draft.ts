import type { WarningView } from '../../../shared/api/campaigns.js'
import type { Campaign, CampaignDraft } from '../../../shared/campaign.js'

/** The form's own state: date and time apart, as people think of them. */
export interface DraftForm extends Omit<CampaignDraft, 'schedule'> {
  date: string
  time: string
  repeat: CampaignDraft['schedule']['repeat']
  until: string
}

export const emptyDraft = (channels: string[]): DraftForm => ({
  topic: '',
  text: { zh: '', mn: null },
  audience: 'everyone',
  date: '',
  time: '10:00',
  repeat: 'once',
  until: '',
  channels,
  template: null,
})

export const draftFrom = ({ schedule, ...campaign }: Campaign): DraftForm => ({
  topic: campaign.topic,
  text: campaign.text,
  audience: campaign.audience,
  channels: campaign.channels,
  template: campaign.template,
  date: schedule.start.slice(0, 10),
  time: schedule.start.slice(11),
  repeat: schedule.repeat,
  until: schedule.until ?? '',
})

/** A template laid over a draft; a day it has is taken, one's own hour stays. */
export const withTemplate = (
  draft: DraftForm,
  { id, topic, text, audience, next }: WarningView,
): DraftForm => ({
  ...draft,
  topic,
  text,
  audience,
  template: id,
  date: next ?? draft.date,
})

export const toDraft = ({ date, time, repeat, until, ...rest }: DraftForm): CampaignDraft => ({
  ...rest,
  schedule: { start: `${date}T${time}`, repeat, until: repeat === 'once' ? null : until || null },
})
