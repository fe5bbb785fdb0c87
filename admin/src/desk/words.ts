import type { Grade, Outcome } from '../../../shared/desk.js'
import type { DangerKind, RiskLevel } from '../../../shared/risk.js'

/** What the desk calls things. Each is a word first; colour and icon only repeat it. */
export const GRADE_WORDS: Record<Grade, { label: string; meaning: string }> = {
  attempt: { label: '生命危险', meaning: '可能正在伤害自己，先接这个' },
  urgent: { label: '紧急', meaning: '说到了生命或身体的危险' },
  report: { label: '强制报告', meaning: '怀疑未成年人正受到侵害' },
  asked: { label: '要找真人', meaning: '自己要求和真人说话' },
  fault: { label: '机器没接住', meaning: '机器没能回答，或看不懂' },
}

export const KIND_WORDS: Record<DangerKind, string> = {
  'self-harm': '轻生或自伤',
  attempt: '正在自伤',
  violence: '暴力',
  sexual: '性侵害',
  bullying: '欺凌',
  threat: '要伤害别人',
  runaway: '离家出走',
  drugs: '毒品',
  extortion: '敲诈勒索',
  medical: '急病或受伤',
  neglect: '没人照看',
}

export const LEVEL_WORDS: Record<RiskLevel, string> = { none: '没有危险', watch: '要留心', urgent: '紧急' }

export const OUTCOME_WORDS: Record<Outcome, { label: string; meaning: string }> = {
  helped: { label: '说开了', meaning: '谈过了，现在安全，知道下一步怎么做' },
  emergency: { label: '已请急救或警察', meaning: '已打 110 或 120，或确认有人到了身边' },
  referred: { label: '已转介', meaning: '交给了医院、学校、民政、法律援助等' },
  left: { label: '没再回话', meaning: '孩子离开了，没有谈完' },
  'not-needed': { label: '不需要真人', meaning: '误报，或者机器已经答好' },
}

const CHANNEL_WORDS: Record<string, string> = {
  web: '网页',
  wechat: '微信',
  wechaty: '微信（其他 puppet）',
  telegram: 'Telegram',
  sms: '短信',
}
/** A channel in the desk's words; one without a word keeps its name. */
export const channelWord = (name: string): string => CHANNEL_WORDS[name] ?? name

/** 40 秒, 3 分 5 秒, 2 小时 10 分, 3 天: how long somebody has waited. */
export function waitingFor(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  if (seconds < 60) return `${seconds} 秒`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} 分 ${seconds % 60} 秒`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} 小时 ${minutes % 60} 分` : `${Math.floor(hours / 24)} 天`
}

const clock = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  hour: '2-digit',
  minute: '2-digit',
})
const date = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', month: 'numeric', day: 'numeric' })

/** 14:05 of today, else 3月4日 14:05, Asia/Shanghai. */
export function timeOf(iso: string, now: Date): string {
  const at = new Date(iso)
  return date.format(at) === date.format(now) ? clock.format(at) : `${monthDay(at)} ${clock.format(at)}`
}

function monthDay(at: Date): string {
  const [month, day] = date
    .formatToParts(at)
    .flatMap(({ type, value }) => (type === 'month' || type === 'day' ? [value] : []))
  return `${month}月${day}日`
}

/** A counselor's first words, to be changed as they like: who speaks, that it is a human, that all was read. */
export const firstWords = (workName: string): string =>
  `我是${workName}，是真人。你前面写的我都看过了，不用再说一遍。`
