import type { Anomaly, LawVersion, Paragraph } from '../../shared/law.js'
import { articleNumber, anyNumber, compareArticles, readArticleNumber } from './numerals.js'

/** What the words of a statute tell by themselves. */
export interface StatuteText extends Pick<
  LawVersion,
  'title' | 'history' | 'preface' | 'articles' | 'clauses' | 'appendices'
> {
  anomalies: Anomaly[]
  /** The first line that cannot belong to a statute, or null. */
  fault: { line: number; what: string } | null
}

/** Longest line of a real statute is below 3,000 characters. */
const LINE_MAX = 20_000
const NUMERAL = '[一二三四五六七八九十百千零〇\\d０-９]+'
const BOLD_ARTICLE = new RegExp(`^\\*\\*\\s*第(${NUMERAL})条(?:之(${NUMERAL}))?\\s*\\*\\*\\s*(.*)$`)
const PLAIN_ARTICLE = new RegExp(`^第(${NUMERAL})条(?:之(${NUMERAL}))?(?:\\s+(.*)|)$`)
const HEADING = new RegExp(`^第${NUMERAL}(编|分编|章|节)(?:\\s+(.{1,60}))?$`)
const ITEM = /^[（(][一二三四五六七八九十百]+[）)]/
const SUB_ITEM = /^(?:\d{1,3}[.．、]|[⒈-⒛]|[①-⑳]|[（(]\d{1,3}[）)]|[⑴-⒇])/
const CLAUSE = /^([一二三四五六七八九十百]+)、/
const APPENDIX = /^附(?:件|录|表|注)?[一二三四五六七八九十\d]*(?:[：:\s]|$)/
const DATED = /年.*月.*日|通过|修正|修订|公布|发布|批准|施行|法释|令第/
const ACTIVE =
  /<\/?(?:script|style|iframe|object|embed|link|meta|svg|img|form|input|button|a|video|audio|base|html|body)\b|javascript:|<[^>]*\son[a-z]+\s*=/i
const LEVEL: Record<string, number> = { 编: 1, 分编: 2, 章: 3, 节: 4 }

type Heading = { level: number; title: string }

/** Reads a statute from Markdown or from plain text as an official page gives it. Never throws: faults are told. */
export function readStatuteText(raw: string): StatuteText {
  const lines = raw.split(/\r\n|\r|\n/)
  const found = emptyText()
  const tooLong = lines.findIndex((line) => line.length > LINE_MAX)
  if (tooLong >= 0)
    return { ...found, fault: { line: tooLong + 1, what: `这一行超过 ${LINE_MAX} 字，不像法律条文` } }
  const active = lines.findIndex((line) => ACTIVE.test(line))
  if (active >= 0) return { ...found, fault: { line: active + 1, what: '这一行有网页代码，不是法律条文' } }
  const cleaned = withoutFrontMatter(lines).map(clean)
  const state = new Reading(
    found,
    cleaned.some((line) => BOLD_ARTICLE.test(line)),
  )
  cleaned.forEach((line, i) => {
    if (line) state.take(line, i + 1)
  })
  state.end()
  found.anomalies.push(...orderAnomalies(state.numbered))
  if (!found.title) found.fault = { line: 0, what: '没有标题' }
  else if (found.articles.length === 0 && found.clauses.length === 0)
    found.fault = { line: 0, what: '一条也没有读到：条文要写成“第一条　……”' }
  return found
}

const emptyText = (): StatuteText => ({
  title: '',
  history: [],
  preface: [],
  articles: [],
  clauses: [],
  appendices: [],
  anomalies: [],
  fault: null,
})

/** The lines with the YAML head blanked, so that line numbers stay true. */
function withoutFrontMatter(lines: string[]): string[] {
  const text = lines[0]?.replace(/^\uFEFF/, '').trim() === '---' ? lines : null
  const end = text ? text.findIndex((line, i) => i > 0 && line.trim() === '---') : -1
  return end > 0 ? lines.map((line, i) => (i <= end ? '' : line)) : lines
}

/** Without comments, markup of no meaning, links, invisible characters; white space at the ends and doubled. */
function clean(line: string): string {
  return line
    .replace(/<!--.*?-->/g, '')
    .replace(/<\/?(?:br|p|div|span|center|font|b|strong|u|sup|sub)\b[^<>]{0,200}>/gi, '')
    .replace(/!?\[([^\][]{0,300})\]\([^()]{0,500}\)/g, '$1')
    .replace(/[\p{Cc}\p{Cf}]/gu, (char) => (char === '\t' ? ' ' : ''))
    .replace(/[\s\u3000]+/g, ' ')
    .trim()
}

/** 第一章 总 则 → 第一章 总则 */
function closed(title: string): string {
  const [, mark = '', rest = ''] = /^(第[^ ]{1,8}(?:编|章|节) )?(.*)$/.exec(title) ?? []
  return mark + rest.replace(/(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])/g, '')
}

/** One pass over the lines: what each is depends on what came before. */
class Reading {
  readonly numbered: { number: string; line: number }[] = []
  private headings: Heading[] = []
  private before: Heading[] = []
  private under: string[] = []
  private place: Paragraph[] | null = null
  private appendix: { title: string; paragraphs: string[] } | null = null
  private inPreface = false

  constructor(
    private readonly found: StatuteText,
    private readonly bold: boolean,
  ) {}

