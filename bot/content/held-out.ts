import type { RiskLevel } from '../../shared/risk.js'
import { proportion, type Proportion } from '../nlu/intervals.js'
import { misrouted } from '../safety/forbidden-pairs.js'
import { spokenFirst } from '../safety/spoken-first.js'
import type { Brain } from './brain.js'
import type { Content } from './content.js'

/** Lines of danger of one kind, told by one speaker in one style. */
export interface Cell {
  kind: string
  /** For young people the style; for everybody else, who rarely vary it, `any`. */
  speaker: string
  style: string
  raised: Proportion
  missed: string[]
}

/** Whole conversations, read message by message. */
export interface Talks {
  /** Raised no later than one message after a careful human would have acted. */
  inTime: Proportion
  /** At which message it was raised, against where a careful human would act: negative is early. */
  delays: { messages: number; count: number }[]
  never: number
  /** Urgent ones that became urgent somewhere. */
  urgent: Proportion
  /** Safe ones with an urgent alarm anywhere. */
  falseAlarms: Proportion
  /** Of the alarms, how many would be right if one conversation in fifty held danger (Bayes). */
  rightAtTwoPercent: number | null
}

export interface Confusion {
  groups: string[]
  /** The groups, then `asked` (a "did you mean") and `refused`. */
  answers: string[]
  counts: number[][]
  /** Wrongly answered, the most frequent first. */
  pairs: { topic: string; answered: string; count: number }[]
}

/** How well a brain does on all the content holds out of its lesson. */
export interface HeldOut {
  /** Worst first. */
  cells: Cell[]
  danger: { raised: Proportion; urgentAsUrgent: Proportion; attempts: Proportion; selfHarm: Proportion }
  /** Lines that only sound like danger. */
  soundalikes: { raised: Proportion; urgent: Proportion }
  talks: Talks
  phrases: { top1: Proportion; top3: Proportion; refused: Proportion }
  everyday: { raised: Proportion; urgent: Proportion; refused: Proportion }
  /** Of all problems in such messages, found; of the messages, all found; the right one first, by its topic or, where danger is spoken to first, by its danger. */
  several: { found: Proportion; all: Proportion; first: Proportion }
  followUps: Proportion
  /** Lines of danger whose topic, taken alone, would be one that must not answer them; what is said keeps them back. */
  misrouted: { text: string; topic: string }[]
  /** What was said to a phrase of each group of topics, `counts[group][answer]`, and which topics were taken for which. */
  confusion: Confusion
  /** Of the topics guessed with about this confidence, how many are right. */
  reliability: { said: number; right: Proportion }[]
}

/** Prevalence the value of an alarm is told for. */
const PREVALENCE = 0.02
const BINS = 10
/** Fewer lines say nothing of a cell. */
const CELL_LEAST = 10

