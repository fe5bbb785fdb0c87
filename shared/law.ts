import { z } from 'zod'
import { ArticleNumber, IntentId } from './intent.js'

/** One 款: its words, and its 项 as printed, each with its mark （一）; 目 stand on further lines of their 项. */
export const Paragraph = z.strictObject({ text: z.string(), items: z.array(z.string()) })
export type Paragraph = z.infer<typeof Paragraph>

/** One 条 in its own words. */
export const LawArticle = z.strictObject({
  number: ArticleNumber,
  /** The headings it stands under, outermost first: 第三编 合同, 第一章 一般规定. */
  under: z.array(z.string()),
  paragraphs: z.array(Paragraph).min(1),
})
export type LawArticle = z.infer<typeof LawArticle>

/** One version of a statute, whole. Days are YYYY-MM-DD. */
export const LawVersion = z.strictObject({
  /** Short name by which it is cited: 未成年人保护法. */
  statute: z.string().min(2).max(60),
  aliases: z.array(z.string().min(2).max(60)),
  title: z.string().min(2).max(200),
  /** Day on which this version was passed (通过、修订、修正). */
  version: z.iso.date(),
  /** First day on which it is in force (施行). */
  effective: z.iso.date(),
  /** First day on which it is no longer in force, where that is known (废止); a newer version ends it too. */
  until: z.iso.date().nullable(),
  /** 通过、修订、修正 as the text tells it. */
  history: z.array(z.string()),
  preface: z.array(z.string()),
  articles: z.array(LawArticle),
  /** What is numbered 一、二、 instead of by articles: amendments. */
  clauses: z.array(z.strictObject({ number: z.string(), paragraphs: z.array(Paragraph).min(1) })),
  appendices: z.array(z.strictObject({ title: z.string(), paragraphs: z.array(z.string()) })),
  /** Where the text came from. */
  source: z.string().max(500),
  note: z.string().max(500),
})
export type LawVersion = z.infer<typeof LawVersion>

/** A gap, a repeated number, a number out of order: what makes a text suspect, and where. */
export const Anomaly = z.strictObject({
  kind: z.enum(['gap', 'duplicate', 'order', 'empty', 'count']),
  line: z.number().int().nullable(),
  what: z.string(),
})
export type Anomaly = z.infer<typeof Anomaly>

export const ImportOutcome = z.enum(['new', 'changed', 'same', 'repealed'])

/** What an import did, or would do, with one version of a statute. */
export const ImportedVersion = z.strictObject({
  statute: z.string(),
  version: z.iso.date(),
  effective: z.iso.date(),
  outcome: ImportOutcome,
  articles: z.number().int(),
  /** Numbers of the articles that are new, gone, or read differently than in the version before. */
  difference: z.strictObject({
    added: z.array(z.string()),
    removed: z.array(z.string()),
    changed: z.array(z.string()),
  }),
  anomalies: z.array(Anomaly),
  /** Said for the editor to check, such as a date that had to be inferred. */
  notices: z.array(z.string()),
  path: z.string(),
})
export type ImportedVersion = z.infer<typeof ImportedVersion>

/** A file that cannot be taken over, and why. Line 0 = the file as a whole. */
export const ImportFault = z.strictObject({ path: z.string(), line: z.number().int(), what: z.string() })
export type ImportFault = z.infer<typeof ImportFault>

/** What an import found and did. With faults nothing was changed. */
export const ImportReport = z.strictObject({
  faults: z.array(ImportFault),
  versions: z.array(ImportedVersion),
  /** Files that are no statutes, such as a README. */
  skipped: z.array(z.string()),
  totals: z.strictObject({
    statutes: z.number().int(),
    versions: z.number().int(),
    articles: z.number().int(),
    changed: z.number().int(),
  }),
})
export type ImportReport = z.infer<typeof ImportReport>

/** A reference to an article, or a part of it. Paragraph (款) and item (项) count from 1. */
export const CitationRef = z.strictObject({
  law: z.string(),
  article: ArticleNumber,
  paragraph: z.number().int().positive().optional(),
  item: z.number().int().positive().optional(),
})
export type CitationRef = z.infer<typeof CitationRef>

/** An article as a person reads it. */
export const ArticleView = z.strictObject({
  law: z.string(),
  title: z.string(),
  article: ArticleNumber,
  under: z.array(z.string()),
  paragraphs: z.array(Paragraph),
  version: z.iso.date(),
  effective: z.iso.date(),
  until: z.iso.date().nullable(),
  /** In force on the day asked for. */
  inForce: z.boolean(),
  source: z.string(),
  /** Path of the public page. */
  path: z.string(),
})
export type ArticleView = z.infer<typeof ArticleView>

/** A statute's version for the list. */
export const StatuteSummary = z.strictObject({
  statute: z.string(),
  title: z.string(),
  code: z.string(),
  version: z.iso.date(),
  effective: z.iso.date(),
  until: z.iso.date().nullable(),
  inForce: z.boolean(),
  articles: z.number().int(),
})
export type StatuteSummary = z.infer<typeof StatuteSummary>

/** One article found by a search. */
export const LawHit = z.strictObject({
  law: z.string(),
  article: ArticleNumber,
  under: z.array(z.string()),
  /** The article's own first words. */
  excerpt: z.string(),
  score: z.number(),
  path: z.string(),
})
export type LawHit = z.infer<typeof LawHit>

/** Where a citation stands in the content. */
export const CitedPlace = z.strictObject({
  intent: IntentId,
  reader: z.string(),
  layer: z.string(),
  plain: z.string(),
})
export type CitedPlace = z.infer<typeof CitedPlace>

/** A citation whose law has changed since it was written: not shown until an editor has looked. */
export const LawReview = z.strictObject({
  /** intent|law|article */
  key: z.string(),
  intent: IntentId,
  law: z.string(),
  article: ArticleNumber,
  why: z.enum(['changed', 'gone', 'not in force', 'unknown']),
  places: z.array(CitedPlace),
  before: z.strictObject({ version: z.string(), paragraphs: z.array(Paragraph) }).nullable(),
  after: z.strictObject({ version: z.string(), paragraphs: z.array(Paragraph) }).nullable(),
  /** Where the renumbering map leads, when there is one. */
  successor: ArticleNumber.nullable(),
  /** Hash of the words now in force: what a confirmation signs. Empty where there are none. */
  textHash: z.string(),
})
export type LawReview = z.infer<typeof LawReview>

/** One line of a renumbering map: the article before and the one that took its place, or null. */
export const RenumberedPair = z.strictObject({
  from: ArticleNumber,
  to: ArticleNumber.nullable(),
  /** Likeness of the two, 0..1. */
  likeness: z.number(),
})
export type RenumberedPair = z.infer<typeof RenumberedPair>

/** One line of a comparison: an article before, the one that took its place, or one of them alone. */
export const ComparedPair = z.strictObject({
  from: LawArticle.nullable(),
  to: LawArticle.nullable(),
  likeness: z.number(),
  same: z.boolean(),
})
export type ComparedPair = z.infer<typeof ComparedPair>

/** Which answer cites which article. */
export const CitationPlace = CitedPlace.extend({ law: z.string(), article: ArticleNumber, title: z.string() })
export type CitationPlace = z.infer<typeof CitationPlace>

/** intents/laws/words.yml: how people say it, and how the statutes do. */
export const WordsFile = z.strictObject({
  words: z
    .array(
      z.strictObject({
        say: z.array(z.string().min(1).max(12)).min(1),
        law: z.array(z.string().min(2).max(20)).min(1),
      }),
    )
    .min(1),
})
export type WordsFile = z.infer<typeof WordsFile>
