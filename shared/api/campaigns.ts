import { z } from 'zod'
import {
  Audience,
  Campaign,
  CampaignDraft,
  CampaignState,
  NOTE_MAX,
  Preview,
  Tally,
  TopicId,
} from '../campaign.js'
import { listOf, ListQuery, routes } from './route.js'

const WRITERS = ['campaigner'] as const
/** May approve, pause and stop what others wrote. */
const DECIDERS = ['campaigner', 'supervisor', 'administrator'] as const

/** The version one saw: a decision about another one is refused (409 campaign.changed). */
const Seen = z.strictObject({ version: z.number().int().min(1) })

/** A topic of subscriptions, with how many have it. */
export const TopicView = z.object({
  id: z.string(),
  title: z.string(),
  gets: z.string(),
  minAge: z.number().int().nullable(),
  subscribed: z.number().int(),
})
export type TopicView = z.infer<typeof TopicView>

/** A template of the calendar, with the day it is next to be thought of. */
export const WarningView = z.object({
  /** topic/name. */
  id: z.string(),
  topic: z.string(),
  title: z.string(),
  audience: Audience,
  text: z.object({ zh: z.string(), mn: z.string().nullable() }),
  /** The day it is next to be sent; null for those that wait for an alert. */
  next: z.iso.date().nullable(),
  note: z.string().nullable(),
  source: z.string(),
  unverified: z.string().nullable(),
  reviewed: z.object({ on: z.string(), by: z.string(), expires: z.string() }).nullable(),
})
export type WarningView = z.infer<typeof WarningView>

/** Everything the form of a warning offers to choose from. */
export const CampaignChoices = z.object({
  topics: z.array(TopicView),
  /** Channels of this installation. */
  channels: z.array(z.string()),
  /** Lines a warning may name, as `{{hotline.…}}`. */
  lines: z.array(z.object({ number: z.string(), name: z.string() })),
  /** Under every warning. */
  howToStop: z.string(),
})
export type CampaignChoices = z.infer<typeof CampaignChoices>

/** Warnings: written by one, approved by another, sent by the clock. */
export const campaignRoutes = routes({
  'campaigns.choices': {
    method: 'get',
    path: '/campaign-choices',
    roles: DECIDERS,
    summary: 'Topics with their numbers of subscribers, channels, lines: what the form of a warning offers',
    reply: CampaignChoices,
  },
  'warnings.list': {
    method: 'get',
    path: '/warnings',
    roles: DECIDERS,
    summary: 'Templates of the yearly calendar, what is next to be sent first',
    query: ListQuery.extend({ topic: TopicId.optional() }),
    reply: listOf(WarningView),
  },
  'campaigns.list': {
    method: 'get',
    path: '/campaigns',
    roles: DECIDERS,
    summary: 'Warnings, what is due next first, what is over last',
    query: ListQuery.extend({ state: CampaignState.optional(), topic: TopicId.optional() }),
    reply: listOf(Campaign),
  },
  'campaigns.one': {
    method: 'get',
    path: '/campaigns/:id',
    roles: DECIDERS,
    summary: 'One warning',
    reply: Campaign,
  },
  'campaigns.create': {
    method: 'post',
    path: '/campaigns',
    roles: WRITERS,
    summary: 'Write a warning; its words, its one number and its times are checked (422 campaign.…)',
    body: CampaignDraft,
    reply: Campaign,
  },
  'campaigns.update': {
    method: 'put',
    path: '/campaigns/:id',
    roles: WRITERS,
    summary: 'Change a warning that is not being sent: an approval is taken back',
    body: CampaignDraft.extend(Seen.shape),
    reply: Campaign,
  },
  'campaigns.submit': {
    method: 'post',
    path: '/campaigns/:id/submit',
    roles: WRITERS,
    summary: 'Ask a second person to approve',
    body: Seen,
    reply: Campaign,
  },
  'campaigns.approve': {
    method: 'post',
    path: '/campaigns/:id/approve',
    roles: DECIDERS,
    summary: 'Approve: neither its author nor its last editor may (403 campaign.own)',
    body: Seen,
    reply: Campaign,
  },
  'campaigns.return': {
    method: 'post',
    path: '/campaigns/:id/return',
    roles: DECIDERS,
    summary: 'Give back to the author, with what is to be changed',
    body: Seen.extend({ note: z.string().trim().min(1, '写一句要改什么').max(NOTE_MAX) }),
    reply: Campaign,
  },
  'campaigns.pause': {
    method: 'post',
    path: '/campaigns/:id/pause',
    roles: DECIDERS,
    summary: 'Pause, also in the middle of sending',
    body: Seen,
    reply: Campaign,
  },
  'campaigns.resume': {
    method: 'post',
    path: '/campaigns/:id/resume',
    roles: DECIDERS,
    summary: 'Go on where it stood; what is a day late is not sent any more',
    body: Seen,
    reply: Campaign,
  },
  'campaigns.stop': {
    method: 'post',
    path: '/campaigns/:id/stop',
    roles: DECIDERS,
    summary: 'Stop for good; the record stays',
    body: Seen,
    reply: Campaign,
  },
  'campaigns.preview': {
    method: 'get',
    path: '/campaigns/:id/preview',
    roles: DECIDERS,
    summary: 'How many would get it now, how many not and why, what each sees, when, and what to mind',
    reply: Preview,
  },
  'campaigns.report': {
    method: 'get',
    path: '/campaigns/:id/report',
    roles: DECIDERS,
    summary: 'What became of each time it was sent, counted',
    reply: z.object({ items: z.array(Tally) }),
  },
})
