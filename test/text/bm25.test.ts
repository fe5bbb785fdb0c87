import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { bm25 } from '../../bot/text/bm25.js'

const texts = [
  '同学天天打我',
  '爸爸喝酒打我',
  '工资不给我',
  '游戏充值能退吗',
  '被人偷拍了怎么办',
  '手机被老师没收了',
]
const index = bm25(texts)

describe('search', () => {
  test.each(texts.map((text, i) => [text, i] as const))(
    'When 「%s」 itself is looked for, then it comes first',
    (text, i) => {
      expect(index.search(text, 3)[0]?.[0]).toBe(i)
      expect(index.search(text, 3)[0]?.[1]).toBeGreaterThan(0.6)
    },
  )

  test('When something near is looked for, then the nearest text comes first', () => {
    expect(index.search('我爸又喝酒打我了', 6)[0]?.[0]).toBe(1)
    expect(index.search('充值的钱能退吗', 6)[0]?.[0]).toBe(3)
    expect(index.search('老师没收手机', 6)[0]?.[0]).toBe(5)
  })

  test('When only part of the query is found, then the score falls', () => {
    const whole = index.search('同学天天打我', 1)[0]?.[1] as number
    const part = index.search('同学天天给我买早饭吃还陪我回家', 1)[0]?.[1] as number
    expect(part).toBeLessThan(whole / 2)
  })

  test('When a rare word and a common one are found, then the rare one weighs more', () => {
    const common = bm25(['打我一', '打我二', '打我三', '偷拍四'])
    const found = common.search('打我偷拍', 4)
    expect(found[0]?.[0]).toBe(3)
  })

  test('When nothing is found or there is nothing to find it in, then the list is empty', () => {
    expect(index.search('㊙', 3)).toEqual([])
    expect(index.search('', 3)).toEqual([])
    expect(bm25([]).search('同学', 3)).toEqual([])
  })

  test('When anything is looked for, then scores are in 0..1, falling, and no more than asked for', () => {
    const letters = fc.constantFrom(...texts.join(''), 'x', '。')
    const query = fc.array(letters, { maxLength: 40 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(query, fc.integer({ min: 1, max: 6 }), (text, most) => {
        const found = index.search(text, most)
        expect(found.length).toBeLessThanOrEqual(most)
        found.forEach(([, score], i) => {
          expect(score).toBeGreaterThan(0)
          expect(score).toBeLessThanOrEqual(1)
          if (i > 0) expect(score).toBeLessThanOrEqual((found[i - 1] as [number, number])[1])
        })
      }),
    )
  })
})
