import { DangerKind, type RiskKind, type RiskLevel, type Speaker } from '../../shared/risk.js'
import { clauses, windows, type Span } from '../text/clauses.js'
import { normalise } from '../text/normalise.js'
import { unmask } from './evasions.js'
import {
  BRIEF_MAX,
  logOdds,
  scoreWindow,
  WHOLE_MAX,
  type Band,
  type RiskModel,
  type Scores,
} from './model.js'
import { IDIOMS, RULES, type Rule } from './rules.js'
import { speakerOf } from './speaker.js'

/** What a message says of danger. */
export interface Risk {
  level: RiskLevel
  kinds: DangerKind[]
  /** Suspected harm to a minor (未成年人保护法 第十一条): a duty that stands beside the level. */
  report: boolean
  /** 0..1, how sure, for the order of the desk. */
  score: number
  speaker: Speaker
  /** What softened the level, or null: the route changes, the alarm is never silenced. */
  modifier: Modifier | null
  /** The clauses that say so, as [start, end) in the original text. */
  evidence: Span[]
}

export type Modifier = 'negation' | 'quotation' | 'law' | 'fiction' | 'game'

const NEGATION =
  /(?:没有?|不会|不是|从来?没?不?|并不|并没有?|绝不|不可能|可没|又不是|也不|不敢)(?:真的?|要|是)?(?:想|要|打算|考虑)?(?:过|着)?(?:要|去)?(?:死|自杀|轻生|自残|伤害自己|不想活)|不想死|不想自杀|不会(?:去)?做傻事/g
const FICTION =
  /小说|剧本|作文|剧情|电影|电视剧|动漫|漫画|角色|主角|男主|女主|反派|台词|歌词|这首歌|歌里|唱的|书里|课文|同人文|番剧|游戏里/
const GAME =
  /游戏|队友|复活|王者|吃鸡|排位|开黑|打野|副本|boss|血条|残血|丝血|人机|团灭|原神|英雄联盟|lol|蛋仔|我的世界/
const LAW =
  /(?:犯法|违法|犯罪|判(?:几年|刑|多久)|法律(?:效力|责任|规定)|立案|起诉|赔偿|算不算|属于|构成|罪名|承担|责任|怎么处罚|有效吗|合法)/
const QUOTATION =
  /(?:新闻|报道|网上(?:说|看到)|看到(?:一个|有人)|听说|据说|老师讲|有人说|歌里唱|俗话说|名言|这句话)/

/** A polite end and nothing else. After danger the conversation asks about it all the same. */
const PARTING =
  /^(?:好的|好|嗯|那|谢谢(?:你们|你|您|老师)?|多谢|辛苦了|麻烦了|知道了|再见|拜|88|晚安|明天见|回头见|下次见|[\p{P}\p{Z}\s啦了哦呀])+$/u
/** Characters. */
const PARTING_MAX = 20

/** Kinds beside self-harm that are suspected harm by others to a minor. */
const HARMED = new Set<DangerKind>(['violence', 'sexual', 'bullying', 'neglect', 'extortion'])
const ADULT_MATTER = /(?:老公|丈夫|妻子|老婆|前夫|前妻|婆婆|公公|公司|同事|单位|合同|工程|房产|离婚协议)/
const MINOR =
  /(?:同学|学校|老师|班|校园|爸|妈|父|母|继父|后妈|孩子|儿子|女儿|弟|妹|未成年|初[一二三中]|高[一二三中]|小学|中学|(?<!\d)(?:[3-9]|1[0-7])岁|十[一二三四五六七]岁|宿舍|室友|小朋友|儿童|少女|少年)/

/**
 * Reads the danger in a message: rules and model over clauses, neighbouring clauses and the head of the text. `lately` is
 * what the same person wrote before it in this talk, the latest last; without it the message is read alone.
 * Never throws; work grows linearly with the length.
 */
export function assess(model: RiskModel, original: string, lately: readonly string[] = []): Risk {
  const { text: plain, offsets } = normalise(original)
  const text = unmask(plain)
  const spans = windows(text)
  if (spans.length === 0 || (text.length <= PARTING_MAX && PARTING.test(text))) return noRisk()
  if (text.length <= WHOLE_MAX) spans.push({ start: 0, end: text.length })
  const share = lately.length > 0 ? RULED_LATER : RULED_OPENING
  const readings = spans.map((span) => {
    const whole = span.end - span.start === text.length
    const place = !whole ? 'part' : text.length <= BRIEF_MAX ? 'brief' : 'whole'
    return read(model, text.slice(span.start, span.end), span, place, share)
  })
  const modifier = modifierOf(text)
  const best = worst(readings)
  const found = kindsOf(readings, model)
  const kinds = likely(found)
  const alone = soften(best.level, modifier, best)
  const softened = lately.length > 0 ? inTalk(alone, readings, model, [...lately, original]) : alone
  // Under fourteen there is no consent (刑法 第二百三十六条): urgent whatever is said of it.
  const level = softened === 'watch' && kinds[0] === 'sexual' && underFourteen(text) ? 'urgent' : softened
  if (level === 'none') return { ...noRisk(), score: best.score }
  const about = text.slice(best.span.start, best.span.end)
  return {
    level,
    kinds: kinds.length ? kinds : ['self-harm'],
    report: reportOf(
      readings,
      found.map(([kind]) => kind),
      text,
      modifier,
    ),
    score: best.score,
    speaker: speakerOf(text, about),
    modifier,
    evidence: evidenceOf(original, text, plain, offsets, readings, model),
  }
}

