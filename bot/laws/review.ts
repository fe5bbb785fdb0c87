import type { CitedPlace, LawArticle, LawReview } from '../../shared/law.js'
import { resolveCitation, type Statute } from './articles.js'
import { articleOf, confirmationKey, knownStatutes, textHash, versionOf, type Library } from './library.js'
import { proposeRenumbering } from './renumbering.js'

/** A citation as an intent's answer has it. */
export interface Cited {
  intent: string
  law: string
  article: string
}

/** Where a citation stands on a day: to be shown under this statute's dates, or held back until an editor has looked. */
export type Standing = { statute: Statute } | { held: LawReview['why'] }

/** What the bare list and the imported texts say together. */
export interface LawBook {
  /** Every version known, imported or listed. */
  statutes: readonly Statute[]
  standing(cited: Cited, day: string): Standing
  /** Every citation that an editor must look at, one for each intent and article. */
  reviews(cited: readonly (Cited & CitedPlace)[], day: string): LawReview[]
}

const books = new WeakMap<readonly Statute[], WeakMap<Library, LawBook>>()
const NOTHING: Library = { versions: [], confirmed: new Set(), maps: [] }

/** The book for this list and these texts; made once for each. */
export function lawBook(bare: readonly Statute[], texts: Library | null): LawBook {
  const library = texts ?? NOTHING
  const known = books.get(bare) ?? new WeakMap<Library, LawBook>()
  books.set(bare, known)
  const book = known.get(library) ?? makeBook(bare, library)
  known.set(library, book)
  return book
}

/**
 * The author of a citation meant the words of the listed version. It is shown as long as the words in force are
 * still the same, or an editor has confirmed the new ones; else it is held back. Without imported texts the bare
 * list alone decides.
 */
function makeBook(bare: readonly Statute[], library: Library): LawBook {
  const statutes = knownStatutes(bare, library)

  const standing = (cited: Cited, day: string): Standing => look(cited, day).standing

  /** The words now in force, and those the author meant, as far as they have been imported. */
  function look(cited: Cited, day: string) {
    const now = resolveCitation(statutes, cited, day)
    const meant = meantVersion(cited, day)
    const before = meant.law ? articleOf(meant.law, cited.article) : null
    const nothing = { after: null, version: null, before, meant: meant.version }
    if ('fault' in now) {
      const why = now.fault === 'not in force' ? 'not in force' : 'gone'
      return { standing: { held: why } as Standing, ...nothing }
    }
    const { name, version } = now.statute
    const after = articleOf(versionOf(library, name, version), cited.article)
    const known = { after, version, before, meant: meant.version }
    // Listed but not imported: the list alone answers for it.
    if (!after) return { standing: { statute: now.statute } as Standing, ...known }
    const hash = textHash(after.paragraphs)
    const same = before !== null && textHash(before.paragraphs) === hash
    if (same || library.confirmed.has(confirmationKey({ ...cited, textHash: hash })))
      return { standing: { statute: now.statute } as Standing, ...known }
    return { standing: { held: before ? 'changed' : 'unknown' } as Standing, ...known }
  }

  /** The version the citation was written for: the listed one of that day, else the first that was imported. */
  function meantVersion({ law, article }: Cited, day: string) {
    const listed = resolveCitation(bare, { law, article }, day)
    if ('statute' in listed) {
      const { name, version } = listed.statute
      return { version, law: versionOf(library, name, version)?.first ?? null }
    }
    const isListed = bare.some(({ name, aliases }) => name === law || aliases.includes(law))
    const shelf = library.versions.filter(({ statute, aliases }) => statute === law || aliases.includes(law))
    const first = isListed ? undefined : shelf.at(-1)
    return { version: first?.version ?? null, law: first?.first ?? null }
  }

  function reviews(cited: readonly (Cited & CitedPlace)[], day: string): LawReview[] {
    const found = new Map<string, LawReview>()
    for (const each of cited) {
      const key = `${each.intent}|${each.law}|${each.article}`
      const place = { intent: each.intent, reader: each.reader, layer: each.layer, plain: each.plain }
      const earlier = found.get(key)
      if (earlier) {
        earlier.places.push(place)
        continue
      }
      const { standing: where, before, after, version, meant } = look(each, day)
      if (!('held' in where)) continue
      const shown = (article: LawArticle | null, of: string | null) =>
        article && of ? { version: of, paragraphs: article.paragraphs } : null
      found.set(key, {
        key,
        intent: each.intent,
        law: each.law,
        article: each.article,
        why: where.held,
        places: [place],
        before: shown(before, meant),
        after: shown(after, version),
        successor: before && meant ? successor(each, meant, day) : null,
        textHash: after ? textHash(after.paragraphs) : '',
      })
    }
    return [...found.values()]
  }

  /** Which article took its place: as an editor has confirmed, else as it looks. Null when it is the same number. */
  function successor({ law, article }: Cited, meant: string, day: string): string | null {
    const now = statutes.find(
      ({ name, aliases, effective, until }) =>
        (name === law || aliases.includes(law)) && effective <= day && (!until || day < until),
    )
    if (!now) return null
    const confirmed = library.maps.find(
      ({ statute, from, to }) => statute === now.name && from === meant && to === now.version,
    )
    const [from, to] = [versionOf(library, now.name, meant)?.first, versionOf(library, now.name, now.version)]
    const pairs = confirmed?.pairs ?? (from && to ? mapOf(from, to) : [])
    const next = pairs.find((pair) => pair.from === article)?.to ?? null
    return next === article ? null : next
  }

  return { statutes, standing, reviews }
}

const maps = new WeakMap<object, WeakMap<object, ReturnType<typeof proposeRenumbering>>>()

/** Proposing a map compares every pair of articles: once for each two versions. */
function mapOf(from: Parameters<typeof proposeRenumbering>[0], to: typeof from) {
  const known = maps.get(from) ?? new WeakMap<object, ReturnType<typeof proposeRenumbering>>()
  maps.set(from, known)
  const map = known.get(to) ?? proposeRenumbering(from, to)
  known.set(to, map)
  return map
}
