import { auroc, proportion, type Area, type Proportion } from './intervals.js'
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
