import { describe, expect, test } from '@jest/globals'
import { bigrams, ngrams, phrases } from '../../bot/text/ngrams.js'

describe('n-grams', () => {
  test('When a text is cut, then there are one- and two-character grams with both borders', () => {
    // ^我好$ : 4 + 3
    expect(ngrams('我好')).toHaveLength(7)
    expect(new Set(ngrams('我好')).size).toBe(7)
  })

  test('When two texts share a stretch, then they share its grams, and the border tells where it stood', () => {
    const [a, b] = [new Set(ngrams('想退订')), new Set(ngrams('退订'))]
    const shared = [...b].filter((gram) => a.has(gram))
    expect(shared.length).toBeGreaterThan(3)
    expect(shared.length).toBeLessThan(b.size)
  })

  test('When only punctuation and spaces differ, then the grams are the same', () => {
    expect(ngrams('我 不想，活了！')).toEqual(ngrams('我不想活了'))
    expect(bigrams('我 不想，活')).toEqual(['我不', '不想', '想活'])
  })

  test('When a text is empty or one character, then nothing throws', () => {
    expect([...ngrams('')]).toHaveLength(3)
    expect(phrases('')).toEqual(phrases('，'))
    expect(ngrams('我')).toHaveLength(5)
    expect(bigrams('')).toEqual([])
    expect(bigrams('我')).toEqual(['我'])
  })

  test('When a text is long, then the number of grams is two a character, of phrases three', () => {
    expect(ngrams('哈'.repeat(20_000))).toHaveLength(20_002 * 2 - 1)
    expect(phrases('哈'.repeat(20_000))).toHaveLength(3 * 20_004 - 3)
  })

  test('When punctuation parts two words, then a phrase does not reach across it unseen', () => {
    expect(phrases('我，死')).not.toEqual(phrases('我死'))
    expect(phrases('我！！！')).toEqual(phrases('我！'))
  })

  test('When a thought ends, then a comma, a stop and a space are one, and so is the end of the text but for its mark', () => {
    expect(phrases('我累了，想睡')).toEqual(phrases('我累了。想睡'))
    expect(phrases('我累了， 想睡。')).toEqual(phrases('我累了 想睡'))
    expect(phrases('我累了？想睡')).not.toEqual(phrases('我累了 想睡'))
    const [alone, ending] = [new Set(phrases('死了')), new Set(phrases('累死了'))]
    expect([...alone].filter((gram) => !ending.has(gram)).length).toBeGreaterThan(2)
    expect([...alone].filter((gram) => ending.has(gram)).length).toBeGreaterThan(5)
  })
})
