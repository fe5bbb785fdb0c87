import { z } from 'zod'
import { ArticleNumber } from '../../shared/intent.js'

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
export type Statute = StatuteFile['statutes'][number]

const DIGITS = '零一二三四五六七八九'
const UNITS: Record<string, number> = { 十: 10, 百: 100, 千: 1000 }

/** 一千零七十三 → 1073; 0 when it is no number. */
export function chineseNumber(text: string): number {
  let total = 0
  let digit = 0
  for (const char of text) {
    const value = DIGITS.indexOf(char)
    if (value >= 0) digit = value
    else {
      const unit = UNITS[char]
      if (!unit) return 0
      total += (digit || 1) * unit
      digit = 0
    }
  }
  return total + digit
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

function hasArticle(statute: Statute, article: string): boolean {
  const number = /^第([^条]+)条(之.+)?$/.exec(article)
  if (!number) return false
  if (number[2]) return statute.sub.includes(article)
  const n = chineseNumber(number[1] as string)
  return n >= 1 && n <= statute.articles
}
