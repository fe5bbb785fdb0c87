import type { ArticleView, LawArticle, Paragraph, StatuteSummary } from '../../shared/law.js'
import { bigrams } from '../text/ngrams.js'
import { normalise } from '../text/normalise.js'
import {
  articleAddress,
  articleOf,
  statuteCode,
  versionOf,
  type Library,
  type ShelvedVersion,
} from './library.js'
import { articleNumber } from './numerals.js'

/** What is needed of `plain` in a paragraph, as a share of its character pairs, before the paragraph is marked. */
const ENOUGH = 0.18
/** How much better than the next it must fit. */
const CLEAR = 1.25

/** A statute by its short name, an alias, its full title or its code; the version in force on `day`, or the one named. */
export function findVersion(
  library: Library,
  statute: string,
  { day, version }: { day: string; version?: string },
): ShelvedVersion | null {
  const named = library.versions.filter(
    (each) =>
      each.statute === statute ||
      each.title === statute ||
      each.aliases.includes(statute) ||
      statuteCode(each.statute) === statute,
  )
  if (version) return named.find((each) => each.version === version) ?? null
  return named.find((each) => inForce(each, day)) ?? named[0] ?? null
}

export const inForce = ({ effective, ends }: ShelvedVersion, day: string): boolean =>
  effective <= day && (!ends || day < ends)

/** 39, 236-1 or 第三十九条 → 第三十九条; null for anything else. */
export function articleFrom(text: string): string | null {
  const found = /^(\d{1,4})(?:-(\d{1,2}))?$/.exec(text)
  if (!found)
    return /^第[一二三四五六七八九十百千零]+条(?:之[一二三四五六七八九十]+)?$/.test(text) ? text : null
  const [n, sub] = [Number(found[1]), Number(found[2] ?? 0)]
  return n > 0 ? articleNumber(n, sub) : null
}

/** An article as a person reads it. */
export function viewArticle(law: ShelvedVersion, article: string, day: string): ArticleView | null {
  const found = articleOf(law, article)
  return found && view(law, found, day)
}

function view(law: ShelvedVersion, article: LawArticle, day: string): ArticleView {
  const { statute, title, version, effective, ends, source } = law
  return {
    law: statute,
    title,
    article: article.number,
    under: article.under,
    paragraphs: article.paragraphs,
    version,
    effective,
    until: ends,
    inForce: inForce(law, day),
    source,
    path: articleAddress(statute, article.number),
  }
}

/** The articles under the same headings: what to read around one. */
export function chapterOf(law: ShelvedVersion, article: string, day: string): ArticleView[] {
  const under = articleOf(law, article)?.under.join()
  if (under === undefined) return []
  return law.articles.filter((each) => each.under.join() === under).map((each) => view(law, each, day))
}

/** Every version, newest first, for a list. */
export function summaries(library: Library, day: string): StatuteSummary[] {
  return library.versions.map((each) => ({
    statute: each.statute,
    title: each.title,
    code: statuteCode(each.statute),
    version: each.version,
    effective: each.effective,
    until: each.ends,
    inForce: inForce(each, day),
    articles: each.articles.length,
  }))
}

/** Which paragraph a plain line retells, counted from 1; null when it is all of them or none stands out. */
export function markedParagraph(paragraphs: readonly Paragraph[], plain: string): number | null {
  if (paragraphs.length < 2) return null
  const wanted = new Set(bigrams(normalise(plain).text))
  const fits = paragraphs.map(({ text, items }) => {
    const grams = new Set(bigrams(normalise([text, ...items].join('')).text))
    let shared = 0
    for (const gram of wanted) if (grams.has(gram)) shared++
    return shared / (wanted.size || 1)
  })
  const [best = 0, next = 0] = fits.toSorted((a, b) => b - a)
  return best >= ENOUGH && best >= next * CLEAR ? fits.indexOf(best) + 1 : null
}

/** Where a citation's own words can be read, and which paragraph matters; nothing where the text was not imported. */
export function whereToRead(
  library: Library | null,
  statute: string,
  version: string,
  { article, plain, paragraph }: { article: string; plain: string; paragraph?: number },
): { path?: string; paragraph?: number } {
  const found = articleOf(versionOf(library, statute, version), article)
  if (!found) return {}
  const marked = paragraph ?? markedParagraph(found.paragraphs, plain)
  return { path: articleAddress(statute, article), ...(marked ? { paragraph: marked } : {}) }
}
