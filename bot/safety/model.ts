import { DangerKind, type SafetyFile } from '../../shared/risk.js'
import { windows } from '../text/clauses.js'
import { hashOf, predict, trainLinear, type LinearModel, type Row } from '../text/linear.js'
import { normalise } from '../text/normalise.js'
import { unmask } from './evasions.js'

/** What the risk model says of a stretch of text, each 0..1. */
export interface Scores {
  raised: number
  urgent: number
  report: number
  kinds: Record<DangerKind, number>
}

/** The trained model with the two bands set on the project's own ordinary text. */
export interface RiskModel {
  linear: LinearModel
  /** Raised at or above: ask gently. */
  watch: number
  /** Raised at or above: escalate. */
  urgent: number
}

const KINDS = DangerKind.options
const OUTPUTS = ['raised', 'urgent', 'report', ...KINDS]

/** Share of lines that may fall into each band when it is set: everyday text, and text that only sounds like danger. */
const EVERYDAY = { urgent: 0.005, watch: 0.018 }
const SOUNDALIKE = { urgent: 0.06, watch: 0.25 }
/** The bands are set with a model of a part of the lines, on those it has not seen. */
const TRIAL_SHARE = 0.6
const TRIAL_EPOCHS = 6
const EPOCHS = 8

interface Labelled {
  text: string
  target: number[]
  level: 'danger' | 'soundalike' | 'everyday'
  weight?: number
}

/** What people ask about a topic, and the danger the topic is near. */
export interface Question {
  text: string
  danger?: DangerKind
}

/** Trains on the authored lines of danger, on everyday text and on what people ask; sets the bands on lines held back. Deterministic. */
export function trainRisk(
  files: readonly SafetyFile[],
  everyday: readonly string[],
  questions: readonly Question[],
): RiskModel {
  const lines = labelled(files, everyday, questions)
  // By the text itself: one line more must not deal all the others anew.
  const trial = lines.map(({ text }) => hashOf(text) / 2 ** 32 < TRIAL_SHARE)
  const half = fit(
    lines.filter((_, i) => trial[i]),
    TRIAL_EPOCHS,
  )
  const raised = { soundalike: [] as number[], everyday: [] as number[] }
  const urgent = { soundalike: [] as number[], everyday: [] as number[] }
  lines.forEach(({ text, level }, i) => {
    if (trial[i] || level === 'danger') return
    const scores = scoreText(half, text)
    raised[level].push(scores.raised)
    urgent[level].push(scores.urgent)
  })
  return {
    linear: fit(lines, EPOCHS),
    watch: band(raised, 'watch'),
    urgent: band(urgent, 'urgent'),
  }
}

/** The highest scores over the windows of a normalised, unmasked text. */
export function scoreText(linear: LinearModel, text: string): Scores {
  const best = scoreWindow(linear, text.slice(0, 120))
  for (const { start, end } of windows(text)) {
    const here = scoreWindow(linear, text.slice(start, end))
    best.raised = Math.max(best.raised, here.raised)
    best.urgent = Math.max(best.urgent, here.urgent)
    best.report = Math.max(best.report, here.report)
    for (const kind of KINDS) best.kinds[kind] = Math.max(best.kinds[kind], here.kinds[kind])
  }
  return best
}

/** The scores of one stretch of normalised, unmasked text. */
export function scoreWindow(linear: LinearModel, text: string): Scores {
  const p = predict(linear, text)
  const kinds = Object.fromEntries(KINDS.map((kind, i) => [kind, p[i + 3]])) as Record<DangerKind, number>
  return { raised: p[0] as number, urgent: p[1] as number, report: p[2] as number, kinds }
}

function labelled(
  files: readonly SafetyFile[],
  everyday: readonly string[],
  questions: readonly Question[],
): Labelled[] {
  const lines: Labelled[] = []
  for (const { kind, groups } of files) {
    for (const group of groups) {
      const kinds = group.level === 'none' ? [] : [kind, ...group.also]
      const target = OUTPUTS.map((output) => {
        if (output === 'raised') return Number(group.level !== 'none')
        if (output === 'urgent') return Number(group.level === 'urgent')
        if (output === 'report') return Number(group.report)
        return Number(kinds.includes(output as DangerKind))
      })
      for (const text of group.lines)
        lines.push({ text: prepare(text), target, level: group.level === 'none' ? 'soundalike' : 'danger' })
    }
  }
  const nothing = OUTPUTS.map(() => 0)
  for (const text of everyday) lines.push({ text: prepare(text), target: nothing, level: 'everyday' })
  for (const { text, danger } of questions) {
    if (!danger) lines.push({ text: prepare(text), target: nothing, level: 'soundalike' })
    else
      lines.push({
        text: prepare(text),
        target: OUTPUTS.map((output) => dangerTarget(output, danger)),
        level: 'danger',
        weight: 0.5,
      })
  }
  return lines
}

/** Raised and of this kind; how urgent, whether to report and which kinds besides, nobody has said. */
function dangerTarget(output: string, danger: DangerKind): number {
  return output === 'raised' || output === danger ? 1 : NaN
}

const prepare = (text: string) => unmask(normalise(text).text)

function fit(lines: readonly Labelled[], epochs: number): LinearModel {
  const rows: Row[] = lines.map(({ text, target, weight }) => ({ text, target, weight }))
  return trainLinear(rows, { outputs: OUTPUTS, kind: 'logistic', epochs })
}

/** The lowest score at which both shares of false alarms hold. */
function band(scores: Record<'soundalike' | 'everyday', number[]>, level: 'watch' | 'urgent'): number {
  const needed = Math.max(
    upperQuantile(scores.everyday, EVERYDAY[level]),
    upperQuantile(scores.soundalike, SOUNDALIKE[level]),
  )
  return Math.min(0.95, Math.max(0.3, needed))
}

function upperQuantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => b - a)
  return sorted[Math.floor(sorted.length * share)] ?? 1
}
