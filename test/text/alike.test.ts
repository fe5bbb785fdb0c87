import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { alikePairs } from '../../bot/text/alike.js'
import { bigrams } from '../../bot/text/ngrams.js'
import { normalise } from '../../bot/text/normalise.js'

const LETTERS = [...'我被他打了骂欺负老师同学不敢说']

/** Every pair compared, as slowly as one likes. */
function everyPair(texts: string[], most: number): string[] {
  const grams = texts.map((text) => new Set(bigrams(normalise(text).text)))
  return texts.flatMap((_, b) =>
    texts.slice(0, b).flatMap((_, a) => {
      const [x, y] = [grams[a]!, grams[b]!]
      if (x.size < 4 || y.size < 4) return []
      const shared = [...x].filter((gram) => y.has(gram)).length
      return shared / (x.size + y.size - shared) > most ? [`${a}-${b}`] : []
    }),
  )
}

describe('texts that are nearly the same', () => {
  test('When two sentences differ by one word at the end, then they are found', () => {
    const [pair] = alikePairs(
      ['他们天天在厕所堵我打我怎么办', '今天吃什么好呢', '他们天天在厕所堵我打我怎么办啊'],
      0.8,
    )
    expect(pair).toMatchObject({ a: 0, b: 2 })
  })

  test('When sentences only share their beginning, then they are not', () => {
    expect(alikePairs(['老师打我手心', '老师打我电话说作业'], 0.8)).toEqual([])
  })

  test('When texts are drawn at random, then the same pairs are found as by comparing all', () => {
    const text = fc
      .array(fc.constantFrom(...LETTERS), { minLength: 0, maxLength: 14 })
      .map((each) => each.join(''))
    fc.assert(
      fc.property(fc.array(text, { maxLength: 40 }), fc.constantFrom(0.3, 0.5, 0.8), (texts, most) => {
        expect(
          alikePairs(texts, most)
            .map(({ a, b }) => `${a}-${b}`)
            .sort(),
        ).toEqual(everyPair(texts, most).sort())
      }),
      { numRuns: 200 },
    )
  })
})
