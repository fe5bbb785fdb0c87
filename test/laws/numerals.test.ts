import { describe, expect, test } from '@jest/globals'
import {
  anyNumber,
  articleNumber,
  articlePath,
  chineseNumber,
  compareArticles,
  printedNumber,
  readArticleNumber,
} from '../../bot/laws/numerals.js'

const DIGITS = '零一二三四五六七八九'
/** As the statutes print it, written independently of the printer under test, from the digits of the number. */
function printed(n: number): string {
  const digits = Array.from(String(n), Number)
  const text = digits
    .map((digit, i) => (digit ? `${DIGITS[digit]}${['', '十', '百', '千'][digits.length - 1 - i]}` : '零'))
    .join('')
    .replace(/零+/g, '零')
    .replace(/零$/, '')
  return text.startsWith('一十') ? text.slice(1) : text
}

const all = Array.from({ length: 1260 }, (_, i) => i + 1)

describe('numerals', () => {
  test('When every number to 1260 is printed, then it is as in a statute and is read back', () => {
    expect(all.filter((n) => printedNumber(n) !== printed(n))).toEqual([])
    expect(all.filter((n) => chineseNumber(printed(n)) !== n)).toEqual([])
    expect(all.filter((n) => anyNumber(printedNumber(n)) !== n || anyNumber(String(n)) !== n)).toEqual([])
    expect([10, 11, 20, 100, 101, 110, 1001, 1010, 1260].map(printedNumber)).toEqual([
      '十',
      '十一',
      '二十',
      '一百',
      '一百零一',
      '一百一十',
      '一千零一',
      '一千零一十',
      '一千二百六十',
    ])
  })

  test('When an article or an inserted one to 之三 is printed, then it is read back, from an address too', () => {
    for (const n of all) {
      for (const sub of [0, 1, 2, 3]) {
        expect(readArticleNumber(articleNumber(n, sub))).toEqual([n, sub])
        expect(articlePath(articleNumber(n, sub))).toBe(sub ? `${n}-${sub}` : String(n))
      }
    }
    expect(articleNumber(236, 1)).toBe('第二百三十六条之一')
  })

  test('When articles are put in order, then an inserted one follows its own', () => {
    const order = ['第一百二十一条', '第一百二十条之二', '第十二条', '第一百二十条', '第一百二十条之一']
    expect(order.sort(compareArticles)).toEqual([
      '第十二条',
      '第一百二十条',
      '第一百二十条之一',
      '第一百二十条之二',
      '第一百二十一条',
    ])
  })

  test('When it is no number, then it is 0', () => {
    expect(['五甲', '', '12a', '第', '1234567'].map(anyNumber)).toEqual([0, 0, 0, 0, 0])
    expect(chineseNumber('12')).toBe(0)
    expect([0, 10_000, 1.5].map((n) => expect(() => printedNumber(n)).toThrow(RangeError))).toHaveLength(3)
    expect([readArticleNumber('一'), readArticleNumber('第零条'), readArticleNumber('第一条之')]).toEqual([
      null,
      null,
      null,
    ])
  })

  test('When digits are written one by one, wide or mixed, then they are read', () => {
    expect([anyNumber('二〇二五'), anyNumber('３９'), anyNumber('一〇八'), anyNumber('一百〇三')]).toEqual([
      2025, 39, 108, 103,
    ])
  })
})
