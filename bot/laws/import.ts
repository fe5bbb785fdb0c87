import { createHash } from 'node:crypto'
import { basename, dirname, posix, sep } from 'node:path'
import {
  LawVersion,
  type Anomaly,
  type ImportedVersion,
  type ImportFault,
  type ImportReport,
} from '../../shared/law.js'
import { AppError } from '../errors.js'
import type { Store } from '../store/store.js'
import type { Statute } from './articles.js'
import { describe, IndexFile, type IndexEntry, type Told } from './describe.js'
import type { SourceFile } from './gather.js'
import { arrange, textHash, type Library } from './library.js'
import { readStatuteText } from './statute-text.js'
import { joinParts } from './parts.js'

export interface ImportOptions {
  /** The bare list of intents/laws/articles.yml: short names, and how many articles there should be. */
  known: readonly Statute[]
  told?: Told
  /** Somebody has looked at the anomalies and takes the texts all the same. */
  allowAnomalies?: boolean
  now: Date
  onProgress?: (done: number, all: number, path: string) => void
}

interface Candidate {
  path: string
  law: LawVersion
  hash: string
  anomalies: Anomaly[]
  notices: string[]
}

/**
 * Takes statutes over: all of them, or, with any fault, none. Idempotent: a text that is already there changes
 * nothing. Throws only what the store throws, and `laws.busy` when others keep importing at the same time.
 */
export async function importLaws(
  store: Pick<Store, 'statutes'>,
  sources: { files: SourceFile[]; faults: ImportFault[] },
  options: ImportOptions,
): Promise<ImportReport> {
  const { candidates, faults, skipped } = readAll(sources, options)
  for (let tries = 0; tries < 3; tries++) {
    const stamp = await store.statutes.stamp()
    const revisions = await store.statutes.all()
    const before = arrange(revisions)
    const versions = candidates.map((candidate) => compare(candidate, before))
    const wrong = [...faults, ...unexplained(candidates, options.allowAnomalies ?? false)]
    const fresh = candidates.filter((_, i) => versions[i]?.outcome !== 'same')
    const totals = {
      statutes: new Set(candidates.map(({ law }) => law.statute)).size,
      versions: candidates.length,
      articles: candidates.reduce((sum, { law }) => sum + law.articles.length, 0),
      changed: wrong.length ? 0 : fresh.length,
    }
    const report = { faults: wrong, versions, skipped, totals }
    if (wrong.length || fresh.length === 0) return report
    const done = await store.statutes.commit(
      fresh.map(({ law, hash }) => ({ law, hash })),
      options.now,
      stamp,
    )
    if (done)
      return { ...report, versions: [...versions, ...ended(before, arrange(await store.statutes.all()))] }
  }
  throw new AppError('laws.busy')
}

function readAll(sources: { files: SourceFile[]; faults: ImportFault[] }, options: ImportOptions) {
  const faults = [...sources.faults]
  const skipped: string[] = []
  const files = sources.files.map(({ path, text }) => ({ path: path.split(sep).join('/'), text }))
  const indexes = readIndexes(files, faults)
  const { whole, parts } = joinParts(files.filter(({ path }) => basename(path) !== 'index.json'))
  skipped.push(...parts)
  const candidates: Candidate[] = []
  const told = options.told ?? {}
  const single = whole.filter(({ path }) => !isPaper(path))
  if (Object.keys(told).length && single.length > 1)
    faults.push({ path: '', line: 0, what: '名称和日期只能为单独一个文件写明' })
  whole.forEach((file, i) => {
    options.onProgress?.(i + 1, whole.length, file.path)
    const text = readStatuteText(file.text)
    if (text.articles.length === 0 && text.clauses.length === 0 && isPaper(file.path)) {
      skipped.push(file.path)
      return
    }
    if (text.fault) return void faults.push({ path: file.path, ...text.fault })
    const entry = indexes.get(file.path)
    const described = describe(file, text, entry, told, options.known)
    if ('what' in described) return void faults.push({ path: file.path, line: 0, what: described.what })
    const parsed = LawVersion.safeParse(described.law)
    if (!parsed.success) {
      const issue = parsed.error.issues[0]
      faults.push({ path: file.path, line: 0, what: `${issue?.path.join('.')}: ${issue?.message}` })
      return
    }
    const anomalies = [...text.anomalies, ...described.anomalies].filter((each) => !explained(each, entry))
    const law = parsed.data
    const other = candidates.find(
      (each) => each.law.statute === law.statute && each.law.version === law.version,
    )
    if (other) faults.push({ path: file.path, line: 0, what: `和 ${other.path} 是同一部法律的同一个版本` })
    else candidates.push({ path: file.path, law, hash: hashOf(law), anomalies, notices: described.notices })
  })
  if (candidates.length === 0 && faults.length === 0)
    faults.push({ path: '', line: 0, what: '没有找到法律文本' })
  return { candidates, faults, skipped }
}

