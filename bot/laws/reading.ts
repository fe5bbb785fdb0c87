import type { ArticleView, StatuteSummary } from '../../shared/law.js'
import type { Library } from './library.js'
import { articleFrom, chapterOf, findVersion, inForce, summaries, viewArticle } from './view.js'

/** What the public pages and the chat show, always from the newest library. Null: there is no such thing. */
export function lawReading(library: () => Library, today: () => string) {
  const find = (statute: string, version?: string) =>
    findVersion(library(), statute, { day: today(), version })
  return {
    statutes: (): StatuteSummary[] => summaries(library(), today()),

    /** An article in the version in force today, or the one named, and the articles around it. */
    article(
      statute: string,
      number: string,
      version?: string,
    ): { article: ArticleView; chapter: ArticleView[] } | null {
      const law = find(statute, version)
      const name = articleFrom(number)
      const article = law && name ? viewArticle(law, name, today()) : null
      return law && article ? { article, chapter: chapterOf(law, article.article, today()) } : null
    },

    /** A whole version. */
    statute(statute: string, version?: string) {
      const law = find(statute, version)
      return law && { ...law, inForce: inForce(law, today()) }
    },
  }
}
export type LawReading = ReturnType<typeof lawReading>