/** How sure of a dangerous topic one must be for it to raise a message by itself, 0..1. */
const TOPIC_RAISES = 0.8

/** A message recognised as being about a danger is at least worth a gentle question. */
export function raisedByTopic(risk: Risk, kind: DangerKind, text: string, confidence: number): Risk {
  if (risk.level !== 'none' || confidence < TOPIC_RAISES || FICTION.test(text)) return risk
  const report = HARMED.has(kind) && MINOR.test(text)
  return {
    ...risk,
    level: 'watch',
    kinds: [kind],
    report,
    score: Math.max(risk.score, 0.4),
    speaker: speakerOf(text),
  }
}

/** The kinds as the command line prints them: the report flag among them. */
export function kindsWithReport(risk: Risk): RiskKind[] {
  return risk.report ? [...risk.kinds, 'report'] : risk.kinds
}

function underFourteen(text: string): boolean {
  const age = /(?<!\d)(\d{1,2})\s*(?:周岁|岁)/.exec(text)
  return (
    (age !== null && Number(age[1]) < 14) ||
    /十[一二三]岁|[六七八九十]岁|小学生|[一二三四五六]年级/.test(text)
  )
}

/** A kind much less likely than the likeliest is not spoken to: coal gas is no attempt. */
const KIND_SHARE = 0.75

interface Reading {
  span: Span
  scores: Scores
  rules: Rule[]
  level: RiskLevel
  /** How far past the urgent band, in log odds; a rule that makes it urgent counts as reaching it. */
  past: number
  score: number
}

/** No danger at all. */
export function noRisk(): Risk {
  return { level: 'none', kinds: [], report: false, score: 0, speaker: 'self', modifier: null, evidence: [] }
}

/**
 * The part of a band that the model has to believe where a rule speaks: of the urgent one in a message that opens a talk
 * (who comes with such a word comes for it), in one further on, and of the watch band.
 */
const RULED_OPENING = 0.1
const RULED_LATER = 0.25
const RULED_WATCH = 0.15

function read(model: RiskModel, piece: string, span: Span, place: keyof Band, share: number): Reading {
  const [urgentFrom, watchFrom] = [model.urgent[place], model.watch[place]]
  const said = piece.replace(IDIOMS, '～')
  const bare = said.replace(NEGATION, '～')
  const scores = scoreWindow(model, piece)
  // What is urgent must be so without the wish that was denied: 我没有想自杀，就是心情不好.
  if (bare !== said) scores.urgent = Math.min(scores.urgent, scoreWindow(model, bare).urgent)
  const rules = RULES.filter((rule) => rule.pattern.test(bare))
  const ruled = rules.some((rule) => rule.level === 'urgent')
  const isSure = ruled || rules.some((rule) => rule.isSure)
  // A rule and some belief of the model, or the model alone when it is sure.
  const urgent = scores.urgent >= urgentFrom || (ruled && scores.urgent >= urgentFrom * share)
  const raised =
    scores.raised >= watchFrom || isSure || (rules.length > 0 && scores.raised >= watchFrom * RULED_WATCH)
  const level = urgent ? 'urgent' : raised ? 'watch' : 'none'
  const score = urgent ? Math.max(scores.urgent, ruled ? 0.8 : 0) : scores.raised * 0.8
  const beyond = logOdds(scores.urgent) - logOdds(urgentFrom)
  const past = urgent ? Math.max(0, beyond) : beyond
  return { span, scores, rules, level, past, score: Math.min(1, score) }
}

/** Messages before this one that are read together with it, and characters of them all. */
export const TALK_MESSAGES = 3
export const TALK_MAX = 240
/** What needs no talk around it: so far past the urgent band, in log odds, or an urgent rule of any other kind than this. */
const FIRM = 1.5
const NEEDS_TALK: DangerKind = 'threat'
/** What the log odds of danger in the talk weigh beside the message, and what both have to come to. */
const TALK_WEIGHT = 1
const TALK_LEAST = 3.7

