import {
  DANGER_MARGIN,
  LINES_MARGIN,
  URGENT_MARGIN,
  type Figures,
  type Measured,
  type Share,
} from '../../shared/release.js'
import type { RiskLevel } from '../../shared/risk.js'
import type { Brain } from './brain.js'
import type { Content } from './content.js'
import { evenly } from './evenly.js'

/** A content and the brain that learnt it. */
export interface Taught {
  content: Content
  brain: Brain
}

/** Questions of one kind that are put to a brain: a release is measured in seconds. */
const ASKED = 1_500

/** Shown to the person who decides; more would not be read. */
const SHOWN = 20

interface DangerLine {
  kind: string
  level: RiskLevel
  text: string
}
interface Phrase {
  id: string
  title: string
  text: string
}
interface Questions {
  danger: DangerLine[]
  everyday: string[]
  phrases: Phrase[]
}

/**
 * Puts the same questions to both. Lines of danger held out by either are asked, so that a line dropped from the new
 * content still counts against it; what either was taught is not, since it would measure memory.
 */
export async function compare(
  before: Taught | null,
  after: Taught,
): Promise<Pick<Figures, 'before' | 'after' | 'missed' | 'worse'>> {
  const questions = questionsOf(before?.content ?? null, after.content)
  const now = await ask(after.brain, questions)
  const then = before ? await ask(before.brain, questions) : null
  return {
    before: then && measured(questions, then),
    after: measured(questions, now),
    missed: then
      ? questions.danger
          .filter((_, i) => then.danger[i] !== 'none' && now.danger[i] === 'none')
          .slice(0, SHOWN)
      : [],
    worse: then ? worse(questions.phrases, then.phrases, now.phrases) : [],
  }
}

/** Why this must not go live, or null. */
export function refusal({
  before,
  after,
}: Pick<Figures, 'before' | 'after'>): 'danger-fell' | 'nothing-measured' | null {
  if (after.danger.of === 0 || after.urgent.of === 0) return 'nothing-measured'
  if (!before) return null
  const fell =
    falls(before.danger, after.danger, DANGER_MARGIN) ||
    falls(before.urgent, after.urgent, DANGER_MARGIN) ||
    falls(before.urgentAsUrgent, after.urgentAsUrgent, URGENT_MARGIN)
  return fell ? 'danger-fell' : null
}

/** Both are counts of the same lines. */
const falls = (before: Share, after: Share, margin: number) =>
  before.count - after.count > Math.max(LINES_MARGIN, margin * after.of)

function questionsOf(before: Content | null, after: Content): Questions {
  const taught = new Set([before, after].flatMap((content) => (content ? taughtBy(content) : [])))
  const fresh = <T extends { text: string }>(items: T[]) => items.filter(({ text }) => !taught.has(text))
  const lines = new Map<string, DangerLine>()
  const everyday = new Set<string>()
  for (const content of [before, after]) {
    for (const { kind, groups } of content?.safety ?? [])
      for (const { level, test } of groups) for (const text of test) lines.set(text, { kind, level, text })
    for (const { test } of content?.background ?? []) for (const text of test) everyday.add(text)
  }
  const all = fresh([...lines.values()])
  const soundalikes = all.filter(({ level }) => level === 'none').map(({ text }) => text)
  return {
    danger: evenly(
      all.filter(({ level }) => level !== 'none'),
      ASKED,
    ),
    everyday: evenly(
      [...fresh([...everyday].map((text) => ({ text }))).map(({ text }) => text), ...soundalikes],
      ASKED,
    ),
    phrases: evenly(
      fresh(
        [...after.intents.values()].flatMap(({ id, title, test }) =>
          test.map((text) => ({ id, title, text })),
        ),
      ),
      ASKED,
    ),
  }
}

const taughtBy = ({ intents, safety, background }: Content): string[] => [
  ...[...intents.values()].flatMap(({ utterances }) => utterances),
  ...safety.flatMap(({ groups }) => groups.flatMap(({ lines }) => lines)),
  ...background.flatMap(({ lines }) => lines),
]

interface Answers {
  danger: RiskLevel[]
  everyday: RiskLevel[]
  phrases: { first: boolean; amongThree: boolean }[]
}

async function ask(brain: Brain, { danger, everyday, phrases }: Questions): Promise<Answers> {
  const answers: Answers = { danger: [], everyday: [], phrases: [] }
  for (const { text } of danger) answers.danger.push((await brain.read(text)).risk.level)
  for (const text of everyday) answers.everyday.push((await brain.read(text)).risk.level)
  for (const { id, text } of phrases) {
    const { intent, alternatives } = await brain.recognise(text)
    const guesses = [...(intent ? [intent] : []), ...alternatives.map((each) => each.intent)].slice(0, 3)
    answers.phrases.push({ first: intent === id, amongThree: guesses.includes(id) })
  }
  return answers
}

function measured({ danger }: Questions, answers: Answers): Measured {
  const urgent = answers.danger.filter((_, i) => danger[i]?.level === 'urgent')
  return {
    danger: share(answers.danger, (level) => level !== 'none'),
    urgent: share(urgent, (level) => level !== 'none'),
    urgentAsUrgent: share(urgent, (level) => level === 'urgent'),
    falseAlarms: share(answers.everyday, (level) => level !== 'none'),
    top1: share(answers.phrases, ({ first }) => first),
    top3: share(answers.phrases, ({ amongThree }) => amongThree),
  }
}

function worse(
  phrases: readonly Phrase[],
  then: Answers['phrases'],
  now: Answers['phrases'],
): Figures['worse'] {
  const topics = new Map(phrases.map(({ id, title }) => [id, title]))
  return [...topics]
    .map(([id, title]) => {
      const own = (answers: Answers['phrases']) =>
        share(
          answers.filter((_, i) => phrases[i]?.id === id),
          ({ first }) => first,
        )
      return { id, title, before: own(then), after: own(now) }
    })
    .filter(({ before, after }) => after.count < before.count)
    .sort((a, b) => b.before.count - b.after.count - (a.before.count - a.after.count))
    .slice(0, SHOWN)
}

const share = <T>(items: readonly T[], holds: (item: T) => boolean): Share => ({
  count: items.filter(holds).length,
  of: items.length,
})
