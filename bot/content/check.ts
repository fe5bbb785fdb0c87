import type { Answer, Citation, Intent, LayerName } from '../../shared/intent.js'
import { resolveCitation } from '../laws/articles.js'
import { lawBook } from '../laws/review.js'
import { wordingFaults } from '../safety/wording.js'
import { alikePairs } from '../text/alike.js'
import { bigrams } from '../text/ngrams.js'
import { normalise } from '../text/normalise.js'
import { checkExamples } from './check-examples.js'
import { checkLines } from './check-lines.js'
import { checkPairs } from './check-pairs.js'
import { checkWarnings } from './check-warnings.js'
import { answersHash, messageHash, pathOf, type Content } from './content.js'
import type { Fault } from './faults.js'
import { numberFaults } from './numbers.js'
import { SENTENCE_MOST, sentenceLength } from './readability.js'

const ALIKE = 0.8
const LAYERS: LayerName[] = ['first', 'more', 'help']
const CITATION_FAULTS = {
  'no such statute': '法律清单里没有这部法',
  'not in force': '这部法今天没有生效',
  'no such article': '这部法没有这一条',
}
const HELD = {
  gone: '导入的法律文本里没有这一条',
  'not in force': '这部法今天没有生效',
  changed: '现行条文和写的时候不一样了，要有编辑看过才会再显示',
  unknown: '写的时候的条文没有导入过，要有编辑对照现行条文看过才会再显示',
}

/** Mistakes an author can make that a schema cannot see, on `day` (YYYY-MM-DD). Empty = publishable. */
export function checkContent(content: Content, day: string): Fault[] {
  return [
    ...[...content.intents.values()].flatMap((intent) => checkIntent(content, intent, day)),
    ...checkSystem(content, day),
    ...checkLines(content),
    ...checkExamples(content),
    ...checkWarnings(content),
  ]
}

/** Files whose lines have to be compared with thousands of others: a second of work. */
const EXAMPLES = /^(?:danger|conversations|examples)\//

/** The same for one file alone: what its author is told before it is kept. */
export function checkFile(content: Content, path: string, day: string): Fault[] {
  const intent = [...content.intents.values()].find(({ id }) => pathOf(id) === path)
  if (intent) return checkIntent(content, intent, day)
  return [
    ...checkSystem(content, day),
    ...checkLines(content),
    ...(EXAMPLES.test(path) ? checkExamples(content) : []),
    ...checkWarnings(content),
  ].filter((fault) => fault.path === path)
}

type Report = (at: string, what: string) => void

function checkIntent(content: Content, intent: Intent, day: string): Fault[] {
  const path = pathOf(intent.id)
  const faults: Fault[] = []
  const report: Report = (at, what) => faults.push({ path, at, what })
  checkButtons(content, intent, report)
  intent.answers.forEach((answer, i) => {
    for (const name of LAYERS)
      checkLayer(content, intent, answer, name, day, (at, what) => report(`answers.${i}.${name}.${at}`, what))
  })
  const readers = intent.answers.map(({ reader }) => reader)
  if (!readers.includes('young')) report('answers', '还没有写给孩子的回答')
  if (new Set(readers).size < readers.length) report('answers', '同一种读者有两份回答')
  for (const { at, what } of checkPairs(intent)) report(at, what)
  checkAlike(intent.utterances, report)
  checkSayings(content, intent, report)
  return [...faults, ...reviewFaults(path, 'reviews', intent.reviews, answersHash(intent), day)]
}

function checkButtons(content: Content, intent: Intent, report: Report): void {
  const young = intent.answers.find(({ reader }) => reader === 'young')
  intent.buttons.forEach(({ label, to }, i) => {
    if (intent.buttons.findIndex((other) => other.label === label) < i)
      report(`buttons.${i}.label`, `两个按钮的字一样：${label}`)
    if (to === 'human') return
    if (to === 'more' || to === 'help') {
      if (!young?.[to]) report(`buttons.${i}.to`, `按钮“${label}”指向 ${to}，可写给孩子的回答没有这一层`)
    } else if (!content.intents.has(to)) report(`buttons.${i}.to`, `按钮“${label}”指向 ${to}，没有这个话题`)
  })
  intent.also.forEach((id, i) => {
    if (!content.intents.has(id)) report(`also.${i}`, `没有话题 ${id}`)
  })
}

