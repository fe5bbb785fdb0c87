import { z } from 'zod'

/** Longest warning in one language, in characters: read on a phone, in passing. */
export const PUSH_MAX = 180

export const TopicId = z.string().regex(/^[a-z]{2,20}$/, '编号是一个小写的词')

/** What one can subscribe to: intents/topics.yml. */
export const Topic = z.strictObject({
  id: TopicId,
  /** Also the button, and what a warning opens with: 禁毒提醒. */
  title: z.string().trim().min(2).max(12),
  /** One line: what one gets. */
  gets: z.string().trim().min(4).max(60),
  /** What people call it: 订阅「防溺水」提醒. */
  names: z.array(z.string().trim().min(1).max(8)).min(1),
  /** Smallest age its content is meant for; absent = for everyone. */
  minAge: z.number().int().min(6).max(18).optional(),
  /** Intents whose answer may offer it: ids, or a group such as drug. */
  near: z.array(z.string().regex(/^[a-z]+\.(?:[a-z_]+)?$/)).default([]),
  /** The question that is answered with 要, and the version of its words that a consent names. */
  consent: z.strictObject({
    version: z.string().regex(/^\d{4}-\d{2}-\d{2}(?:-\d+)?$/, '版本写成改字的那天，如 2026-11-26'),
    text: z.string().trim().min(20).max(PUSH_MAX),
  }),
})
export type Topic = z.infer<typeof Topic>

export const TopicFile = z.strictObject({ about: z.string().min(1), topics: z.array(Topic).min(1).max(8) })
export type TopicFile = z.infer<typeof TopicFile>

/** What a person agreed to: a topic, in one version of the question; `parent`: asked and answered as a parent. */
export interface Consent {
  topic: string
  wording: string
  parent: boolean
}

/** `parents`: only those who subscribed as a parent. */
export const Audience = z.enum(['everyone', 'parents'])
export type Audience = z.infer<typeof Audience>

/** The words per language. Mongolian is written by human translators alone; where it is, it stands below the Chinese. */
export const PushText = z.strictObject({
  zh: z.string().trim().min(10).max(PUSH_MAX),
  mn: z.string().trim().min(1).max(PUSH_MAX).nullable().default(null),
})
export type PushText = z.infer<typeof PushText>

const MonthDay = z.string().regex(/^(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, '日子写成 月-日，如 06-26')

/** A warning of the yearly calendar as a template. */
export const Warning = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{2,39}$/),
  title: z.string().trim().min(2).max(30),
  audience: Audience.default('everyone'),
  when: z.strictObject({
    from: MonthDay,
    to: MonthDay,
    /** How many days before `from` it is sent. */
    daysBefore: z.array(z.number().int().min(0).max(60)).default([0]),
    /** Sent when an alert is out, not by its date. */
    onAlert: z.boolean().default(false),
    /** What the dates do not say: a feast that moves, leagues that differ. */
    note: z.string().max(80).optional(),
  }),
  text: PushText,
  /** Where the facts come from. */
  source: z.string().trim().min(4).max(120),
  /** A fact in it, or its dates, that nobody has verified: shown to who writes and who approves. */
  unverified: z.string().max(80).optional(),
  /** Who read it, when, until when that holds. Null: nobody yet, and the console says so. */
  reviewed: z
    .strictObject({ on: z.iso.date(), by: z.string().min(1), expires: z.iso.date() })
    .nullable()
    .default(null),
})
export type Warning = z.infer<typeof Warning>

export const WarningFile = z.strictObject({
  about: z.string().min(1),
  topic: TopicId,
  warnings: z.array(Warning).min(1),
})
export type WarningFile = z.infer<typeof WarningFile>

/**
 * Why somebody does not get a warning. `protected` never says which: danger lately, a human now, or waiting for one;
 * `several` stands for all reasons together where few are protected.
 */
