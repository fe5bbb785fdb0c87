import { z } from 'zod'
import { ArticleNumber } from '../../shared/intent.js'
import { readArticleNumber } from './numerals.js'

const date = z.preprocess(
  (value) => (value instanceof Date ? value.toISOString().slice(0, 10) : value),
  z.iso.date(),
)

/** The bare list of statutes: one version each, which articles it has, from when until when it is in force. */
export const StatuteFile = z.strictObject({
  statutes: z
    .array(
      z.strictObject({
        name: z.string().min(2),
        aliases: z.array(z.string()).default([]),
        title: z.string(),
        version: date,
        effective: date,
        /** First day on which it is no longer in force. */
        until: date.optional(),
        /** Articles run from 第一条 to this number. */
        articles: z.number().int().positive(),
        /** The inserted ones: 第一百二十条之一 … */
        sub: z.array(ArticleNumber).default([]),
      }),
    )
    .min(1),
})
export type StatuteFile = z.infer<typeof StatuteFile>
export type Statute = StatuteFile['statutes'][number] & {
  /** Exactly these articles, where the text has been imported. */
  has?: ReadonlySet<string>
}

/** The version of a statute in force on `day` (YYYY-MM-DD) that has this article, or why there is none. */
export function resolveCitation(
  statutes: readonly Statute[],
  citation: { law: string; article: string },
  day: string,
): { statute: Statute } | { fault: 'no such statute' | 'not in force' | 'no such article' } {
  const named = statutes.filter(
    ({ name, aliases }) => name === citation.law || aliases.includes(citation.law),
  )
  if (named.length === 0) return { fault: 'no such statute' }
  const statute = named.find(({ effective, until }) => effective <= day && (!until || day < until))
  if (!statute) return { fault: 'not in force' }
  return hasArticle(statute, citation.article) ? { statute } : { fault: 'no such article' }
}

function hasArticle({ has, sub, articles }: Statute, article: string): boolean {
  if (has) return has.has(article)
  const number = readArticleNumber(article)
  if (!number) return false
  return number[1] ? sub.includes(article) : number[0] <= articles
}
