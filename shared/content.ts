import { z } from 'zod'
import { Intent, IntentId, Review } from './intent.js'
import { Bubble } from './message.js'
import { DangerKind, RiskKind, RiskLevel } from './risk.js'

/** The groups of topics, by the first part of their id. */
export const GROUPS = {
  sch: '学校',
  fam: '家庭',
  mh: '心理',
  net: '网络',
  safety: '安全',
  jus: '司法',
  drug: '毒品',
  hiv: '艾滋病',
  sex: '性',
  work: '打工',
  money: '借贷',
  rights: '权利',
  svc: '关于本服务',
  chat: '打招呼一类',
} as const

/** sha256 of a text: who saves names the text that was read. */
export const TextHash = z.string().regex(/^[0-9a-f]{64}$/)

/** A mistake, at its field as in `answers.0.first.text`; `due`: it stops nothing. */
export const ContentFault = z.object({
  path: z.string(),
  at: z.string(),
  what: z.string(),
  due: z.literal(true).optional(),
})
export type ContentFault = z.infer<typeof ContentFault>

/** `signed`: under a review of these words; `expiring`: for 30 days more at most; `lapsed`: the review has run out. */
export const Signed = z.enum(['signed', 'expiring', 'lapsed', 'unsigned'])
export type Signed = z.infer<typeof Signed>

const Standing = z.object({
  signed: Signed,
  /** Last day of the longest review. */
  until: z.iso.date().nullable(),
  /** Written otherwise than the live release says it. */
  changed: z.boolean(),
  /** Changed in its file too: somebody must choose. */
  conflict: z.boolean(),
})

export const IntentRow = Standing.extend({
  id: IntentId,
  title: z.string(),
  group: z.string(),
  risk: RiskLevel,
  danger: DangerKind.nullable(),
  utterances: z.number().int(),
  test: z.number().int(),
  answers: z.number().int(),
  citations: z.number().int(),
  /** Layers with a fact nobody has verified. */
  unverified: z.number().int(),
})
export type IntentRow = z.infer<typeof IntentRow>

export const IntentDraft = Standing.extend({
  id: IntentId,
  hash: TextHash,
  intent: Intent,
  /** What a reviewer signs now. */
  answersHash: TextHash,
  faults: z.array(ContentFault),
})
export type IntentDraft = z.infer<typeof IntentDraft>

/** As it comes from the form: what is wrong is said at its field, so nothing is refused here. */
export const IntentForm = z.record(z.string(), z.unknown())

export const ContentChange = z.object({
  at: z.iso.datetime(),
  by: z.object({ id: z.string(), workName: z.string() }),
  verb: z.string(),
  fields: z.array(z.string()),
  /** The text before it. */
  was: z.string(),
})
export type ContentChange = z.infer<typeof ContentChange>

/** A signature under words: whose, of which profession, until when. */
export const Signature = z.strictObject({
  role: Review.shape.role,
  name: z.string().trim().min(1).max(30),
  expires: z.iso.date(),
})
export type Signature = z.infer<typeof Signature>

export const Wording = Standing.extend({
  /** `file.key`. */
  id: z.string(),
  file: z.string(),
  text: z.string(),
  buttons: z.array(z.string()),
  reviews: z.array(Review),
  hash: TextHash,
})
export type Wording = z.infer<typeof Wording>

export const Conflict = z.object({
  path: z.string(),
  hash: TextHash,
  console: z.string(),
  /** Null: the file is gone. */
  file: z.string().nullable(),
})
export type Conflict = z.infer<typeof Conflict>

export const StatuteRow = z.object({
  name: z.string(),
  aliases: z.array(z.string()),
  title: z.string(),
  version: z.iso.date(),
  effective: z.iso.date(),
  /** Articles run from 第一条 to this number; `sub` names the inserted ones. */
  articles: z.number().int(),
  sub: z.array(z.string()),
})
export type StatuteRow = z.infer<typeof StatuteRow>

/** What a stranger would be told. */
export const Told = z.object({
  intent: z.object({ id: z.string(), title: z.string() }).nullable(),
  confidence: z.number(),
  alternatives: z.array(z.object({ id: z.string(), title: z.string(), confidence: z.number() })),
  risk: z.object({ level: RiskLevel, kinds: z.array(RiskKind), score: z.number() }),
  escalate: z.boolean(),
  bubbles: z.array(Bubble),
})
export type Told = z.infer<typeof Told>

export const Trial = z.object({
  live: Told,
  draft: Told,
  /** Whether the draft is recognised by a model that learnt it; else only its words are the draft's. */
  learnt: z.boolean(),
})
export type Trial = z.infer<typeof Trial>