  take(line: string, number: number): void {
    const marked = /^#{1,6} *(.*)$/.exec(line)
    const text = marked ? (marked[1] as string).replace(/\*\*/g, '').trim() : line
    if (!this.found.title) return void (this.found.title = closed(text).replace(/^《(.+)》$/, '$1'))
    if (marked) return this.heading(text)
    const article = (this.bold ? BOLD_ARTICLE : PLAIN_ARTICLE).exec(line)
    if (article && !this.appendix) return this.article(article, number)
    const bare = text.replace(/\*\*/g, '')
    const started = this.found.articles.length > 0
    if (APPENDIX.test(bare) && started && bare.length <= 60) return this.openAppendix(bare)
    if (this.appendix) return void this.appendix.paragraphs.push(bare)
    if (HEADING.test(bare) || /^附 ?则$/.test(bare)) return this.heading(bare)
    if (this.place && (started || this.found.clauses.length > 0) && !this.opensClause(bare))
      return this.continue(bare)
    if (!started && this.opensClause(bare)) return this.clause(bare, number)
    this.head(bare)
  }

  end(): void {
    const { articles, anomalies } = this.found
    for (const { number, paragraphs } of articles) {
      if (paragraphs.every(({ text, items }) => !text && items.length === 0))
        anomalies.push({ kind: 'empty', line: this.lineOf(number), what: `${number}没有正文` })
    }
  }

  private lineOf = (number: string) => this.numbered.find((each) => each.number === number)?.line ?? null

  private opensClause(line: string): boolean {
    return this.found.articles.length === 0 && CLAUSE.test(line)
  }

  private heading(text: string): void {
    const title = closed(text)
    if (title === this.found.title) return
    if (APPENDIX.test(title) && !/^附则/.test(title)) return this.openAppendix(title)
    if (/^目录$/.test(title)) return
    if (/^(?:序言|前言)$/.test(title)) return void (this.inPreface = true)
    this.inPreface = false
    const kind = HEADING.exec(title)?.[1]
    const level = kind ? (LEVEL[kind] as number) : /^附则$/.test(title) ? 1 : 3
    const heading = { level, title }
    if (this.found.articles.length === 0) this.before.push(heading)
    this.headings = [...this.headings.filter((each) => each.level < level), heading]
    this.under = this.headings.map((each) => each.title)
    this.appendix = null
    this.place = null
  }

  private openAppendix(title: string): void {
    this.appendix = { title, paragraphs: [] }
    this.found.appendices.push(this.appendix)
    this.place = null
  }

  private article(found: RegExpExecArray, line: number): void {
    if (this.found.articles.length === 0) this.dropContents()
    const number = articleNumber(anyNumber(found[1] as string) || 9999, found[2] ? anyNumber(found[2]) : 0)
    const paragraphs: Paragraph[] = []
    const text = (found[3] ?? '').replace(/\*\*/g, '').trim()
    this.place = paragraphs
    if (text) this.continue(text)
    else paragraphs.push({ text: '', items: [] })
    this.found.articles.push({ number, under: this.under, paragraphs })
    this.numbered.push({ number, line })
  }

  /** A table of contents repeats the headings: what counts begins where its first one comes again. */
  private dropContents(): void {
    const first = this.before[0]?.title
    const again = this.before.findLastIndex(({ title }) => title === first)
    if (again <= 0) return
    this.headings = []
    for (const heading of this.before.slice(again))
      this.headings = [...this.headings.filter(({ level }) => level < heading.level), heading]
    this.under = this.headings.map(({ title }) => title)
  }

  private clause(line: string, number: number): void {
    const paragraphs: Paragraph[] = []
    this.place = paragraphs
    this.continue(line)
    this.found.clauses.push({ number: (CLAUSE.exec(line) as RegExpExecArray)[1] as string, paragraphs })
    if (this.found.clauses.length > 999) this.found.fault = { line: number, what: '编号太多，不像修正案' }
  }

  private continue(line: string): void {
    const place = this.place as Paragraph[]
    const last = place.at(-1)
    if (last && !last.text && last.items.length === 0) last.text = line
    else if (ITEM.test(line) && last) last.items.push(line)
    else if (SUB_ITEM.test(line) && last) {
      if (last.items.length && ITEM.test(last.items[0] as string))
        last.items.push(`${last.items.pop() as string}\n${line}`)
      else last.items.push(line)
    } else place.push({ text: line, items: [] })
  }

  /** Between title and first article: the history of the text, else its preface. */
  private head(line: string): void {
    if (/^目 ?录$/.test(line)) return
    if (!this.inPreface && this.before.length === 0 && DATED.test(line))
      this.found.history.push(line.replace(/^[（(]+|[）)]+$/g, '').trim())
    else this.found.preface.push(line)
  }
}

function orderAnomalies(numbered: { number: string; line: number }[]): Anomaly[] {
  const found: Anomaly[] = []
  const seen = new Map<string, number>()
  let last = ''
  for (const { number, line } of numbered) {
    const earlier = seen.get(number)
    if (earlier) found.push({ kind: 'duplicate', line, what: `${number}重复：第 ${earlier} 行已经有了` })
    else if (last && compareArticles(number, last) < 0)
      found.push({ kind: 'order', line, what: `${number}排在${last}后面` })
    else {
      const gap = gapBetween(last, number)
      if (gap) found.push({ kind: 'gap', line, what: gap })
    }
    seen.set(number, earlier ?? line)
    if (!last || compareArticles(number, last) > 0) last = number
  }
  return found
}

/** What is missing between two neighbours, in words, or null. */
function gapBetween(last: string, number: string): string | null {
  const [n, sub] = readArticleNumber(number) as [number, number]
  const [before, subBefore] = last ? (readArticleNumber(last) as [number, number]) : [0, 0]
  if (n === before) return sub === subBefore + 1 ? null : `${last}和${number}之间缺条`
  if (sub > 1 || (sub === 1 && n !== before)) return `${number}前面没有${articleNumber(n)}`
  return n === before + 1 ? null : `${last || '开头'}和${number}之间缺 ${n - before - 1} 条`
}
