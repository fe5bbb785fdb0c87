import { DangerKind, type SafetyFile } from '../../shared/risk.js'
import { windows } from '../text/clauses.js'
import { latentLogOdds, trainLatent, type LatentModel } from '../text/latent.js'
import { hashOf, type LinearModel } from '../text/linear-model.js'
import { normalise } from '../text/normalise.js'
import {
  presenceLesson,
  presenceLogOdds,
  presenceRow,
  presentIn,
  trainPresence,
  type PresenceRow,
} from '../text/presence.js'
import { sounded } from '../text/sound.js'
import { unmask } from './evasions.js'

/** What the risk model says of a stretch of text, each 0..1. */
export interface Scores {
  raised: number
  urgent: number
  report: number
  kinds: Record<DangerKind, number>
}

/** From which score on a stretch of text counts: the whole of a few words, the whole of a message, a part of one. */
export interface Band {
  brief: number
  whole: number
  part: number
}

/** Two that judge a stretch of text by the same n-grams: one weighs each, the other hears what they mean together. */
export interface Judges {
  linear: LinearModel
  latent: LatentModel
}

/** The two bands, set on the project's own ordinary text. */
export interface Bands {
  /** Raised at or above: ask gently. */
  watch: Band
  /** Raised at or above: escalate. */
  urgent: Band
}

/** What has been learnt of danger. */
export interface RiskModel extends Judges, Bands {}

/** What the latent judge's word weighs, and on whether it is urgent; the rest is the linear one's. */
const LATENT_SHARE = { other: 0.4, urgent: 0.2 }

const KINDS = DangerKind.options
const OUTPUTS = ['raised', 'urgent', 'report', ...KINDS]
const NOTHING = OUTPUTS.map(() => 0)

/** Share of lines that may fall into each band when it is set: everyday text, and text that only sounds like danger. */
const EVERYDAY = {
  urgent: { brief: 0.0008, whole: 0.0014, part: 0.0006 },
  watch: { brief: 0.0105, whole: 0.0315, part: 0.0075 },
}
const SOUNDALIKE = { urgent: 0.06, watch: 0.25 }
/** What is happening this minute is asked about on less: an attempt counts for so much more, in log odds. */
const ATTEMPT_SOONER = 1.25
/**
 * What a line weighs beside one of danger. Everyday ones weigh more: there are many more of them outside. Those that sound
 * like danger are written to be hard: at full weight they take the words of danger their meaning.
 */
const WEIGHT = { danger: 1, everyday: 3, soundalike: 0.5 }
/** What a question weighs that nobody has graded. */
const ASKED_WEIGHT = 0.5
/** What a part of an everyday line weighs: it teaches that 我， alone means nothing. */
const PART_WEIGHT = 0.3
/** What a line's sound weighs beside the line, and the longest that is sounded, in characters. */
const SOUND_WEIGHT = 0.5
const SOUNDED_MAX = 40
/** The bands are set with a model of a part of the lines, on those it has not seen. */
const TRIAL_SHARE = 0.6

interface Labelled {
  text: string
  target: number[]
  level: keyof typeof WEIGHT
  weight: number
}

/** What people ask about a topic, and the danger the topic is near. */
export interface Question {
  text: string
  danger?: DangerKind
}

/** Authored lines of danger, everyday text, what people ask, and what is written in conversations that are safe. */
export interface RiskLesson {
  files: readonly SafetyFile[]
  everyday: readonly string[]
  questions: readonly Question[]
  safe: readonly string[]
}

/** Trains both judges on the whole lesson. Deterministic. */
export function trainJudges(given: RiskLesson): Judges {
  const lines = linesOf(given)
  return judgesOf([...lines.flatMap(rowsOf), ...lines.flatMap(soundOf)])
}

/** Sets the bands by judges who have read a part of the lesson, on lines they have not. Deterministic. */
export function setBands(given: RiskLesson): Bands {
  const lines = linesOf(given)
  // By the text itself: one line more must not deal all the others anew.
  const isTrial = ({ text }: Labelled) => hashOf(text) / 2 ** 32 < TRIAL_SHARE
  const judges = judgesOf(lines.filter(isTrial).flatMap(rowsOf))
  const seen = { soundalike: [] as Reading[], everyday: [] as Reading[] }
  for (const line of lines)
    if (!isTrial(line) && line.level !== 'danger') seen[line.level].push(readingOf(judges, line.text))
  return { watch: band(seen, 'raised', 'watch'), urgent: band(seen, 'urgent', 'urgent') }
}

function judgesOf(rows: readonly PresenceRow[]): Judges {
  const lesson = presenceLesson(rows)
  return { linear: trainPresence(lesson, OUTPUTS), latent: trainLatent(lesson, OUTPUTS.length) }
}

interface Reading {
  brief: boolean
  whole: Scores
  parts: Scores[]
}

/** Few words say little: they have a band of their own. Characters. */
export const BRIEF_MAX = 9
/** Longest message that is also read as a whole, in characters. */
export const WHOLE_MAX = 120

