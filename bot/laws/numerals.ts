const DIGITS = '零一二三四五六七八九'
const UNITS: Record<string, number> = { 十: 10, 百: 100, 千: 1000 }

/** 一千零七十三 → 1073; 0 when it is no number. */
export function chineseNumber(text: string): number {
  let total = 0
  let digit = 0
  for (const char of text) {
    const value = char === '〇' ? 0 : DIGITS.indexOf(char)
    if (value >= 0) digit = value
    else {
      const unit = UNITS[char]
      if (!unit) return 0
      total += (digit || 1) * unit
      digit = 0
    }
  }
  return total + digit
}

/** Any usual way of writing a number: 39, ３９, 三十九, 二〇二五; 0 when it is none. */
export function anyNumber(text: string): number {
  const plain = text.normalize('NFKC')
  if (/^\d{1,6}$/.test(plain)) return Number(plain)
  if (/^[〇零一二三四五六七八九]{2,}$/.test(text)) {
    return Number(Array.from(text, (char) => (char === '〇' ? 0 : DIGITS.indexOf(char))).join(''))
  }
  return chineseNumber(text)
}

/** As the statutes print a number of 1 to 9999: 10 is 十, 110 is 一百一十, 1001 is 一千零一. */
export function printedNumber(n: number): string {
  if (!Number.isInteger(n) || n < 1 || n > 9999) throw new RangeError(`no article has the number ${n}`)
  let text = ''
  let gap = false
  for (const [unit, name] of [
    [1000, '千'],
    [100, '百'],
    [10, '十'],
    [1, ''],
  ] as const) {
    const digit = Math.floor(n / unit) % 10
    if (digit === 0) {
      gap = text !== ''
      continue
    }
    text += `${gap ? '零' : ''}${unit === 10 && digit === 1 && !text ? '' : DIGITS[digit]}${name}`
    gap = false
  }
  return text
}

/** 236, 1 → 第二百三十六条之一; sub 0 = the article itself. */
export function articleNumber(n: number, sub = 0): string {
  return `第${printedNumber(n)}条${sub ? `之${printedNumber(sub)}` : ''}`
}

/** 第二百三十六条之一 → [236, 1]; null when it is no article number as the statutes print it. */
export function readArticleNumber(text: string): [n: number, sub: number] | null {
  const found = /^第([^条]+)条(?:之(.+))?$/.exec(text)
  if (!found) return null
  const n = chineseNumber(found[1] as string)
  const sub = found[2] ? chineseNumber(found[2]) : 0
  return n && (!found[2] || sub) ? [n, sub] : null
}

/** Orders article numbers as a statute does: 120, 120之一, 120之二, 121. */
export function compareArticles(a: string, b: string): number {
  const [an, as] = readArticleNumber(a) ?? [0, 0]
  const [bn, bs] = readArticleNumber(b) ?? [0, 0]
  return an - bn || as - bs
}

/** 第二百三十六条之一 ⇄ 236-1, as it stands in an address. */
export function articlePath(article: string): string {
  const [n, sub] = readArticleNumber(article) ?? [0, 0]
  return sub ? `${n}-${sub}` : String(n)
}
