const DIGITS = '零一二三四五六七八九'

/** 39 → 三十九, 236 → 二百三十六, 1188 → 一千一百八十八: as the statutes print their numbers. */
export function chineseNumber(n: number): string {
  const units: [number, string][] = [
    [1000, '千'],
    [100, '百'],
    [10, '十'],
  ]
  let rest = n
  let text = ''
  let gap = false
  for (const [size, unit] of units) {
    const digit = Math.floor(rest / size)
    rest %= size
    if (digit) {
      if (gap && text) text += '零'
      text += digit === 1 && unit === '十' && text === '' ? unit : `${DIGITS[digit]}${unit}`
      gap = false
    } else if (text) gap = true
  }
  if (rest) text += `${gap && text ? '零' : ''}${DIGITS[rest]}`
  return text
}

/** What somebody types for an article, as it is printed: 39, 第39条, 三十九, 236之一 → 第三十九条, 第二百三十六条之一. */
export function articleOf(typed: string): string {
  const found = /^第?\s*(\d{1,4}|[一二三四五六七八九十百千零]+)\s*条?\s*(?:之\s*([一二三四五六七八九十]+|\d{1,2}))?\s*$/.exec(typed.trim())
  if (!found) return typed
  const said = (part: string) => (/^\d+$/.test(part) ? chineseNumber(Number(part)) : part)
  const [, number = '', sub] = found
  return `第${said(number)}条${sub ? `之${said(sub)}` : ''}`
}
