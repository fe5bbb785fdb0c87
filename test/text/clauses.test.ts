import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { clauses, windows, type Span } from '../../bot/text/clauses.js'
import { normalise } from '../../bot/text/normalise.js'

const cut = (text: string, spans: Span[]) => spans.map(({ start, end }) => text.slice(start, end))
const letters = fc.constantFrom(
  '我',
  '不',
  '想',
  '活',
  '了',
  '，',
  '。',
  ' ',
  '\n',
  'a',
  '1',
  '！',
  '~',
  '：',
  '.',
)
const anyText = fc.array(letters, { maxLength: 300 }).map((pieces) => pieces.join(''))

/** The letters of a text that stand in none of the spans. */
function uncovered(text: string, spans: Span[]): string {
  const seen = new Uint8Array(text.length)
  for (const { start, end } of spans) seen.fill(1, start, end)
  return [...text].filter((char, i) => !seen[i] && /[\p{L}\p{N}]/u.test(char)).join('')
}

describe('clauses', () => {
  test('When a text has punctuation, then it is cut there and nowhere else', () => {
    const text = '我今天很累，不想说话。你在吗？在！'
    expect(cut(text, clauses(text))).toEqual(['我今天很累', '不想说话', '你在吗', '在'])
  })

  test('When a text trails off in dots, then it is cut there, and a number is not', () => {
    const { text } = normalise('我今天回家了……没人说话...算了')
    expect(cut(text, clauses(text))).toEqual(['我今天回家了', '没人说话', '算了'])
    expect(cut('考了3.5分', clauses('考了3.5分'))).toEqual(['考了3.5分'])
  })

  test('When a space stands inside a word spelt apart, then the word stays whole', () => {
    expect(cut('自 杀', clauses('自 杀'))).toEqual(['自 杀'])
    expect(cut('今天很累 明天再说', clauses('今天很累 明天再说'))).toEqual(['今天很累', '明天再说'])
  })

  test('When a text runs on without punctuation, then overlapping windows leave no sentence cut in two', () => {
    const danger = '我真的不想活了'
    for (let at = 0; at < 120; at++) {
      const text = `${'哈'.repeat(at)}${danger}${'哈'.repeat(120 - at)}`
      expect(cut(text, clauses(text)).some((piece) => piece.includes(danger))).toBe(true)
    }
  })
})

describe('windows', () => {
  test('When a cry is broken by a comma, then one window holds both halves', () => {
    const text = '我不想，活了'
    expect(cut(text, windows(text))).toContain(text)
  })

  test('When a text is of any kind, then every letter of it is in a clause and in a window', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(uncovered(text, clauses(text))).toBe('')
        expect(uncovered(text, windows(text))).toBe('')
        const bounds = windows(text).every(
          ({ start, end }) => start >= 0 && start < end && end <= text.length,
        )
        expect(bounds).toBe(true)
      }),
    )
  })

  test('When a text of any alphabet is cut, then no letter is lost', () => {
    const unicode = fc
      .array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 80 })
      .map((codes) => String.fromCodePoint(...codes))
    fc.assert(
      fc.property(unicode, (original) => {
        const { text } = normalise(original)
        expect(uncovered(text, windows(text))).toBe('')
      }),
    )
  })

  test('When a text grows tenfold, then its windows and their letters grow no more than that', () => {
    const pieces = ['我今天很累，不想说话。', '哈'.repeat(100), 'a b c d ', '，。，。', '好，'.repeat(9)]
    for (const piece of pieces) {
      const once = piece.repeat(Math.ceil(400 / piece.length))
      const sizes = [once, once.repeat(10), once.repeat(50)].map((text) => {
        const spans = windows(text)
        return {
          count: spans.length,
          letters: spans.reduce((sum, { start, end }) => sum + end - start, 0),
          length: text.length,
        }
      })
      const [one, ten, fifty] = sizes as [(typeof sizes)[0], (typeof sizes)[0], (typeof sizes)[0]]
      expect(ten.count).toBeLessThanOrEqual(one.count * 10 + 10)
      expect(fifty.count).toBeLessThanOrEqual(one.count * 50 + 50)
      // Each letter is read in its clause, the two pairs it stands in, and in overlaps.
      expect(fifty.letters).toBeLessThanOrEqual(fifty.length * 6)
    }
  })
})