export const SkipReason = z.enum([
  'opted-out',
  'not-parent',
  'channel',
  'closed',
  'protected',
  'often',
  'late',
  'stopped',
  'changed',
  'gone',
  'several',
])
export type SkipReason = z.infer<typeof SkipReason>

export const FailReason = z.enum(['unreadable', 'gave-up', 'refused', 'undelivered'])
export type FailReason = z.infer<typeof FailReason>

export const DeliveryOutcome = z.enum(['planned', 'sent', 'skipped', 'failed'])
export type DeliveryOutcome = z.infer<typeof DeliveryOutcome>

export const CampaignState = z.enum([
  'draft',
  'submitted',
  'approved',
  'running',
  'paused',
  'done',
  'stopped',
])
export type CampaignState = z.infer<typeof CampaignState>

/** Wall-clock time in Asia/Shanghai. */
export const LocalTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d$/, '时间写成 2026-12-01T10:00')

/** When it is sent. A month or a year that lacks the day takes its last day. */
export const Schedule = z.strictObject({
  start: LocalTime,
  repeat: z.enum(['once', 'weekly', 'monthly', 'yearly']).default('once'),
  /** Last day it may be sent, when repeated. */
  until: z.iso.date().nullable().default(null),
})
export type Schedule = z.infer<typeof Schedule>

/** What one writes: everything else follows from it. */
export const CampaignDraft = z.strictObject({
  topic: TopicId,
  text: PushText,
  audience: Audience.default('everyone'),
  schedule: Schedule,
  channels: z.array(z.string().min(1).max(20)).min(1).max(10),
  /** The template it began with. */
  template: z.string().max(64).nullable().default(null),
})
export type CampaignDraft = z.infer<typeof CampaignDraft>

const By = z.object({ id: z.string(), workName: z.string() })

export const CampaignStep = z.enum([
  'created',
  'edited',
  'submitted',
  'returned',
  'approved',
  'paused',
  'resumed',
  'stopped',
])
export type CampaignStep = z.infer<typeof CampaignStep>

/** What happened to the deliveries of one occurrence. */
export const Tally = z.object({
  occurrence: z.iso.datetime(),
  planned: z.number().int(),
  /** Of the planned: put off to the morning by the quiet hours. */
  deferred: z.number().int(),
  sent: z.number().int(),
  skipped: z.partialRecord(SkipReason, z.number().int()),
  failed: z.partialRecord(FailReason, z.number().int()),
})
export type Tally = z.infer<typeof Tally>

export const Campaign = CampaignDraft.extend({
  id: z.string(),
  state: CampaignState,
  /** Counts edits: what is approved is one version, and no other. */
  version: z.number().int(),
  author: By,
  editor: By,
  approver: By.nullable(),
  /** The next time it is sent, or null when there is none. */
  nextAt: z.iso.datetime().nullable(),
  occurrences: z.array(z.iso.datetime()),
  history: z.array(
    z.object({ at: z.iso.datetime(), by: By, did: CampaignStep, note: z.string().nullable() }),
  ),
  createdAt: z.iso.datetime(),
})
export type Campaign = z.infer<typeof Campaign>

/** A note when a campaign is returned to its author. */
export const NOTE_MAX = 200

/** What whoever approves should know: `about` is the number, the template's title, or the open fact. */
export const Caution = z.object({
  code: z.enum([
    'number-unverified',
    'number-closed',
    'facts-unverified',
    'template-unread',
    'template-changed',
  ]),
  about: z.string(),
})
export type Caution = z.infer<typeof Caution>

/** Who would get it now, what each sees, and when. */
export const Preview = z.object({
  subscribed: z.number().int(),
  willGet: z.number().int(),
  skipped: z.partialRecord(SkipReason, z.number().int()),
  text: z.string(),
  times: z.array(z.iso.datetime()),
  cautions: z.array(Caution),
})
export type Preview = z.infer<typeof Preview>
