import { expect, test } from '@jest/globals'
import { articleOf, chineseNumber } from '../../admin/src/intents/article.js'
import { chineseNumber as numberOf } from '../../bot/laws/numerals.js'

test('When a number is written as the statutes print it, then it reads back as itself', () => {
  const printed: [number, string][] = [
    [1, '一'],
    [10, '十'],
    [15, '十五'],
    [20, '二十'],
    [101, '一百零一'],
    [110, '一百一十'],
    [236, '二百三十六'],
    [1001, '一千零一'],
    [1010, '一千零一十'],
    [1188, '一千一百八十八'],
  ]
  for (const [n, text] of printed) expect(chineseNumber(n)).toBe(text)
  for (let n = 1; n <= 1260; n++) expect(numberOf(chineseNumber(n))).toBe(n)
})

test('When somebody types an article in any way, then it stands as it is printed; what is no article stays', () => {
  for (const typed of ['39', '第39条', ' 第 39 条 ', '三十九', '第三十九条'])
    expect(articleOf(typed)).toBe('第三十九条')
  for (const typed of ['236之一', '第236条之1', '第二百三十六条之一'])
    expect(articleOf(typed)).toBe('第二百三十六条之一')
  for (const typed of ['', '不知道', '第条']) expect(articleOf(typed)).toBe(typed)
})