function readingOf(judges: Judges, text: string): Reading {
  return {
    brief: text.length <= BRIEF_MAX,
    whole: scoreWindow(judges, text.slice(0, WHOLE_MAX)),
    parts: partsOf(text).map((part) => scoreWindow(judges, part)),
  }
}

const partsOf = (text: string) =>
  windows(text)
    .filter(({ start, end }) => end - start < text.length)
    .map(({ start, end }) => text.slice(start, end))

/** The scores of one stretch of normalised, unmasked text. */
export function scoreWindow({ linear, latent }: Judges, text: string): Scores {
  const found = presentIn(text, linear.index)
  const second = latentLogOdds(latent, found)
  const p = presenceLogOdds(linear, found).map((odds, k) => {
    const share = LATENT_SHARE[OUTPUTS[k] === 'urgent' ? 'urgent' : 'other']
    return logistic((1 - share) * odds + share * second[k]!)
  })
  const kinds = Object.fromEntries(KINDS.map((kind, i) => [kind, p[i + 3]])) as Record<DangerKind, number>
  // Opinions that agree are worth more than one that is loud: whether, how much, and of which kind.
  const [raised, urgent] = [logOdds(p[0] as number), logOdds(p[1] as number)]
  const kind = Math.max(...KINDS.map((each) => logOdds(kinds[each])))
  const sooner = Math.max(kind, logOdds(kinds.attempt) + ATTEMPT_SOONER)
  return {
    raised: logistic((raised + 0.5 * sooner) / 1.5),
    urgent: logistic((urgent + 0.5 * raised + 0.25 * kind) / 1.75),
    report: p[2] as number,
    kinds,
  }
}

function linesOf({ files, everyday, questions, safe }: RiskLesson): Labelled[] {
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
        lines.push(lineOf(text, target, group.level === 'none' ? 'soundalike' : 'danger'))
    }
  }
  for (const text of everyday) lines.push(lineOf(text, NOTHING, 'everyday'))
  for (const { text, danger } of questions) {
    const near = danger && OUTPUTS.map((output) => dangerTarget(output, danger))
    lines.push(near ? lineOf(text, near, 'danger', ASKED_WEIGHT) : lineOf(text, NOTHING, 'soundalike'))
  }
  for (const text of safe) lines.push(lineOf(text, NOTHING, 'soundalike'))
  return lines
}

const lineOf = (text: string, target: number[], level: Labelled['level'], share = 1): Labelled => ({
  text: prepare(text),
  target,
  level,
  weight: WEIGHT[level] * share,
})

/** Raised and of this kind; how urgent, whether to report and which kinds besides, nobody has said. */
function dangerTarget(output: string, danger: DangerKind): number {
  return output === 'raised' || output === danger ? 1 : NaN
}

const prepare = (text: string) => unmask(normalise(text).text)

/** What a line teaches: itself, and an everyday one its parts as well. */
function rowsOf({ text, target, level, weight }: Labelled): PresenceRow[] {
  const parts = level === 'everyday' ? partsOf(text) : []
  return [
    presenceRow({ text, target, weight }),
    ...parts.map((part) => presenceRow({ text: part, target, weight: PART_WEIGHT })),
  ]
}

/** A short line as it would be typed in pinyin: few such lines are written, and their words are those of all the others. */
function soundOf({ text, target, weight }: Labelled): PresenceRow[] {
  if (text.length > SOUNDED_MAX || !/\p{Script=Han}{2}/u.test(text)) return []
  return [presenceRow({ text: sounded(text), target, weight: weight * SOUND_WEIGHT })]
}

/** The lowest scores at which the shares of false alarms hold. */
function band(
  seen: Record<'soundalike' | 'everyday', Reading[]>,
  output: 'raised' | 'urgent',
  level: 'watch' | 'urgent',
): Band {
  const needed = (
    place: keyof Band,
    of: (reading: Reading) => boolean,
    score: (reading: Reading) => number,
  ) => {
    const scores = (readings: Reading[]) => readings.filter(of).map(score)
    const bound = Math.max(
      upperQuantile(scores(seen.everyday), EVERYDAY[level][place]),
      upperQuantile(scores(seen.soundalike), SOUNDALIKE[level]),
    )
    return Math.min(0.98, Math.max(0.2, bound))
  }
  const whole = (reading: Reading) => reading.whole[output]
  return {
    brief: needed('brief', ({ brief }) => brief, whole),
    whole: needed('whole', ({ brief }) => !brief, whole),
    part: needed(
      'part',
      () => true,
      ({ parts }) => Math.max(0, ...parts.map((part) => part[output])),
    ),
  }
}

/** log(p / (1 - p)), finite for 0 and 1. */
export const logOdds = (p: number): number => Math.log((p + 1e-6) / (1 - p + 1e-6))
const logistic = (x: number) => 1 / (1 + Math.exp(-x))

function upperQuantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => b - a)
  return sorted[Math.floor(sorted.length * share)] ?? 1
}
