import { DateTime } from 'luxon'
import { checkContent } from '../content/check.js'
import { parseContent, type Content, type Fault } from '../content/content.js'
import { contentFolder, readFolder } from '../content/folder.js'
import { ZONE } from '../content/lines.js'
import { AppError } from '../errors.js'

/** `qingan content check [FOLDER]`: every mistake in the content, and what is in it. Exit 1 when there is one. */
export async function content(args: string[]): Promise<number> {
  const [verb, folder = contentFolder()] = args
  if (verb !== 'check') throw new AppError('cli.usage', { why: 'qingan content check [FOLDER]' })
  const { content: parsed, faults } = parseContent(await readFolder(folder))
  const day = DateTime.now().setZone(ZONE).toISODate() as string
  const found: Fault[] = parsed ? checkContent(parsed, day) : faults
  for (const { path, what } of found) process.stdout.write(`${path}: ${what}\n`)
  if (parsed) process.stdout.write(summary(parsed))
  process.stdout.write(found.length ? `${found.length} faults\n` : 'no faults\n')
  return found.length ? 1 : 0
}

function summary({ intents, safety, background, statutes, hotlines }: Content): string {
  const list = [...intents.values()]
  const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0)
  const layers = list.flatMap(({ answers }) => answers.flatMap(({ first, more, help }) => [first, more, help].filter((layer) => layer !== undefined)))
  const groups = safety.flatMap((file) => file.groups)
  const rows: [string, number | string][] = [
    ['intents', list.length],
    ['utterances', sum(list.map(({ utterances }) => utterances.length))],
    ['test phrases', sum(list.map(({ test }) => test.length))],
    ['answers', sum(list.map(({ answers }) => answers.length))],
    ['citations', sum(layers.map((layer) => layer.citations.length))],
    ['layers held back as unverified', layers.filter((layer) => layer.unverified).length],
    ['intents unsigned', list.filter(({ reviews }) => reviews.length === 0).length],
    ['lines of danger', `${sum(groups.map(({ lines }) => lines.length))} + ${sum(groups.map(({ test }) => test.length))} held out`],
    ['lines of everyday text', sum(background.map(({ lines }) => lines.length))],
    ['statutes', statutes.length],
    ['hotlines', `${hotlines.length}, ${hotlines.filter(({ verified }) => verified).length} verified`],
  ]
  return rows.map(([name, count]) => `${name.padEnd(32)} ${count}\n`).join('')
}