/** A paper about the texts, not one of them: README.md and the like, unless it holds articles. */
const isPaper = (path: string) => /^(?:readme|index|license|contributing|changelog)\b/i.test(basename(path))

/** path of a text → what the index.json in its folder says of it. */
function readIndexes(files: readonly SourceFile[], faults: ImportFault[]): Map<string, IndexEntry> {
  const entries = new Map<string, IndexEntry>()
  for (const { path, text } of files) {
    if (basename(path) !== 'index.json') continue
    let raw: unknown
    try {
      raw = JSON.parse(text)
    } catch {
      faults.push({ path, line: 0, what: '不是 JSON' })
      continue
    }
    const parsed = IndexFile.safeParse(raw)
    if (!parsed.success) {
      const issue = parsed.error.issues[0]
      faults.push({ path, line: 0, what: `${issue?.path.join('.')}: ${issue?.message}` })
      continue
    }
    const folder = dirname(path)
    const there = new Set(files.map((file) => file.path))
    for (const entry of parsed.data) {
      const file = posix.join(folder, entry.file)
      if (there.has(file)) entries.set(file, entry)
    }
  }
  return entries
}

/** Gaps and repetitions that index.json itself names are no surprise. */
function explained(anomaly: Anomaly, entry: IndexEntry | undefined): boolean {
  if (anomaly.kind === 'gap') return (entry?.missing.length ?? 0) > 0
  return anomaly.kind === 'duplicate' && (entry?.duplicates.length ?? 0) > 0
}

function unexplained(candidates: readonly Candidate[], allowed: boolean): ImportFault[] {
  if (allowed) return []
  return candidates.flatMap(({ path, anomalies }) =>
    anomalies.map(({ line, what }) => ({ path, line: line ?? 0, what })),
  )
}

const hashOf = (law: LawVersion) => createHash('sha256').update(JSON.stringify(law)).digest('hex')

/** What importing this text would change. */
function compare({ path, law, hash, anomalies, notices }: Candidate, before: Library): ImportedVersion {
  const same = before.versions.find((each) => each.statute === law.statute && each.version === law.version)
  const former = same ?? before.versions.find((each) => each.statute === law.statute)
  const unchanged = same && hashOf(LawVersion.parse(bare(same))) === hash
  const repealed = same && !unchanged && law.until && !same.until
  return {
    statute: law.statute,
    version: law.version,
    effective: law.effective,
    outcome: unchanged ? 'same' : repealed ? 'repealed' : same ? 'changed' : 'new',
    articles: law.articles.length,
    difference: former ? difference(former, law) : { added: [], removed: [], changed: [] },
    anomalies,
    notices,
    path,
  }
}

function bare(version: Library['versions'][number]): LawVersion {
  const { first: _first, ends: _ends, ...law } = version
  return law
}

/** Which articles are new, gone, or in other words. */
export function difference(from: LawVersion, to: LawVersion): ImportedVersion['difference'] {
  const hashes = (law: LawVersion) =>
    new Map(law.articles.map(({ number, paragraphs }) => [number, textHash(paragraphs)]))
  const [a, b] = [hashes(from), hashes(to)]
  return {
    added: [...b.keys()].filter((number) => !a.has(number)),
    removed: [...a.keys()].filter((number) => !b.has(number)),
    changed: [...b].filter(([number, hash]) => a.has(number) && a.get(number) !== hash).map(([n]) => n),
  }
}

/** Versions that were there before and that this import brought to an end. */
function ended(before: Library, after: Library): ImportedVersion[] {
  return before.versions.flatMap((was) => {
    const now = after.versions.find((each) => each.statute === was.statute && each.version === was.version)
    if (!now || was.ends || !now.ends || now.until !== was.until) return []
    return [
      {
        statute: now.statute,
        version: now.version,
        effective: now.effective,
        outcome: 'repealed' as const,
        articles: now.articles.length,
        difference: { added: [], removed: [], changed: [] },
        anomalies: [],
        notices: [`自 ${now.ends} 起由新版本代替`],
        path: '',
      },
    ]
  })
}
