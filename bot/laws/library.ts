import { createHash } from 'node:crypto'
import type { LawArticle, LawVersion, Paragraph } from '../../shared/law.js'
import type { LawMap } from '../store/law-maps.js'
import type { LawConfirmation } from '../store/law-reviews.js'
import type { LawRevision } from '../store/statutes.js'
import type { Store } from '../store/store.js'
import type { Statute } from './articles.js'
import { articlePath, readArticleNumber } from './numerals.js'

/** A version as it is read today, with what its neighbours say of its end. */
export interface ShelvedVersion extends LawVersion {
  /** First day on which it is no longer in force: its own, or the first day of the version after it. */
  ends: string | null
  /** Its first imported text, where it was corrected since. */
  first: LawVersion
}

/** Every imported text, ordered in time. Immutable; another is made when something was imported. */
export interface Library {
  /** Newest version of each statute first; statutes in the order of their first import. */
  versions: readonly ShelvedVersion[]
  confirmed: ReadonlySet<string>
  maps: readonly LawMap[]
}

/** Arranges what the store has. */
export function arrange(
  revisions: readonly LawRevision[],
  confirmations: readonly LawConfirmation[] = [],
  maps: readonly LawMap[] = [],
): Library {
  const shelves = new Map<string, Map<string, { first: LawVersion; live: LawVersion }>>()
  for (const { law } of revisions) {
    const shelf = shelves.get(law.statute) ?? new Map<string, { first: LawVersion; live: LawVersion }>()
    shelf.set(law.version, { first: shelf.get(law.version)?.first ?? law, live: law })
    shelves.set(law.statute, shelf)
  }
  const versions = [...shelves.values()].flatMap((shelf) => {
    const inTime = [...shelf.values()].sort((a, b) => orderInTime(a.live, b.live))
    return inTime
      .map(({ first, live }, i): ShelvedVersion => {
        const next = inTime[i + 1]?.live.effective
        return { ...live, first, ends: earlier(live.until, next ?? null) }
      })
      .reverse()
  })
  return { versions, confirmed: new Set(confirmations.map(confirmationKey)), maps }
}

const orderInTime = (a: LawVersion, b: LawVersion) =>
  a.effective < b.effective || (a.effective === b.effective && a.version < b.version) ? -1 : 1

const earlier = (a: string | null, b: string | null) => (a && b ? (a < b ? a : b) : (a ?? b))

/** Names a confirmation: of which words, for which answer. */
export const confirmationKey = ({
  intent,
  law,
  article,
  textHash,
}: Pick<LawConfirmation, 'intent' | 'law' | 'article' | 'textHash'>): string =>
  `${intent}|${law}|${article}|${textHash}`

/** The bare list with what was imported: an imported version stands for the listed one of the same day. */
export function knownStatutes(bare: readonly Statute[], library: Library | null): readonly Statute[] {
  if (!library?.versions.length) return bare
  const imported = library.versions.map(bareOf)
  const isImported = ({ name, version }: Statute) =>
    imported.some((each) => each.name === name && each.version === version)
  const all = [...imported, ...bare.filter((each) => !isImported(each))]
  return all.map((each) => {
    const later = all.filter(
      (other) =>
        other.name === each.name &&
        (other.effective > each.effective ||
          (other.effective === each.effective && other.version > each.version)),
    )
    const next = later.map(({ effective }) => effective).sort()[0] ?? null
    const until = earlier(each.until ?? null, next)
    // An alias of today's version names its forerunners too; 旧治安法 names only the old one.
    const aliases = [...new Set([...each.aliases, ...later.flatMap((other) => other.aliases)])]
    return { ...each, aliases, ...(until ? { until } : {}) }
  })
}

function bareOf(version: ShelvedVersion): Statute {
  const numbers = version.articles.map(({ number }) => number)
  return {
    name: version.statute,
    aliases: version.aliases,
    title: version.title,
    version: version.version,
    effective: version.effective,
    ...(version.ends ? { until: version.ends } : {}),
    articles: Math.max(0, ...numbers.map((number) => readArticleNumber(number)?.[0] ?? 0)),
    sub: numbers.filter((number) => number.includes('之')),
    has: new Set(numbers),
  }
}

/** The imported text of exactly this version, or null. */
export function versionOf(library: Library | null, statute: string, version: string): ShelvedVersion | null {
  return library?.versions.find((each) => each.statute === statute && each.version === version) ?? null
}

export function articleOf(law: LawVersion | null, article: string): LawArticle | null {
  return law?.articles.find(({ number }) => number === article) ?? null
}

/** Hash of an article's words, white space and width of punctuation apart: what an editor's confirmation is bound to. */
export function textHash(paragraphs: readonly Paragraph[]): string {
  const words = paragraphs.flatMap(({ text, items }) => [text, ...items]).join('\n')
  return createHash('sha256').update(words.normalize('NFKC').replace(/\s+/g, '')).digest('hex').slice(0, 32)
}

/** Six letters and digits that stand for a statute in an address; always the same for a name. */
export function statuteCode(statute: string): string {
  const bytes = createHash('sha256').update(statute).digest()
  // Without 0, 1, l and o, which are mistaken for each other when typed off a screen.
  return Array.from(bytes.subarray(0, 6), (byte) =>
    '23456789abcdefghijkmnpqrstuvwxyz'.charAt(byte % 32),
  ).join('')
}

/** The path of an article's public page. */
export const articleAddress = (statute: string, article: string): string =>
  `/laws/${statuteCode(statute)}/${articlePath(article)}`

/** How often a process looks whether another has imported something, in milliseconds. */
const LOOK_MS = 30_000

/** The part of the store that holds statutes and what editors said of them. */
export type LawStore = Pick<Store, 'statutes' | 'lawReviews' | 'lawMaps'>

/** The library of a running process. */
export interface LiveLibrary {
  current(): Library
  /** Looks into the store now: after an import of one's own. */
  refresh(): Promise<void>
  stop(): void
}

/** Reads the library and keeps it up to date. `onError` hears of a store that did not answer: the old one stays. */
export async function openLibrary(store: LawStore, onError: (error: unknown) => void): Promise<LiveLibrary> {
  let current = arrange([])
  let stamp = ''
  const refresh = async () => {
    const now = (
      await Promise.all([store.statutes.stamp(), store.lawReviews.stamp(), store.lawMaps.stamp()])
    ).join()
    if (now === stamp) return
    current = await readLibrary(store)
    stamp = now
  }
  await refresh()
  const timer = setInterval(() => void refresh().catch(onError), LOOK_MS)
  timer.unref()
  return { current: () => current, refresh, stop: () => clearInterval(timer) }
}

/** What the store has, once. */
export async function readLibrary(store: LawStore): Promise<Library> {
  const [revisions, confirmations, maps] = await Promise.all([
    store.statutes.all(),
    store.lawReviews.all(),
    store.lawMaps.all(),
  ])
  return arrange(revisions, confirmations, maps)
}