function checkLayer(
  content: Content,
  intent: Intent,
  answer: Answer,
  name: LayerName,
  day: string,
  report: Report,
): void {
  const layer = answer[name]
  if (!layer) return
  const distress = name === 'first' && ['mh.suicide', 'mh.self_harm'].includes(intent.id)
  for (const fault of wordingFaults(layer.text, distress)) report('text', fault)
  if (distress && layer.citations.length) report('citations', '对想死、自伤的人说的第一句话不带法条')
  if (name === 'first' && layer.unverified)
    report('unverified', '第一层总会显示，没核实的事实请放到第二层或第三层')
  const length = sentenceLength(layer.text)
  if (length > SENTENCE_MOST)
    report('text', `句子太长：平均 ${Math.round(length)} 个字，最多 ${SENTENCE_MOST} 个，请拆短`)
  const bubbles = layer.text.split(/\n\s*\n/)
  if (bubbles.length > 2) report('text', '最多两个气泡，中间空一行')
  if (bubbles.some((bubble) => (bubble.match(/[？?]/g) ?? []).length > 1))
    report('text', '一个气泡最多问一个问题')
  for (const fault of numberFaults(layer.text, content)) report('text', fault)
  layer.citations.forEach((citation, i) => {
    const named = `${citation.law}${citation.article}`
    const fault = citationFault(content, intent.id, citation, day)
    if (fault) report(`citations.${i}.article`, `${named}：${fault}`)
    for (const fault of wordingFaults(citation.plain))
      report(`citations.${i}.plain`, `${named}的白话：${fault}`)
  })
}

/** Why the bot would not show a citation today, or null. With imported texts it is their words that count. */
function citationFault(content: Content, intent: string, citation: Citation, day: string): string | null {
  if (!content.texts) {
    const listed = resolveCitation(content.statutes, citation, day)
    return 'fault' in listed ? CITATION_FAULTS[listed.fault] : null
  }
  const { law, article } = citation
  const found = lawBook(content.statutes, content.texts).standing({ intent, law, article }, day)
  return 'held' in found ? HELD[found.held] : null
}

function reviewFaults(
  path: string,
  at: string,
  reviews: Intent['reviews'],
  hash: string,
  day: string,
): Fault[] {
  return reviews.flatMap((review): Fault[] => {
    const { role, date, expires } = review
    if (review.hash !== hash)
      return [{ path, at, what: `${date} 的签字（${role}）签的是别的文字；现在的 hash 是 ${hash}` }]
    return expires <= day
      ? [{ path, at, what: `${date} 的签字（${role}）到 ${expires} 就过期了，要重新签`, due: true }]
      : []
  })
}

function checkAlike(utterances: readonly string[], report: Report): void {
  for (const { a, b } of alikePairs(utterances, ALIKE))
    report(`utterances.${b}`, `和“${utterances[a]}”几乎一样：“${utterances[b]}”`)
}

/**
 * The same saying under two intents teaches both wrongly, unless one names the other as `also` right; a test phrase
 * that is trained on, here or elsewhere, measures nothing.
 */
function checkSayings(content: Content, intent: Intent, report: Report): void {
  const own = new Set(intent.utterances.map((text) => text.trim()))
  intent.test.forEach((text, i) => {
    if (own.has(text.trim())) report(`test.${i}`, `测试句“${text}”也在说法里，考过的题不能拿来学`)
  })
  for (const other of content.intents.values()) {
    if (other.id === intent.id) continue
    const allied = other.also.includes(intent.id) || intent.also.includes(other.id)
    const keys = new Set(allied ? [] : keysOf(other))
    const [sayings, tests] = [new Set(other.utterances), new Set(other.test)]
    keysOf(intent).forEach((key, i) => {
      const text = intent.utterances[i] as string
      if (keys.has(key)) report(`utterances.${i}`, `“${text}”也是“${other.title}”（${other.id}）的说法`)
      else if (tests.has(text)) report(`utterances.${i}`, `“${text}”是“${other.title}”的测试句，不能拿来学`)
    })
    intent.test.forEach((text, i) => {
      if (sayings.has(text))
        report(`test.${i}`, `测试句“${text}”是“${other.title}”的说法，考过的题不能拿来学`)
    })
  }
}

const keys = new WeakMap<Intent, string[]>()

/** What makes two sayings the same, remembered for as long as the intent is. */
function keysOf(intent: Intent): string[] {
  const known = keys.get(intent) ?? intent.utterances.map((text) => gramsOf(text).join())
  keys.set(intent, known)
  return known
}

const gramsOf = (text: string) => bigrams(normalise(text).text)

function checkSystem(content: Content, day: string): Fault[] {
  return [...content.system].flatMap(([key, message]) => {
    const [file = '', ...rest] = key.split('.')
    const [path, at] = [`system/${file}.yml`, `messages.${rest.join('.')}`]
    const distress = /^danger\.(?:self-harm|attempt|life|company|gentle)/.test(key)
    // The notice names the line for lawyers by its number, in brackets.
    const words =
      file === 'notice'
        ? []
        : [...wordingFaults(message.text, distress), ...numberFaults(message.text, content)]
    return [
      ...words.map((what) => ({ path, at, what })),
      ...reviewFaults(path, at, message.reviews, messageHash(message), day),
    ]
  })
}
