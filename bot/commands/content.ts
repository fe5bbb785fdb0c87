import { DateTime } from 'luxon'
import { checkContent } from '../content/check.js'
import { answersHash, parseContent, type Content } from '../content/content.js'
import { coverageOf } from '../content/coverage.js'
import { faultLine, type Fault } from '../content/faults.js'
import { contentFolder, contentOf, readFolder } from '../content/folder.js'
import { ZONE } from '../content/lines.js'
import { readConfig } from '../config.js'
import { AppError } from '../errors.js'
import { readLibrary, type Library } from '../laws/library.js'
import { contentReport, dangerTable } from './content-report.js'
import { hasDatabase, withStore } from './with-store.js'

/** `qingan content check`, `qingan content report` and `qingan content hash`. */
export async function content(args: string[]): Promise<number> {
  const [verb, name] = args
  if (verb === 'check') return check(name ?? contentFolder())
  if (verb === 'report') return report(name ?? contentFolder())
  if (verb === 'hash' && name) return hash(name)
  throw new AppError('cli.usage', {
    why: 'qingan content check [FOLDER] | qingan content report [FOLDER] | qingan content hash INTENT',
  })
}

/** Prints what a reviewer of this intent's answers signs. */
async function hash(id: string): Promise<number> {
  const intent = contentOf(await readFolder(contentFolder())).intents.get(id)
  if (!intent) throw new AppError('cli.usage', { why: `there is no intent ${JSON.stringify(id)}` })
  process.stdout.write(`${answersHash(intent)}\n`)
  return 0
}

/** What the content covers, what is unsigned or runs out, what to read first. */
async function report(folder: string): Promise<number> {
  process.stdout.write(contentReport(contentOf(await readFolder(folder)), today()))
  return 0
}

const today = () => DateTime.now().setZone(ZONE).toISODate() as string

/** Every mistake in the content, and what is in it. Exit 1 when there is one. */
async function check(folder: string): Promise<number> {
  const { content: bare, faults } = parseContent(await readFolder(folder))
  const day = today()
  const texts = bare && (await importedTexts())
  const parsed = bare && { ...bare, texts }
  if (texts) process.stdout.write(`checked against ${texts.versions.length} imported texts of statutes\n`)
  const found: Fault[] = parsed ? checkContent(parsed, day) : faults
  for (const fault of found) process.stdout.write(`${faultLine(fault)}\n`)
  if (parsed) process.stdout.write(summary(parsed, day))
  process.stdout.write(found.length ? `${found.length} faults\n` : 'no faults\n')
  return found.length ? 1 : 0
}

/** The operator's imported statutes, where there is a database that has some. */
async function importedTexts(): Promise<Library | null> {
  const config = readConfig()
  if (!hasDatabase(config)) return null
  const library = await withStore(config, readLibrary)
  return library.versions.length ? library : null
}

function summary(content: Content, day: string): string {
  const { intents, safety, background, statutes, hotlines } = content
  const list = [...intents.values()]
  const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0)
  const layers = list.flatMap(({ answers }) =>
    answers.flatMap(({ first, more, help }) => [first, more, help].filter((layer) => layer !== undefined)),
  )
  const groups = safety.flatMap((file) => file.groups)
  const rows: [string, number | string][] = [
    ['intents', list.length],
    ['utterances', sum(list.map(({ utterances }) => utterances.length))],
    ['test phrases', sum(list.map(({ test }) => test.length))],
    ['answers', sum(list.map(({ answers }) => answers.length))],
    ['citations', sum(layers.map((layer) => layer.citations.length))],
    ['layers held back as unverified', layers.filter((layer) => layer.unverified).length],
    ['intents unsigned', list.filter(({ reviews }) => reviews.length === 0).length],
    [
      'lines of danger',
      `${sum(groups.map(({ lines }) => lines.length))} + ${sum(groups.map(({ test }) => test.length))} held out`,
    ],
    ['lines of everyday text', sum(background.map(({ lines }) => lines.length))],
    ['statutes', statutes.length],
    ['hotlines', `${hotlines.length}, ${hotlines.filter(({ verified }) => verified).length} verified`],
  ]
  const counts = rows.map(([name, count]) => `${name.padEnd(32)} ${count}\n`).join('')
  return `${counts}${dangerTable(coverageOf(content, day).cells).join('\n')}\n`
}
