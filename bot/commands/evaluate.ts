import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { RiskLevel } from '../../shared/risk.js'
import { readConfig } from '../config.js'
import type { Brain } from '../content/brain.js'
import { AppError } from '../errors.js'
import { alarms, evaluate as measure, type Case, type Result } from '../nlu/evaluation.js'
import { evaluateHeldOut, type HeldOutOptions } from './evaluate-held-out.js'
import { alarmReport, asJson, evaluationReport, type Source } from './evaluate-report.js'
import { loadKnowledge, quietStdout } from './knowledge.js'

const CaseLine = z.object({
  text: z.string().min(1),
  topic: z.string().min(1).nullable(),
  also: z.array(z.string()).default([]),
  inScope: z.boolean(),
  risk: RiskLevel,
  report: z.boolean(),
})

/** Between signs of life on stderr, milliseconds. */
const PROGRESS_MS = 5_000

/**
 * `qingan evaluate FILE.jsonl [--json] [--show]`: understanding and safety, measured on labelled questions. A `.txt`
 * file holds one unlabelled message a line and is measured for alarms only. `--show` prints the texts gone wrong.
 * Without a file: on what the content itself holds out; then `--html` and `--compare` too.
 */
export async function evaluate(args: string[]): Promise<number> {
  const { file, json, show, html, compare } = parse(args)
  if (file === undefined) {
    quietStdout()
    await print(await evaluateHeldOut(readConfig(), { json, show, html, compare }))
    return 0
  }
  const lines = await linesOf(file)
  const labelled = !file.endsWith('.txt')
  const cases = labelled ? lines.map(({ line, number }) => caseOf(line, `${file}:${number}`)) : null
  const texts = cases ? cases.map(({ text }) => text) : lines.map(({ line }) => line)
  quietStdout()
  const { content, brain } = await loadKnowledge(readConfig())
  const results = await read(brain, texts)
  const source: Source = {
    name: basename(file),
    texts,
    numbers: lines.map(({ number }) => number),
    intents: content.intents.size,
    show,
  }
  if (cases) {
    const found = measure(cases, results, new Set(content.intents.keys()))
    await print(json ? asJson({ file: source.name, ...found }) : evaluationReport(source, found))
  } else {
    const found = alarms(results)
    await print(
      json
        ? asJson({ file: source.name, cases: texts.length, ...found })
        : alarmReport(source, found, results),
    )
  }
  return 0
}

function parse(args: string[]): HeldOutOptions & { file: string | undefined } {
  const options = {
    json: { type: 'boolean', default: false },
    show: { type: 'boolean', default: false },
    html: { type: 'string' },
    compare: { type: 'string' },
  } as const
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
    const [file, ...more] = positionals
    if (more.length) throw new TypeError('evaluate takes one file, or none')
    if (file !== undefined && (values.html !== undefined || values.compare !== undefined))
      throw new TypeError('--html and --compare go without a file: they are about what the content holds out')
    return { file, ...values }
  } catch (error) {
    throw new AppError('cli.usage', { why: (error as Error).message }, { cause: error })
  }
}

async function linesOf(file: string): Promise<{ line: string; number: number }[]> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new AppError(
      'cli.usage',
      { why: `${file} cannot be read (${cause.code ?? cause.name})` },
      { cause },
    )
  })
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, i) => ({ line, number: i + 1 }))
    .filter(({ line }) => line.trim() !== '')
  if (lines.length === 0) throw new AppError('cli.usage', { why: `${file} is empty` })
  return lines
}

function caseOf(line: string, where: string): Case {
  let raw: unknown
  try {
    raw = JSON.parse(line)
  } catch (cause) {
    throw new AppError('cli.usage', { why: `${where}: not JSON` }, { cause })
  }
  const parsed = CaseLine.safeParse(raw)
  if (parsed.success) return parsed.data
  const why = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'line'}: ${issue.message}`)
  throw new AppError('cli.usage', { why: `${where}: ${why.join('; ')}` })
}

async function read(brain: Brain, texts: readonly string[]): Promise<Result[]> {
  const results: Result[] = []
  let told = performance.now()
  for (const text of texts) {
    const { risk, understood } = await brain.read(text)
    const { intent, confidence, alternatives } = understood
    results.push({ intent, confidence, alternatives, risk: risk.level, report: risk.report })
    if (performance.now() - told < PROGRESS_MS) continue
    told = performance.now()
    process.stderr.write(`${results.length} of ${texts.length} read\n`)
  }
  return results
}

/** Resolves when written: the command ends the process right after. */
function print(text: string): Promise<void> {
  return new Promise((fulfil, reject) =>
    process.stdout.write(text, (error) => (error ? reject(error) : fulfil())),
  )
}
