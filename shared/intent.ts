import { z } from 'zod'
import { DangerKind, RiskLevel } from './risk.js'

/** Longest first bubble, in characters (safe-messaging practice: an urgent answer is read on a phone, in fear). */
export const FIRST_MAX = 180
export const MORE_MAX = 360
export const HELP_MAX = 240

export const IntentId = z
  .string()
  .regex(/^[a-z]+\.[a-z_]+$/, '编号要写成 分组.名字，都用小写字母，如 sch.bully_victim')

/** 第三十九条, 第二百三十六条之一 … as the statutes print them. */
export const ArticleNumber = z
  .string()
  .regex(/^第[一二三四五六七八九十百千零]+条(之[一二三四五六七八九十]+)?$/, '条号照原文写，如 第三十九条')

export const Citation = z.strictObject({
  /** Short name of the statute as in intents/laws/articles.yml, e.g. 未成年人保护法. */
  law: z.string().min(2),
  article: ArticleNumber,
  /** The paragraph (款) that matters, counted from 1; without it the one that `plain` retells is looked for. */
  paragraph: z.number().int().positive().optional(),
  /** What the article means for the reader, in our own plain words. */
  plain: z.string().trim().min(4).max(80),
})
export type Citation = z.infer<typeof Citation>

export const Reader = z.enum(['young', 'parent', 'friend', 'adult'])
export type Reader = z.infer<typeof Reader>

const layer = (max: number) =>
  z.strictObject({
    /** At most two bubbles, an empty line between them. `{{hotline.12355}}` becomes the line's number and name. */
    text: z.string().trim().min(1).max(max),
    citations: z.array(Citation).max(4).default([]),
    /** A fact here that nobody has verified: the layer is not published until a reviewer has signed it. */
    unverified: z.string().optional(),
  })

export const Answer = z.strictObject({
  reader: Reader.default('young'),
  /** The first bubble: one next step. */
  first: layer(FIRST_MAX),
  /** Steps, evidence, deadlines, what will happen. */
  more: layer(MORE_MAX).optional(),
  /** Who helps. */
  help: layer(HELP_MAX).optional(),
})
export type Answer = z.infer<typeof Answer>
export type LayerName = 'first' | 'more' | 'help'

export const IntentButton = z.strictObject({
  label: z.string().trim().min(1).max(12),
  /** `more`, `help`, `human`, or the id of another intent. */
  to: z.union([z.enum(['more', 'help', 'human']), IntentId]),
})
export type IntentButton = z.infer<typeof IntentButton>

/** Whose signature stands under an answer. */
export const Review = z.strictObject({
  role: z.enum(['lawyer', 'counselor', 'doctor', 'editor']),
  name: z.string().min(1),
  date: z.iso.date(),
  expires: z.iso.date(),
  /** sha256 of the signed answers, as `qingan content check` prints it. */
  hash: z.string().regex(/^[0-9a-f]{64}$/, '签字对应的 hash 不对'),
})
export type Review = z.infer<typeof Review>

/** One intent: one YAML file a counselor or a lawyer can read, change and sign. */
export const Intent = z.strictObject({
  id: IntentId,
  title: z.string().trim().min(2).max(40),
  /** The topic's usual risk. The risk of a message is read from the message. */
  risk: RiskLevel,
  /** Who writes of this topic is mostly in, or near, this danger: its utterances teach the risk model too. */
  danger: DangerKind.optional(),
  /** Intents an utterance may rightly share with this one. */
  also: z.array(IntentId).default([]),
  utterances: z.array(z.string().trim().min(1).max(400)).min(12).max(500),
  /** Held-out phrases, written without sight of the utterances; never trained on. */
  test: z.array(z.string().trim().min(1).max(400)).min(4).max(200),
  answers: z.array(Answer).min(1).max(4),
  buttons: z.array(IntentButton).max(4).default([]),
  reviews: z.array(Review).default([]),
})
export type Intent = z.infer<typeof Intent>

/** Words the bot speaks that belong to no topic: intents/system/*.yml, key → wording. */
export const SystemFile = z.strictObject({
  about: z.string().min(1),
  messages: z.record(
    z.string().regex(/^[a-z][a-z-]*(\.[a-z][a-z-]*)*$/),
    z.strictObject({
      text: z.string().trim().min(1).max(MORE_MAX),
      buttons: z.array(z.string().trim().min(1).max(12)).max(4).default([]),
      reviews: z.array(Review).default([]),
    }),
  ),
})
export type SystemFile = z.infer<typeof SystemFile>