/** Reads everything held out. `progress` is told how many of how many texts were read. */
export async function measureHeldOut(
  content: Content,
  brain: Brain,
  progress: (done: number, all: number) => void = () => undefined,
): Promise<HeldOut> {
  const { safety, background, intents, conversations, several, followUps } = content
  const everyday = background.flatMap(({ test }) => test)
  const lines = safety.flatMap(({ kind, groups }) =>
    groups.flatMap(({ test, ...group }) => test.map((text) => ({ ...group, kind, text }))),
  )
  const phrases = [...intents.values()].flatMap(({ id, also, test }) =>
    test.map((text) => ({ id, right: [id, ...also], own: !id.startsWith('chat.'), text })),
  )
  const talks = conversations.test
  const all =
    lines.length +
    everyday.length +
    phrases.length +
    several.length +
    followUps.length +
    talks.reduce((sum, { messages }) => sum + messages.length, 0)
  let done = 0
  const read = async (text: string, topic: string | null = null, lately: readonly string[] = []) => {
    if (++done % 250 === 0) progress(done, all)
    return brain.read(text, topic, lately)
  }

  const heard: { line: (typeof lines)[number]; level: RiskLevel; topic: string | null }[] = []
  for (const line of lines) {
    const { risk, understood } = await read(line.text)
    heard.push({ line, level: risk.level, topic: understood.intent })
  }
  const danger = heard.filter(({ line }) => line.level !== 'none')
  const urgent = danger.filter(({ line }) => line.level === 'urgent')
  const soundalikes = heard.filter(({ line }) => line.level === 'none')
  const isRaised = ({ level }: { level: RiskLevel }) => level !== 'none'
  const isUrgent = ({ level }: { level: RiskLevel }) => level === 'urgent'
  const ofKind = (kind: string) => danger.filter(({ line }) => line.kind === kind)

  const plain = []
  for (const text of everyday) {
    const { risk, understood } = await read(text)
    const { intent } = understood
    plain.push({ level: risk.level, refused: intent === null || intent === 'chat.out_of_scope' })
  }

  const guesses = []
  for (const { id, text, right, own } of phrases) {
    const { understood } = await read(text)
    const { intent, alternatives, outOfScope, confidence } = understood
    const guess = [...(intent ? [intent] : []), ...alternatives.map((each) => each.intent)].slice(0, 3)
    guesses.push({
      topic: id,
      answered: intent === null ? (outOfScope ? REFUSED : ASKED) : right.includes(intent) ? id : intent,
      first: intent !== null && right.includes(intent),
      among: guess.some((id) => right.includes(id)),
      best: right.includes(guess[0] ?? ''),
      refused: own && outOfScope,
      confidence,
    })
  }

  const problems = []
  for (const { text, topics } of several) {
    const { risk, understood } = await read(text)
    const { intent, alternatives } = understood
    // Urgent danger is spoken to before any topic.
    const danger = risk.level === 'urgent' ? spokenFirst(risk.kinds) : undefined
    const found = understood.problems.length ? understood.problems : intent ? [intent] : []
    const first = intent ?? alternatives[0]?.intent ?? ''
    problems.push({
      found: topics.map((right) => right.some((id) => found.includes(id))),
      first: (topics[0] ?? []).some((id) => id === first || (danger && intents.get(id)?.danger === danger)),
    })
  }

  const leaning = []
  for (const { topic, text, expected } of followUps) {
    const { understood } = await read(text, topic)
    const { intent, alternatives } = understood
    leaning.push(expected.includes(intent ?? alternatives[0]?.intent ?? ''))
  }

  return {
    cells: cellsOf(danger),
    danger: {
      raised: share(danger, isRaised),
      urgentAsUrgent: share(urgent, isUrgent),
      attempts: share(ofKind('attempt'), isRaised),
      selfHarm: share(ofKind('self-harm'), isRaised),
    },
    soundalikes: { raised: share(soundalikes, isRaised), urgent: share(soundalikes, isUrgent) },
    talks: await talksOf(talks, read),
    phrases: {
      top1: share(guesses, ({ first }) => first),
      top3: share(guesses, ({ among }) => among),
      refused: share(guesses, ({ refused }) => refused),
    },
    everyday: {
      raised: share(plain, isRaised),
      urgent: share(plain, isUrgent),
      refused: share(plain, ({ refused }) => refused),
    },
    several: {
      found: share(
        problems.flatMap(({ found }) => found),
        (each) => each,
      ),
      all: share(problems, ({ found }) => !found.includes(false)),
      first: share(problems, ({ first }) => first),
    },
    followUps: share(leaning, (right) => right),
    misrouted: danger.flatMap(({ line, topic }) =>
      topic && misrouted([line.kind, ...line.also], topic) ? [{ text: line.text, topic }] : [],
    ),
    confusion: confusionOf(guesses),
    reliability: reliabilityOf(guesses),
  }
}

const [ASKED, REFUSED] = ['asked', 'refused']
const groupOf = (topic: string) => topic.split('.')[0] as string