/**
 * Whether danger that a message raises is urgent, by the message and by the talk it stands in: 我要弄死他 after a lost game
 * is not what it is after blows. Silences nothing: what is raised stays raised.
 */
function inTalk(
  level: RiskLevel,
  readings: readonly Reading[],
  model: RiskModel,
  talk: readonly string[],
): RiskLevel {
  if (level === 'none') return level
  const past = Math.max(...readings.map((reading) => reading.past))
  const isSaid = (rule: Rule) => rule.level === 'urgent' && rule.kind !== NEEDS_TALK
  if (level === 'urgent' && (past >= FIRM || readings.some(({ rules }) => rules.some(isSaid)))) return level
  const text = talk
    .slice(-1 - TALK_MESSAGES)
    .join(' ')
    .slice(-TALK_MAX)
  const around = logOdds(scoreWindow(model, unmask(normalise(text).text)).raised)
  return past + TALK_WEIGHT * around >= TALK_LEAST ? 'urgent' : 'watch'
}

const RANK: Record<RiskLevel, number> = { none: 0, watch: 1, urgent: 2 }

function worst(readings: readonly Reading[]): Reading {
  return readings.reduce((a, b) =>
    RANK[b.level] > RANK[a.level] || (b.level === a.level && b.score > a.score) ? b : a,
  )
}

function modifierOf(text: string): Modifier | null {
  if (FICTION.test(text)) return 'fiction'
  if (GAME.test(text)) return 'game'
  if (new RegExp(NEGATION.source).test(text)) return 'negation'
  if (QUOTATION.test(text)) return 'quotation'
  if (LAW.test(text)) return 'law'
  return null
}

/** A modifier takes an urgent reading down one step unless the model itself is sure of it; it never silences. */
function soften(level: RiskLevel, modifier: Modifier | null, best: Reading): RiskLevel {
  if (level !== 'urgent' || !modifier) return level
  const firm = modifier === 'law' || modifier === 'quotation' || modifier === 'negation' ? 0.9 : 0.97
  return best.scores.urgent >= firm ? 'urgent' : 'watch'
}

/** Every kind that something speaks for, with how strongly, 0..1, the strongest first. */
function kindsOf(readings: readonly Reading[], model: RiskModel): [DangerKind, number][] {
  const weight = new Map<DangerKind, number>()
  const add = (kind: DangerKind, by: number) => weight.set(kind, Math.max(weight.get(kind) ?? 0, by))
  for (const { level, scores, rules } of readings) {
    if (level === 'none') continue
    for (const rule of rules) add(rule.kind, rule.level === 'urgent' ? 0.9 : 0.6)
    for (const kind of DangerKind.options)
      if (scores.kinds[kind] >= Math.min(0.5, model.watch.whole)) add(kind, scores.kinds[kind])
  }
  if (weight.size === 0) {
    const top = readings.flatMap(({ scores }) =>
      DangerKind.options.map((kind) => [kind, scores.kinds[kind]] as const),
    )
    const best = top.reduce((a, b) => (b[1] > a[1] ? b : a))
    if (best[1] > 0.2) add(best[0], best[1])
  }
  return [...weight].sort((a, b) => b[1] - a[1])
}

/** The kinds worth speaking to, likeliest first. */
function likely(found: readonly [DangerKind, number][]): DangerKind[] {
  const most = found[0]?.[1] ?? 0
  return found.filter(([, weight]) => weight >= most * KIND_SHARE).map(([kind]) => kind)
}

function reportOf(
  readings: readonly Reading[],
  kinds: readonly DangerKind[],
  text: string,
  modifier: Modifier | null,
): boolean {
  if (modifier === 'fiction' || modifier === 'game') return false
  const modelled = Math.max(...readings.map(({ scores }) => scores.report))
  const harmed = kinds.some((kind) => HARMED.has(kind))
  if (harmed && MINOR.test(text)) return true
  return modelled >= 0.5 && !(ADULT_MATTER.test(text) && !MINOR.test(text))
}

/** The raised clauses in the original's own positions; unmasking changes lengths, so those texts are marked whole. */
function evidenceOf(
  original: string,
  text: string,
  plain: string,
  offsets: Uint32Array,
  readings: Reading[],
  model: RiskModel,
): Span[] {
  if (text !== plain) return [{ start: 0, end: original.length }]
  const single = new Set(clauses(text).map(({ start, end }) => `${start}-${end}`))
  const raised = readings.filter(
    ({ level, span }) => level !== 'none' && single.has(`${span.start}-${span.end}`),
  )
  const used = raised.length ? raised : readings.filter(({ scores }) => scores.raised >= model.watch.part)
  return used.slice(0, 20).map(({ span }) => ({
    start: offsets[span.start] ?? 0,
    end: span.end < offsets.length ? (offsets[span.end] as number) : original.length,
  }))
}
