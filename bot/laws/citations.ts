import type { CitationRef } from '../../shared/law.js'
import { normalise } from '../text/normalise.js'
import type { Statute } from './articles.js'
import { anyNumber, articleNumber, printedNumber } from './numerals.js'

/** A citation found in a text. Positions are UTF-16 units of that text. */
export interface FoundCitation extends CitationRef {
  /** False: the law is named as it was written and is none of ours. */
  known: boolean
  /** The year that was written with the law: 治安管理处罚法（2012）, 2012年治安管理处罚法. */
  year?: number
  start: number
  end: number
}

const N = '[一二三四五六七八九十百千零〇廿卅\\d]{1,9}'
/** Between two of a list; the last group is for a range: 第三十九条至第四十一条. */
const AND = '\\s*(?:以及|或者|[、,;；和与及或])\\s*'
const TO = '\\s*(?:到|至|-|—|~)\\s*'
const ARTICLES = new RegExp(
  `第?\\s*(${N})(?:\\s*之\\s*(${N})\\s*条|\\s*条\\s*之\\s*(${N})|((?:(?:${AND}|${TO})第?\\s*${N})*)\\s*条)`,
  'y',
)
const PARAGRAPHS = new RegExp(`\\s*第?\\s*(${N}(?:${AND}第?\\s*${N})*)\\s*款`, 'y')
const ITEMS = new RegExp(`\\s*第?\\s*(\\(?${N}\\)?(?:${AND}第?\\s*\\(?${N}\\)?)*)\\s*项`, 'y')
const LINK = new RegExp(`(?:(${TO})|${AND})(?=第|${N}\\s*[条款项]|\\(${N}\\)\\s*项)`, 'y')
/** What may stand between a law's name and the number. */
const QUALIFIER = '(?:\\((?:中华人民共和国主席令)?(\\d{4})年?[^()]{0,20}\\))?'
const FILLER = '\\s*(?:·?(?:总则|分则|[一-龥]{2,4}编))?\\s*(?:上|里|中)?\\s*(?:规定)?的?\\s*[:,(]?\\s*'
const AFTER_NAME = new RegExp(`[》〉>]?\\s*${QUALIFIER}[》〉>]?${FILLER}(?=第?\\s*${N})`, 'y')
const BEFORE_NAME = /(\d{4})年?(?:版|修订|修正)?的?[《〈<]?(?:中华人民共和国)?$/
const SAME_LAW = /(?:同法|该法|其中?)\s*的?\s*$/
/** Statutes that are none of ours and end in the name of one that is. */
const OTHERS = /(?:高等|学前|国防|特殊|爱国主义|终身|法治)(?=教育法)/

const MOST_IN_A_RANGE = 60

export type CitationReader = (text: string, context?: { thisLaw?: string }) => FoundCitation[]

/** Reads citations in every usual way of writing, with the names, titles and aliases of these statutes. */
export function citationReader(statutes: readonly Statute[]): CitationReader {
  const names = nameTable(statutes)
  const alternatives = [...names.keys()].sort((a, b) => b.length - a.length).map(pattern)
  const mention = new RegExp(alternatives.join('|') || '(?!)', 'g')
  const bare = new RegExp(`第\\s*${N}(?:\\s*之\\s*${N})?(?:(?:${AND}|${TO})第?\\s*${N})*\\s*条`, 'g')

  return (text, context = {}) => {
    const folded = normalise(text)
    const plain = folded.text
    const at = (i: number) => folded.offsets[i] ?? text.length
    const found: FoundCitation[] = []
    let last: { law: string; end: number } | null = null

    const take = (law: string, known: boolean, start: number, from: number, year?: number): number => {
      const [refs, end] = articlesAt(plain, from)
      for (const ref of refs)
        found.push({ ...ref, law, known, ...(year ? { year } : {}), start: at(start), end: at(end) })
      return end
    }

    const laws = mentions(plain, mention, names)
    const others = strangers(plain).filter(
      (other) => !laws.some(({ start, end }) => start >= other.start && end <= other.end),
    )
    const marks = [
      ...laws.map((each) => ({ ...each, kind: 'law' as const })),
      ...others.map((each) => ({ ...each, kind: 'stranger' as const })),
      ...[...plain.matchAll(bare)].map((each) => ({
        start: each.index,
        end: each.index,
        law: '',
        kind: 'bare' as const,
      })),
    ].sort((a, b) => a.start - b.start || b.end - a.end)
    let done = 0
    for (const mark of marks) {
      if (mark.start < done) continue
      if (mark.kind === 'bare') {
        const law = lawOfBare(plain, mark.start, last, context.thisLaw)
        if (law) done = take(law, true, mark.start, mark.start)
        if (law && last) last = { law, end: done }
        continue
      }
      AFTER_NAME.lastIndex = mark.end
      const after = AFTER_NAME.exec(plain)
      const start = after && articlesAt(plain, AFTER_NAME.lastIndex)[0].length ? AFTER_NAME.lastIndex : -1
      if (start < 0) {
        if (mark.kind === 'law') last = { law: mark.law, end: mark.end }
        continue
      }
      const before = BEFORE_NAME.exec(plain.slice(Math.max(0, mark.start - 30), mark.start))
      const pinned = mark.kind === 'law' ? mark.year : undefined
      const year = Number(after?.[1] ?? before?.[1] ?? pinned)
      done = take(mark.law, mark.kind === 'law', mark.start, start, year || undefined)
      last = mark.kind === 'law' ? { law: mark.law, end: done } : null
    }
    return found
  }
}

