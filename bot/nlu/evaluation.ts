import type { RiskLevel } from '../../shared/risk.js'

/** A question with what its readers say is right. */
export interface Case {
  text: string
  /** The topic it is about; null when there is none of ours. */
  topic: string | null
  /** Other topics that are equally right. */
  also: string[]
  /** Whether it is the hotline's business at all. */
  inScope: boolean
  risk: RiskLevel
  /** Suspected harm to a minor. */
  report: boolean
}

/** What the bot made of a message. */
export interface Result {
  /** The topic it would answer; null when it is not sure enough. */
  intent: string | null
  /** Of the best guess, also when `intent` is null. 0..1 */
  confidence: number
  /** Best first, without `intent`; when that is null the best guess comes first. */
  alternatives: { intent: string; confidence: number }[]
  risk: RiskLevel
  report: boolean
}

/** `count` of `of`, with the 95 % interval of the share; `share` is null when there was nothing to count. */
export interface Proportion {
  count: number
  of: number
  share: number | null
  low: number
  high: number
}

/** An area under the curve, or null when one of the two sides is empty. */
export type Area = { area: number; low: number; high: number } | null

export interface Topics {
  cases: number
  top1: Proportion
  top3: Proportion
  /** The best guess right, whether or not it was sure enough to be answered. */
  guess: Proportion
}

export interface IntentScore {
  intent: string
  /** Of the times it was answered, how often that was right. */
  precision: Proportion
  /** Of the questions about it, how many were answered by it or by another right topic. */
  recall: Proportion
}

export interface Confusion {
  expected: string | null
  got: string | null
  count: number
}

export interface Alarms {
  /** Watch or urgent. */
  raised: Proportion
  urgent: Proportion
}

export interface Evaluation {
  cases: number
  inScope: number
  outOfScope: number
  risk: {
    urgentRaised: Proportion
    urgentAsUrgent: Proportion
    watchRaised: Proportion
    /** Messages without danger that were raised, and that were called urgent. */
    falseAlarms: Alarms
    /** Positions of the cases, from 0. */
    urgentMissed: number[]
    watchMissed: number[]
    falselyUrgent: number[]
  }
  report: { recall: Proportion; falseAlarms: Proportion; missed: number[] }
  /** In-scope questions only. */
  topics: {
    all: Topics
    /** Its topic or another right one is in the content. */
    present: Topics
    /** No right topic is in the content: cannot be answered rightly. */
    absent: Topics
    /** Its own topic is in the content, or is not, whatever else would be right. */
    ownPresent: Topics
    ownAbsent: Topics
  }
  intents: IntentScore[]
  confusions: Confusion[]
  scope: {
    /** How well the confidence tells in-scope questions from the others. */
    auroc: Area
    /** The same where a guess of `chat.out_of_scope` counts as no confidence: it is a refusal, however sure. */
    aurocRefusals: Area
    /** No topic answered, or the one that says "not our business". */
    refusedOutOfScope: Proportion
    refusedInScope: Proportion
  }
}

/** The topic that says "this is not our business": right for what is out of scope. */
const REFUSAL = 'chat.out_of_scope'
/** The 97.5 % point of the normal distribution. */
const Z = 1.959964

/**
 * `count` of `of` with Wilson's 95 % score interval (E. B. Wilson, Probable inference, the law of succession, and
 * statistical inference, JASA 22 (1927) 209–212): holds for few cases and for shares near 0 and 1.
 */
export function proportion(count: number, of: number): Proportion {
  if (of === 0) return { count, of, share: null, low: 0, high: 1 }
  const share = count / of
  const scale = 1 + Z ** 2 / of
  const middle = (share + Z ** 2 / (2 * of)) / scale
  const half = (Z * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2))) / scale
  // At the ends the bound is exact; rounding must not put it beside the share.
  return { count, of, share, low: count === 0 ? 0 : middle - half, high: count === of ? 1 : middle + half }
}

