import { anyNumber } from './numerals.js'

const DAY =
  /([12]\d{3}|[一二][〇○零Ｏ一二三四五六七八九]{3})年([\d一二三四五六七八九十]{1,3})月([\d一二三四五六七八九十]{1,3})日/g

/** Every date of a text as YYYY-MM-DD: 2020年10月17日, 二〇二〇年十月十七日. */
export function daysIn(text: string): string[] {
  return [...text.matchAll(DAY)].flatMap(([, year, month, day]) => {
    const [y, m, d] = [year, month, day].map((part) => anyNumber((part as string).replace(/[○Ｏ]/g, '〇')))
    if (!y || !m || !d) return []
    const iso = `${y}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`
    const time = new Date(`${iso}T00:00:00Z`)
    return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(iso) ? [iso] : []
  })
}
