import type { Alarms, Evaluation, IntentScore, Result, Topics } from '../nlu/evaluation.js'
import type { Area, Proportion } from '../nlu/intervals.js'

/** What was measured, for the people who read the report. */
export interface Source {
  name: string
  texts: readonly string[]
  /** Line numbers in the file. */
  numbers: readonly number[]
  intents: number
  /** Whether to print texts gone wrong. */
  show: boolean
}

const WIDTH = 46
/** Rows of a list that would go on for pages; `--json` has all of them. */
const MOST = 20

/** An evaluation as aligned text, worst things first. */
export function evaluationReport(source: Source, found: Evaluation): string {
  const { risk, report, topics, scope } = found
  return [
    `${source.name}: ${found.cases} cases, ${found.inScope} in scope, ${found.outOfScope} not; ${source.intents} intents`,
    'Shares with 95 % intervals (Wilson; AUROC: Newcombe)',
    '',
    `URGENT MISSED: ${risk.urgentMissed.length} of ${risk.urgentRaised.of}`,
    ...wrong(source, risk.urgentMissed),
    '',
    'Danger',
    row('urgent raised (watch or urgent)', risk.urgentRaised),
    row('urgent as urgent', risk.urgentAsUrgent),
    row('watch raised', risk.watchRaised),
    ...wrong(source, risk.watchMissed, 'watch missed'),
    row('suspected harm to a minor flagged', report.recall),
    ...wrong(source, report.missed, 'harm not flagged'),
    row('no danger, yet called urgent', risk.falseAlarms.urgent),
    ...wrong(source, risk.falselyUrgent, 'falsely urgent'),
    row('no danger, yet raised', risk.falseAlarms.raised),
    row('no harm to a minor, yet flagged', report.falseAlarms),
    '',
    'Topics (in-scope questions)',
    ...topicRows('own topic in content', topics.ownPresent),
    ...topicRows('a right topic in content', topics.present),
    ...topicRows('all', topics.all),
    row('all: best guess, sure or not', topics.all.guess),
    ...topicRows('own topic absent from content', topics.ownAbsent),
    ...topicRows('every right topic absent', topics.absent),
    '',
    'Out of scope',
    areaRow('AUROC of the confidence', scope.auroc),
    areaRow('AUROC, chat.out_of_scope as a refusal', scope.aurocRefusals),
    row('out of scope refused', scope.refusedOutOfScope),
    row('in scope refused', scope.refusedInScope),
    '',
    ...confusionRows(found),
    '',
    ...intentRows(found.intents),
    '',
  ].join('\n')
}

/** Alarms among unlabelled messages as aligned text. */
export function alarmReport(source: Source, found: Alarms, results: readonly Pick<Result, 'risk'>[]): string {
  const at = (level: Result['risk']) => results.flatMap(({ risk }, index) => (risk === level ? [index] : []))
  return [
    `${source.name}: ${source.texts.length} messages without labels; ${source.intents} intents`,
    row('urgent', found.urgent),
    ...(source.show ? wrong(source, at('urgent'), 'urgent') : []),
    row('raised (watch or urgent)', found.raised),
    ...(source.show ? wrong(source, at('watch'), 'watch') : []),
    '',
  ].join('\n')
}

function row(name: string, { count, of, share, low, high }: Proportion): string {
  const label = `  ${name.padEnd(WIDTH)}`
  if (share === null) return `${label}      –  none to count`
  return `${label} ${share.toFixed(3).padStart(6)}  ${range(low, high)}  ${count} of ${of}`
}

function areaRow(name: string, area: Area): string {
  const label = `  ${name.padEnd(WIDTH)}`
  return area
    ? `${label} ${area.area.toFixed(3).padStart(6)}  ${range(area.low, area.high)}`
    : `${label}      –`
}

const range = (low: number, high: number) => `[${low.toFixed(3)}–${high.toFixed(3)}]`

function topicRows(name: string, { top1, top3 }: Topics): string[] {
  return [row(`${name}: top-1`, top1), row(`${name}: top-3`, top3)]
}

/** Which lines went wrong; their texts only where asked for. */
function wrong({ texts, numbers, show }: Source, indexes: readonly number[], name = 'lines'): string[] {
  if (indexes.length === 0) return []
  const number = (index: number) => numbers[index] ?? 0
  if (show) return indexes.map((index) => `    ${name} ${number(index)}: ${texts[index] ?? ''}`)
  const more = indexes.length > MOST ? ' …' : ''
  return [`    ${name}: ${indexes.slice(0, MOST).map(number).join(', ')}${more}`]
}

function confusionRows({ confusions }: Evaluation): string[] {
  const answered = confusions.filter(({ got }) => got !== null)
  const unsure = confusions.reduce((sum, { got, count }) => (got === null ? sum + count : sum), 0)
  const rows = answered.slice(0, MOST).map(({ expected, got, count }) => {
    return `  ${String(count).padStart(4)}  ${(expected ?? '(none of ours)').padEnd(28)} → ${got ?? ''}`
  })
  const title = `Confusions (expected → answered); in scope and not sure enough to answer: ${unsure}`
  return [title, ...rows, ...rest(answered.length)]
}

function intentRows(intents: readonly IntentScore[]): string[] {
  const short = ({ count, of }: Proportion) => `${count} of ${of}`.padStart(10)
  const failures = ({ precision, recall }: IntentScore) =>
    precision.of - precision.count + recall.of - recall.count
  const weak = intents.filter((each) => failures(each) > 0).sort((a, b) => failures(b) - failures(a))
  const rows = weak.slice(0, MOST).map(({ intent, precision, recall }) => {
    return `  ${intent.padEnd(28)} ${short(precision)} ${short(recall)}`
  })
  const head = `  ${''.padEnd(28)} ${'precision'.padStart(10)} ${'recall'.padStart(10)}`
  const title = `Intents with mistakes: ${weak.length} of ${intents.length} met`
  return [title, ...(weak.length ? [head] : []), ...rows, ...rest(weak.length)]
}

function rest(all: number): string[] {
  return all > MOST ? [`  … and ${all - MOST} more (--json has all)`] : []
}

/** Figures to four digits: more would only look exact. */
export function asJson(value: unknown): string {
  const round = (_key: string, each: unknown) =>
    typeof each === 'number' ? Math.round(each * 1e4) / 1e4 : each
  return `${JSON.stringify(value, round, 1)}\n`
}