function confusionOf(guesses: readonly { topic: string; answered: string }[]): Confusion {
  const groups = [...new Set(guesses.map(({ topic }) => groupOf(topic)))].sort()
  const answers = [...groups, ASKED, REFUSED]
  const counts = groups.map((group) =>
    answers.map(
      (answer) =>
        guesses.filter(({ topic, answered }) => groupOf(topic) === group && groupOf(answered) === answer)
          .length,
    ),
  )
  const wrong = new Map<string, number>()
  for (const { topic, answered } of guesses) {
    if (answered === topic || answered === ASKED || answered === REFUSED) continue
    const pair = `${topic} ${answered}`
    wrong.set(pair, (wrong.get(pair) ?? 0) + 1)
  }
  const pairs = [...wrong].map(([pair, count]) => {
    const [topic = '', answered = ''] = pair.split(' ')
    return { topic, answered, count }
  })
  return { groups, answers, counts, pairs: pairs.sort((a, b) => b.count - a.count) }
}

type Heard = { line: { kind: string; speaker: string; style: string; text: string }; level: RiskLevel }

function cellsOf(danger: readonly Heard[]): Cell[] {
  const cells = new Map<string, Heard[]>()
  for (const each of danger) {
    const { kind, speaker, style } = each.line
    const key = `${kind} ${speaker} ${speaker === 'self' ? style : 'any'}`
    const cell = cells.get(key)
    if (cell) cell.push(each)
    else cells.set(key, [each])
  }
  return [...cells]
    .filter(([, lines]) => lines.length >= CELL_LEAST)
    .map(([key, lines]) => {
      const [kind = '', speaker = '', style = ''] = key.split(' ')
      const missed = lines.filter(({ level }) => level === 'none').map(({ line }) => line.text)
      return { kind, speaker, style, raised: proportion(lines.length - missed.length, lines.length), missed }
    })
    .sort((a, b) => (a.raised.share ?? 1) - (b.raised.share ?? 1))
}

type Reader = (text: string, topic: string | null, lately: readonly string[]) => ReturnType<Brain['read']>

async function talksOf(talks: Content['conversations']['test'], read: Reader): Promise<Talks> {
  const delays = new Map<number, number>()
  const dangers: { level: RiskLevel; delay: number | null; urgent: boolean }[] = []
  const safe: boolean[] = []
  for (const { level, act, messages } of talks) {
    let topic: string | null = null
    let raisedAt: number | null = null
    let alarm = false
    for (const [i, text] of messages.entries()) {
      const { risk, understood }: Awaited<ReturnType<Reader>> = await read(text, topic, messages.slice(0, i))
      topic = understood.intent ?? topic
      if (risk.level !== 'none') raisedAt ??= i + 1
      if (risk.level === 'urgent') alarm = true
    }
    if (act === null) safe.push(alarm)
    else {
      const delay = raisedAt === null ? null : raisedAt - act
      dangers.push({ level, delay, urgent: alarm })
      if (delay !== null) delays.set(delay, (delays.get(delay) ?? 0) + 1)
    }
  }
  const urgent = share(
    dangers.filter(({ level }) => level === 'urgent'),
    (each) => each.urgent,
  )
  const falseAlarms = share(safe, (alarm) => alarm)
  const hit = (urgent.share ?? 0) * PREVALENCE
  const miss = (falseAlarms.share ?? 0) * (1 - PREVALENCE)
  return {
    inTime: share(dangers, ({ delay }) => delay !== null && delay <= 1),
    delays: [...delays]
      .map(([messages, count]) => ({ messages, count }))
      .sort((a, b) => a.messages - b.messages),
    never: dangers.filter(({ delay }) => delay === null).length,
    urgent,
    falseAlarms,
    rightAtTwoPercent: hit + miss > 0 ? hit / (hit + miss) : null,
  }
}

function reliabilityOf(guesses: readonly { confidence: number; best: boolean }[]): HeldOut['reliability'] {
  return Array.from({ length: BINS }, (_, bin) => {
    const inside = guesses.filter(
      ({ confidence }) => Math.min(BINS - 1, Math.floor(confidence * BINS)) === bin,
    )
    const said = inside.reduce((sum, { confidence }) => sum + confidence, 0) / (inside.length || 1)
    return { said, right: share(inside, ({ best }) => best) }
  }).filter(({ right }) => right.of > 0)
}

const share = <T>(items: readonly T[], holds: (item: T) => boolean): Proportion =>
  proportion(items.filter(holds).length, items.length)