/** 《未成年人保护法》第三十九条第二款第一项: the one way in which 青安 writes a citation. */
export function renderCitation({ law, article, paragraph, item }: CitationRef): string {
  const part = paragraph ? `第${printedNumber(paragraph)}款` : ''
  return `《${law}》${article}${part}${item ? `第${printedNumber(item)}项` : ''}`
}

interface Named {
  law: string
  /** Where only a superseded version is called so (旧治安法): the year of that version. */
  year?: number
}

/** Every written form of a name, folded → whose it is. */
function nameTable(statutes: readonly Statute[]): Map<string, Named> {
  const table = new Map<string, Named>()
  for (const { name, title, aliases, until, version } of statutes) {
    for (const form of [name, title, title.replace(/^中华人民共和国/, ''), ...aliases]) {
      const folded = fold(form)
      const old = until !== undefined && form !== name && form !== title && aliases.includes(form)
      if (folded.length > 1 && (!old || !table.has(folded)))
        table.set(folded, { law: name, ...(old ? { year: Number(version.slice(0, 4)) } : {}) })
    }
  }
  return table
}

const fold = (name: string) => normalise(name).text.replace(/[〈<]/g, '《').replace(/[〉>]/g, '》')

const pattern = (name: string) =>
  name
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('《', '[《〈<]')
    .replaceAll('》', '[》〉>]')

function mentions(plain: string, mention: RegExp, names: Map<string, Named>) {
  return [...plain.matchAll(mention)].flatMap((each) => {
    const named = names.get(fold(each[0]))
    const [start, end] = [each.index, each.index + each[0].length]
    return named && isWholeName(plain, start, end) ? [{ start, end, ...named }] : []
  })
}

/** 《…》 that holds none of our names by itself: a law we do not have. The whole bracket counts. */
function strangers(plain: string) {
  const bracket = /《([^《》]{2,60}(?:[《〈][^《》〈〉]{2,40}[》〉][^《》]{0,20})?)》/g
  return [...plain.matchAll(bracket)].map((each) => ({
    start: each.index,
    end: each.index + each[0].length - 1,
    law: (each[1] as string).replace(/^中华人民共和国/, ''),
  }))
}

/** Whether the name stands for itself: not the tail of another law's name, not a part of a longer title in 《》. */
function isWholeName(plain: string, start: number, end: number): boolean {
  const before = plain.slice(Math.max(0, start - 60), start)
  const open = Math.max(before.lastIndexOf('《'), before.lastIndexOf('〈'))
  if (open >= 0 && !/[》〉]/.test(before.slice(open))) {
    const outside = before.slice(0, open)
    const nested = outside.lastIndexOf('《') > outside.lastIndexOf('》')
    if (nested || !/^[《〈](?:中华人民共和国)?$/.test(before.slice(open))) return false
    if (!/^\s*(?:\(\d{4}[^()]*\))?\s*(?:·?[一-龥]{2,4}编)?[》〉]/.test(plain.slice(end, end + 60)))
      return false
  }
  if (OTHERS.test(plain.slice(Math.max(0, start - 4), end))) return false
  return !/^(?:修正案|实施|施行|解释|的解释|司法解释)/.test(plain.slice(end, end + 6))
}

