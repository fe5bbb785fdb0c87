import { parseArgs } from 'node:util'
import type { ImportedVersion, ImportReport, LawReview } from '../../shared/law.js'
import { readConfig } from '../config.js'
import { citationsOf } from '../content/cited.js'
import type { Content } from '../content/content.js'
import { contentFolder, contentOf, readFolder } from '../content/folder.js'
import { dayOf } from '../content/lines.js'
import { aidsOf } from '../conversation/lawful.js'
import { AppError } from '../errors.js'
import { importLaws } from '../laws/import.js'
import { readLibrary, versionOf, type Library } from '../laws/library.js'
import { proposeRenumbering } from '../laws/renumbering.js'
import { lawBook } from '../laws/review.js'
import { lawSearch } from '../laws/search.js'
import { readSources } from '../laws/sources.js'
import { articleFrom, findVersion, summaries } from '../laws/view.js'
import type { Store } from '../store/store.js'
import { withStore } from './with-store.js'

const USAGE = `qingan laws import PATH… [--name 短名] [--version DAY] [--effective DAY] [--until DAY] [--source WHERE] [--allow-anomalies]
qingan laws list
qingan laws show LAW [ARTICLE] [--at DAY]
qingan laws search "哪条法律管……"
qingan laws map LAW FROM TO
qingan laws review
qingan laws confirm INTENT LAW ARTICLE --by NAME`

/** `qingan laws …`: the operator's own imported texts. */
export async function laws(args: string[]): Promise<number> {
  const [verb, ...rest] = args
  const { values, positionals } = parse(rest)
  switch (verb) {
    case 'import':
      return importVerb(positionals, values)
    case 'list':
      return read(({ library, day }) => listLines(library, day))
    case 'show':
      return read(({ library, day }) => showLines(library, positionals, values.at ?? day))
    case 'search':
      return read(({ library, day, content }) => searchLines(library, day, content, positionals.join(' ')))
    case 'map':
      return read(({ library }) => mapLines(library, positionals))
    case 'review':
      return read(({ library, day, content }) => reviewLines(reviewsOf(content, library, day)))
    case 'confirm':
      return confirm(positionals, values.by)
    default:
      throw usage(USAGE)
  }
}

const usage = (why: string) => new AppError('cli.usage', { why })

interface Open {
  library: Library
  day: string
  content: Content
  store: Store
}

/** Prints lines made of what was imported. */
async function read(lines: (open: Open) => string[] | Promise<string[]>): Promise<number> {
  const content = contentOf(await readFolder(contentFolder()))
  const printed = await withStore(readConfig(), async (store) =>
    lines({ library: await readLibrary(store), day: dayOf(new Date()), content, store }),
  )
  process.stdout.write(printed.map((line) => `${line}\n`).join(''))
  return 0
}

function listLines(library: Library, day: string): string[] {
  return summaries(library, day).map(
    ({ statute, version, effective, until, inForce, articles }) =>
      `${inForce ? '现行' : '　　'} 《${statute}》 ${version} 版，${effective} 施行${until ? `，到 ${until} 为止` : ''}，${articles} 条`,
  )
}

function showLines(library: Library, [law, number]: string[], day: string): string[] {
  if (!law) throw usage('qingan laws show LAW [ARTICLE] [--at DAY]')
  const version = findVersion(library, law, { day })
  if (!version) throw usage(`没有导入过 ${law}`)
  const wanted = number ? articleFrom(number) : null
  const found = wanted ? version.articles.filter((each) => each.number === wanted) : version.articles
  if (found.length === 0) throw usage(`《${version.statute}》没有${number ?? '条文'}`)
  const { statute, effective, ends } = version
  const head = `《${statute}》 ${version.version} 版，${effective} 施行${ends ? `，到 ${ends} 为止` : ''}`
  const words = found.flatMap(({ number: name, under, paragraphs }) => [
    '',
    [...under, name].join(' › '),
    ...paragraphs.flatMap(({ text, items }) => [text, ...items]),
  ])
  return [head, ...words]
}

async function searchLines(
  library: Library,
  day: string,
  content: Content,
  query: string,
): Promise<string[]> {
  if (!query.trim()) throw usage('qingan laws search "哪条法律管……"')
  const { hits } = (await lawSearch(library, day, aidsOf(content))).search(query, 10)
  return hits.map(({ law, article, excerpt }) => `《${law}》${article}  ${excerpt.split('\n')[0]}`)
}

