import { writeFile } from 'node:fs/promises'
import type { Config } from '../config.js'
import { TRAINER_VERSION, wake } from '../content/brain.js'
import type { ContentFiles } from '../content/content.js'
import { contentOf } from '../content/folder.js'
import { measureHeldOut, type HeldOut } from '../content/held-out.js'
import type { Knowledge } from '../conversation/receive.js'
import { AppError } from '../errors.js'
import type { Proportion } from '../nlu/intervals.js'
import { heldOutPage } from './evaluate-html.js'
import { asJson } from './evaluate-report.js'
import { FIGURES, type Measured } from './held-out-figures.js'
import { loadKnowledge } from './knowledge.js'
import { hasDatabase, withStore } from './with-store.js'

export interface HeldOutOptions {
  json: boolean
  show: boolean
  /** File to write the report with charts to. */
  html?: string
  /** A release of the database, or `live`, that reads the same lines. */
  compare?: string
}

const WIDTH = 52
/** Cells printed; `--json` and `--html` have all. */
const MOST = 20

/** `qingan evaluate [--html FILE] [--compare RELEASE] [--json] [--show]`: what the content itself holds out, nothing else. */
export async function evaluateHeldOut(config: Config, options: HeldOutOptions): Promise<string> {
  const other = options.compare ? await releaseOf(config, options.compare) : null
  const known = await loadKnowledge(config)
  const now = await measured('the files', known, known)
  // The same small talk on both sides: it is none of a release.
  const then =
    other &&
    (await measured(other.name, known, { brain: wake(other.content, other.model, known.brain.talk) }))
  const sides = then ? [now, then] : [now]
  if (options.html)
    await writeFile(options.html, heldOutPage(sides)).catch((cause: NodeJS.ErrnoException) => {
      const why = `${options.html} cannot be written (${cause.code ?? cause.name})`
      throw new AppError('cli.usage', { why }, { cause })
    })
  return options.json ? asJson(sides) : heldOutReport(sides, options.show)
}

/** What a brain makes of the lines that the files hold out. */
async function measured(name: string, { content }: Knowledge, { brain }: Pick<Knowledge, 'brain'>) {
  const found = await measureHeldOut(content, brain, (done, all) =>
    process.stderr.write(`${name}: ${done} of ${all} read\n`),
  )
  return { name, found }
}

async function releaseOf(config: Config, wanted: string) {
  if (!hasDatabase(config)) throw new AppError('cli.usage', { why: 'there is no database with releases' })
  return withStore(config, async ({ releases }) => {
    const heads = await releases.list()
    const matching = heads.filter(({ id, live }) => (wanted === 'live' ? live : id.startsWith(wanted)))
    const [head] = matching
    if (!head || matching.length > 1) {
      const ids = heads.map(({ id, live }) => `${id.slice(0, 12)}${live ? ' (live)' : ''}`).join(', ')
      throw new AppError('cli.usage', { why: `which release? ${ids || 'there is none'}` })
    }
    if (head.trainer !== TRAINER_VERSION)
      throw new AppError('cli.usage', { why: 'another version of the program has learnt that release' })
    const found = await releases.find(head.id)
    if (!found) throw new AppError('cli.usage', { why: 'that release has just been removed' })
    const content = contentOf(JSON.parse(found.content) as ContentFiles)
    return { name: `release ${head.id.slice(0, 12)}`, content, model: found.model }
  })
}

/** The report as aligned text, the worst first. */
function heldOutReport(sides: readonly Measured[], show: boolean): string {
  const [first] = sides as [Measured]
  const { found } = first
  const row = (name: string, of: (found: HeldOut) => Proportion) =>
    `  ${name.padEnd(WIDTH)}${sides.map((side) => shareCell(of(side.found))).join('')}`
  const worst = found.cells.slice(0, MOST)
  const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(0)} %`)
  return [
    `What intents/ holds out, read by ${sides.map(({ name }) => name).join(' and by ')}`,
    'Shares with 95 % intervals (Wilson)',
    '',
    `Danger by kind, speaker and style: the worst of ${found.cells.length} cells, raised`,
    ...worst.flatMap(({ kind, speaker, style, missed }) => {
      const same = (side: HeldOut) =>
        side.cells.find(
          (cell) => cell.kind === kind && cell.speaker === speaker && cell.style === style,
        ) as HeldOut['cells'][number]
      return [
        row(`${kind} · ${speaker} · ${style}`, (side) => same(side).raised),
        ...(show ? missed.map((text) => `    missed: ${text}`) : []),
      ]
    }),
    ...FIGURES.flatMap(([title, rows]) => ['', title, ...rows.map(([name, , of]) => row(name, of))]),
    '',
    `Of urgent alarms, right if one conversation in fifty held danger: ${sides
      .map((side) => percent(side.found.talks.rightAtTwoPercent))
      .join(', ')}`,
    `Lines of danger whose topic alone must not answer them (what is said keeps them back): ${sides
      .map((side) => side.found.misrouted.length)
      .join(', ')}`,
    ...(show ? found.misrouted.map(({ text, topic }) => `    ${topic}: ${text}`) : []),
    '',
  ].join('\n')
}

function shareCell({ share, low, high, count, of }: Proportion): string {
  if (share === null) return '–'.padStart(36)
  const range = `[${low.toFixed(3)}–${high.toFixed(3)}]`
  return `${share.toFixed(3)}  ${range}  ${`${count} of ${of}`.padEnd(14)}`
}