/** Whose article a bare 第四十条 is: the law named before in the same sentence, or the law that says 本法 itself. */
function lawOfBare(
  plain: string,
  start: number,
  last: { law: string; end: number } | null,
  thisLaw: string | undefined,
): string | null {
  const before = plain.slice(Math.max(0, start - 12), start)
  if (/本(?:法|条例|解释|规定|办法)\s*的?\s*$/.test(before)) return thisLaw ?? null
  if (!last) return null
  if (SAME_LAW.test(before)) return last.law
  // Another law, one that we do not know, stands right before the number.
  if (/(?:法|法典|条例|规定|办法|解释|细则|决定|意见|修正案(?:\([^()]*\))?)[》〉]?\s*的?\s*$/.test(before)) {
    return plain.slice(last.end, start).trim() === '' || /规定\s*$/.test(before) ? last.law : null
  }
  return /[。\n!?！？]/.test(plain.slice(last.end, start)) ? null : last.law
}

type Ref = Omit<CitationRef, 'law'>

/** The articles written from here on: one, a list, a range, with paragraphs and items. Returns where they end. */
function articlesAt(plain: string, from: number): [refs: Ref[], end: number] {
  const refs: Ref[] = []
  let end = from
  let next = from
  let range = false
  for (;;) {
    ARTICLES.lastIndex = next
    const found = ARTICLES.exec(plain)
    if (found) {
      const numbers = readArticles(found)
      if (numbers.length === 0) break
      if (range) numbers.unshift(...between(refs.at(-1)?.article, numbers[0]))
      end = ARTICLES.lastIndex
      const [parts, partsEnd] = partsAt(plain, end)
      end = partsEnd
      numbers.forEach((article, i) => {
        const own = i === numbers.length - 1 ? parts : [{}]
        refs.push(...own.map((part) => ({ article, ...part })))
      })
    } else {
      const last = refs.at(-1)
      const [parts, partsEnd] = last ? partsAt(plain, next, last.paragraph) : [[{}], next]
      if (!last || partsEnd === next) break
      end = partsEnd
      refs.push(...parts.map((part) => ({ article: last.article, ...part })))
    }
    LINK.lastIndex = end
    const link = LINK.exec(plain)
    if (!link) break
    range = Boolean(link[1])
    next = LINK.lastIndex
  }
  return [refs, end]
}

function readArticles(found: RegExpExecArray): string[] {
  const [, first, subBefore, subAfter, more] = found
  const n = number(first as string)
  const sub = subBefore ?? subAfter
  if (!valid(n)) return []
  if (sub) return valid(number(sub)) ? [articleNumber(n, number(sub))] : []
  const numbers = [n]
  for (const [, to, each] of (more ?? '').matchAll(new RegExp(`(?:(${TO})|${AND})第?\\s*(${N})`, 'g'))) {
    const value = number(each as string)
    if (!valid(value)) return []
    const previous = numbers.at(-1) as number
    if (to && value > previous && value - previous <= MOST_IN_A_RANGE)
      for (let i = previous + 1; i < value; i++) numbers.push(i)
    numbers.push(value)
  }
  return numbers.map((each) => articleNumber(each))
}

function between(from: string | undefined, to: string | undefined): string[] {
  const [a, b] = [from, to].map((article) => number(/^第(.+)条$/.exec(article ?? '')?.[1] ?? ''))
  if (!a || !b || b - a > MOST_IN_A_RANGE) return []
  return Array.from({ length: Math.max(0, b - a - 1) }, (_, i) => articleNumber(a + 1 + i))
}

/** 款 and 项 from here on; `inherited` is the paragraph that a further 项 belongs to. */
function partsAt(
  plain: string,
  from: number,
  inherited?: number,
): [parts: Pick<Ref, 'paragraph' | 'item'>[], end: number] {
  PARAGRAPHS.lastIndex = from
  const found = PARAGRAPHS.exec(plain)
  const paragraphs = found ? listed(found[1] as string) : []
  const middle = found && paragraphs.length ? PARAGRAPHS.lastIndex : from
  ITEMS.lastIndex = middle
  const itemsFound = ITEMS.exec(plain)
  const items = itemsFound ? listed(itemsFound[1] as string) : []
  const end = itemsFound && items.length ? ITEMS.lastIndex : middle
  const last = paragraphs.at(-1) ?? inherited
  const whole = paragraphs.slice(0, items.length ? -1 : undefined).map((paragraph) => ({ paragraph }))
  const withItems = items.map((item) => ({ ...(last ? { paragraph: last } : {}), item }))
  const parts = [...whole, ...withItems]
  return [parts.length ? parts : [{}], end]
}

function listed(text: string): number[] {
  const numbers = text.split(new RegExp(AND)).map((part) => number(part.replace(/[第()\s]/g, '')))
  return numbers.every((n) => n > 0 && n < 100) ? numbers : []
}

const number = (text: string) => anyNumber(text.trim().replace('廿', '二十').replace('卅', '三十'))
const valid = (n: number) => n > 0 && n < 10_000