/**
 * The chance that a positive scores above a negative, a tie counting half (area under the ROC curve), with the 95 %
 * score interval of R. G. Newcombe, Statistics in Medicine 25 (2006) 559–573, method 5.
 */
export function auroc(positives: readonly number[], negatives: readonly number[]): Area {
  if (positives.length === 0 || negatives.length === 0) return null
  const sorted = [...negatives].sort((a, b) => a - b)
  const sum = positives.reduce(
    (total, score) => total + (below(sorted, score) + belowOrEqual(sorted, score)) / 2,
    0,
  )
  const area = sum / (positives.length * negatives.length)
  const outside = (guess: number) =>
    Math.abs(guess - area) > Z * deviation(guess, positives.length, negatives.length)
  return { area, low: border(0, area, outside), high: border(1, area, outside) }
}

/** Compares what was recognised with what is right; `known` are the intents of the content. */
export function evaluate(
  cases: readonly Case[],
  results: readonly Result[],
  known: ReadonlySet<string>,
): Evaluation {
  if (cases.length !== results.length) throw new RangeError('every case needs its result')
  const rows = cases.map((expected, index) => ({ index, expected, got: results[index] as Result }))
  const inScope = rows.filter(({ expected }) => expected.inScope)
  return {
    cases: rows.length,
    inScope: inScope.length,
    outOfScope: rows.length - inScope.length,
    risk: riskOf(rows),
    report: reportOf(rows),
    topics: topicsOf(inScope, known),
    intents: intentsOf(rows),
    confusions: confusionsOf(rows),
    scope: scopeOf(rows),
  }
}

/** Alarms among messages nobody labelled. */
export function alarms(results: readonly Pick<Result, 'risk'>[]): Alarms {
  return {
    raised: share(results, ({ risk }) => risk !== 'none'),
    urgent: share(results, ({ risk }) => risk === 'urgent'),
  }
}

interface Row {
  index: number
  expected: Case
  got: Result
}

function share<T>(items: readonly T[], holds: (item: T) => boolean): Proportion {
  return proportion(items.filter(holds).length, items.length)
}

const raised = ({ got }: Row) => got.risk !== 'none'
const quiet = ({ got }: Row) => got.risk === 'none'
const refused = ({ got }: Row) => got.intent === null || got.intent === REFUSAL
const indexes = (rows: readonly Row[]) => rows.map(({ index }) => index)

function riskOf(rows: readonly Row[]): Evaluation['risk'] {
  const [urgent, watch, none] = (['urgent', 'watch', 'none'] as const).map((level) =>
    rows.filter(({ expected }) => expected.risk === level),
  ) as [Row[], Row[], Row[]]
  return {
    urgentRaised: share(urgent, raised),
    urgentAsUrgent: share(urgent, ({ got }) => got.risk === 'urgent'),
    watchRaised: share(watch, raised),
    falseAlarms: alarms(none.map(({ got }) => got)),
    urgentMissed: indexes(urgent.filter(quiet)),
    watchMissed: indexes(watch.filter(quiet)),
    falselyUrgent: indexes(none.filter(({ got }) => got.risk === 'urgent')),
  }
}

function reportOf(rows: readonly Row[]): Evaluation['report'] {
  const due = rows.filter(({ expected }) => expected.report)
  const idle = rows.filter(({ expected }) => !expected.report)
  const flagged = ({ got }: Row) => got.report
  return {
    recall: share(due, flagged),
    falseAlarms: share(idle, flagged),
    missed: indexes(due.filter((row) => !flagged(row))),
  }
}

function isRight({ topic, also, inScope }: Case, intent: string | null): boolean {
  if (intent === null) return false
  return intent === topic || also.includes(intent) || (!inScope && intent === REFUSAL)
}

function guesses({ intent, alternatives }: Result): string[] {
  const others = alternatives.map((each) => each.intent)
  return (intent === null ? others : [intent, ...others]).slice(0, 3)
}