function mapLines(library: Library, [law, from, to]: string[]): string[] {
  const [before, after] = [from, to].map((version) => law && version && versionOf(library, law, version))
  if (!before || !after) throw usage('qingan laws map LAW FROM TO, 例如 治安管理处罚法 2012-10-26 2025-06-27')
  return proposeRenumbering(before, after).map(
    (pair) => `${pair.from} → ${pair.to ?? '（没有对应的条）'}  ${pair.likeness.toFixed(2)}`,
  )
}

const reviewsOf = (content: Content, library: Library, day: string) =>
  lawBook(content.statutes, library).reviews(citationsOf(content), day)

function reviewLines(reviews: LawReview[]): string[] {
  const words = (side: LawReview['before']) =>
    side ? side.paragraphs.map(({ text, items }) => [text, ...items].join('')).join('') : '（没有）'
  const lines = reviews.flatMap(({ intent, law, article, successor, before, after, places }) => [
    `${intent} 《${law}》${article}${successor ? `，可能变成了${successor}` : ''}`,
    ...places.map(({ reader, layer, plain }) => `  ${reader}/${layer}：${plain}`),
    `  原来：${words(before)}`,
    `  现在：${words(after)}`,
  ])
  return [...lines, `${reviews.length} 处引用要有编辑看过`]
}

/** An editor has read the words now in force and stands by the answer. */
function confirm([intent, law, article]: string[], by: string | undefined): Promise<number> {
  if (!intent || !law || !article || !by) throw usage('qingan laws confirm INTENT LAW ARTICLE --by NAME')
  return read(async ({ library, day, content, store }) => {
    const review = reviewsOf(content, library, day).find((each) => each.key === `${intent}|${law}|${article}`)
    if (!review?.textHash) throw usage(`${intent} 引用的《${law}》${article}没有等着看的现行条文`)
    const { textHash } = review
    await store.lawReviews.confirm({ intent, law, article, textHash, by, at: new Date() })
    return [`已确认：${intent} 《${law}》${article}`]
  })
}

async function importVerb(positionals: string[], values: Values): Promise<number> {
  if (positionals.length === 0) throw usage(USAGE)
  const { 'allow-anomalies': allowAnomalies, at: _at, by: _by, ...given } = values
  const told = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  const sources = await readSources(positionals)
  const { statutes: known } = contentOf(await readFolder(contentFolder()))
  const report = await withStore(readConfig(), (store) =>
    importLaws(store, sources, { known, told, allowAnomalies, now: new Date() }),
  )
  process.stdout.write(`${reportLines(report).join('\n')}\n`)
  return report.faults.length ? 1 : 0
}

function parse(args: string[]) {
  const day = { type: 'string' } as const
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        name: { type: 'string' },
        version: day,
        effective: day,
        until: day,
        source: { type: 'string' },
        at: day,
        by: { type: 'string' },
        'allow-anomalies': { type: 'boolean' },
      },
    })
  } catch (error) {
    throw new AppError('cli.usage', { why: (error as Error).message })
  }
}

type Values = ReturnType<typeof parse>['values']

const OUTCOMES: Record<ImportedVersion['outcome'], string> = {
  new: '新',
  changed: '有改动',
  same: '没有变化',
  repealed: '不再有效',
}

/** What an import says, line by line; the last one counts. */
export function reportLines({ faults, versions, skipped, totals }: ImportReport): string[] {
  const said = versions.filter(({ outcome }) => outcome !== 'same').flatMap(versionLines)
  const passed = skipped.length
    ? [`略过 ${skipped.length} 个不是单独一部法律的文件：${skipped.join('、')}`]
    : []
  if (faults.length) {
    const lines = faults.map(({ path, line, what }) => `${path}${line ? `:${line}` : ''}: ${what}`)
    return [...passed, ...lines, `有 ${faults.length} 处错误，什么都没有改动`]
  }
  const { statutes, versions: count, articles, changed } = totals
  const last = changed ? `${statutes} statutes, ${count} versions, ${articles} articles` : '0 changed'
  return [...said, ...passed, last]
}

function versionLines(version: ImportedVersion): string[] {
  const { statute, version: day, effective, outcome, articles, difference, notices } = version
  const { added, removed, changed } = difference
  const counts = [
    ...(added.length ? [`多 ${added.length} 条`] : []),
    ...(removed.length ? [`少 ${removed.length} 条`] : []),
    ...(changed.length ? [`${changed.length} 条文字不同`] : []),
  ]
  const head = `${OUTCOMES[outcome]} 《${statute}》 ${day} 版，${effective} 施行，${articles} 条`
  return [
    counts.length ? `${head}；与之前比：${counts.join('，')}` : head,
    ...version.anomalies.map(({ what }) => `  请核对：${what}`),
    ...notices.map((notice) => `  ${notice}`),
  ]
}
