import { parseArgs } from 'node:util'
import type { ImportedVersion, ImportReport } from '../../shared/law.js'
import { readConfig } from '../config.js'
import { contentFolder, contentOf, readFolder } from '../content/folder.js'
import { AppError } from '../errors.js'
import { importLaws } from '../laws/import.js'
import { readSources } from '../laws/sources.js'
import { withStore } from './with-store.js'

const USAGE =
  'qingan laws import PATH… [--name 短名] [--version DAY] [--effective DAY] [--until DAY] [--source WHERE] [--allow-anomalies]'

/** `qingan laws …`: the operator's own imported texts. */
export async function laws(args: string[]): Promise<number> {
  const [verb, ...rest] = args
  switch (verb) {
    case 'import':
      return importVerb(rest)
    default:
      throw new AppError('cli.usage', { why: USAGE })
  }
}

async function importVerb(args: string[]): Promise<number> {
  const { values, positionals } = parse(args)
  if (positionals.length === 0) throw new AppError('cli.usage', { why: USAGE })
  const { 'allow-anomalies': allowAnomalies, ...given } = values
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
        'allow-anomalies': { type: 'boolean' },
      },
    })
  } catch (error) {
    throw new AppError('cli.usage', { why: (error as Error).message })
  }
}

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