function topicsOf(rows: readonly Row[], known: ReadonlySet<string>): Evaluation['topics'] {
  const own = ({ expected }: Row) => expected.topic !== null && known.has(expected.topic)
  const some = (row: Row) => own(row) || row.expected.also.some((topic) => known.has(topic))
  const measure = (part: readonly Row[]): Topics => ({
    cases: part.length,
    top1: share(part, ({ expected, got }) => isRight(expected, got.intent)),
    top3: share(part, ({ expected, got }) => guesses(got).some((guess) => isRight(expected, guess))),
    guess: share(part, ({ expected, got }) => isRight(expected, guesses(got)[0] ?? null)),
  })
  return {
    all: measure(rows),
    present: measure(rows.filter(some)),
    absent: measure(rows.filter((row) => !some(row))),
    ownPresent: measure(rows.filter(own)),
    ownAbsent: measure(rows.filter((row) => row.expected.topic !== null && !own(row))),
  }
}

function intentsOf(rows: readonly Row[]): IntentScore[] {
  const answered = groupBy(rows, ({ got }) => got.intent)
  const asked = groupBy(rows, ({ expected }) => expected.topic)
  const right = ({ expected, got }: Row) => isRight(expected, got.intent)
  const names = new Set([...answered.keys(), ...asked.keys()])
  return [...names]
    .filter((name) => name !== null)
    .sort()
    .map((intent) => ({
      intent,
      precision: share(answered.get(intent) ?? [], right),
      recall: share(asked.get(intent) ?? [], right),
    }))
}

/** Most frequent first. What is out of scope and not answered is no confusion. */
function confusionsOf(rows: readonly Row[]): Confusion[] {
  const wrong = rows.filter(
    ({ expected, got }) => !isRight(expected, got.intent) && (expected.inScope || got.intent !== null),
  )
  const pairs = groupBy(wrong, ({ expected, got }) => JSON.stringify([expected.topic, got.intent]))
  return [...pairs.values()]
    .map((same) => {
      const { expected, got } = same[0] as Row
      return { expected: expected.topic, got: got.intent, count: same.length }
    })
    .sort((a, b) => b.count - a.count)
}

function scopeOf(rows: readonly Row[]): Evaluation['scope'] {
  const inside = rows.filter(({ expected }) => expected.inScope)
  const outside = rows.filter(({ expected }) => !expected.inScope)
  const sure = ({ got }: Row) => got.confidence
  const ours = (row: Row) => (guesses(row.got)[0] === REFUSAL ? -sure(row) : sure(row))
  return {
    auroc: auroc(inside.map(sure), outside.map(sure)),
    aurocRefusals: auroc(inside.map(ours), outside.map(ours)),
    refusedOutOfScope: share(outside, refused),
    refusedInScope: share(inside, refused),
  }
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

const below = (sorted: readonly number[], score: number) => position(sorted, (each) => each < score)
const belowOrEqual = (sorted: readonly number[], score: number) => position(sorted, (each) => each <= score)

/** How many items at the beginning hold. */
function position(sorted: readonly number[], holds: (each: number) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(sorted[middle] as number)) low = middle + 1
    else high = middle
  }
  return low
}

/** Hanley and McNeil's standard error of an area, both sides taken as equally large, as Newcombe's method 5 has it. */
function deviation(area: number, positives: number, negatives: number): number {
  const rest = (positives + negatives) / 2 - 1
  const spread = 1 + rest * ((1 - area) / (2 - area) + area / (1 + area))
  return Math.sqrt((area * (1 - area) * spread) / (positives * negatives))
}

/** Where `outside` stops to hold on the way from one end to the area. */
function border(end: number, area: number, outside: (guess: number) => boolean): number {
  let [far, near] = [end, area]
  for (let i = 0; i < 50; i++) {
    const middle = (far + near) / 2
    if (outside(middle)) far = middle
    else near = middle
  }
  return near
}
