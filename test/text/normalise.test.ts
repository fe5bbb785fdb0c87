import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { normalise, scriptOf, type Normalised } from '../../bot/text/normalise.js'

/** Any UTF-16, lone surrogates among it, and the characters this project treats in a way of their own. */
const anyUnit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code))
const anyPoint = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code))
const special = fc.constantFrom(
  '🔪',
  '🗡️',
  '👨‍👩‍👧',
  '活著',
  '裡面',
  'ﬁ',
  '㍿',
  'İ',
  'ᠮᠣᠩ',
  '\u200b',
  '\u007f',
  '\ud83d',
  '\udd2a',
  '℀',
  'ﷺ',
  '臺灣',
  '\r\n',
)
const anyText = fc
  .array(fc.oneof(anyUnit, anyPoint, special), { maxLength: 60 })
  .map((pieces) => pieces.join(''))

/** What must hold of the way back, whatever was said. */
function faultsOf(original: string, { text, offsets }: Normalised): string[] {
  const faults: string[] = []
  if (text.length !== offsets.length) faults.push(`${text.length} units, ${offsets.length} offsets`)
  if (/[\uD800-\uDFFF]/.test(text.replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g, '')))
    faults.push('a lone surrogate is left')
  offsets.forEach((at, i) => {
    if (i > 0 && at < (offsets[i - 1] as number)) faults.push(`offset ${i} goes back`)
    if (at >= original.length) faults.push(`offset ${i} is beyond the text`)
    const inPair =
      /[\uDC00-\uDFFF]/.test(original.charAt(at)) && /[\uD800-\uDBFF]/.test(original.charAt(at - 1))
    if (inPair && isPair(original, at)) faults.push(`offset ${i} is inside a character`)
  })
  return faults
}

/** Whether the low surrogate at `at` is the second half of a character, counted from the start. */
function isPair(text: string, at: number): boolean {
  for (let i = 0; i < at;) {
    const width = (text.codePointAt(i) as number) > 0xffff ? 2 : 1
    if (i + width === at + 1 && width === 2) return true
    i += width
  }
  return false
}

describe('folding', () => {
  const folded: [what: string, original: string, text: string][] = [
    ['full width', 'ＡＢＣ１２３，！', 'abc123,!'],
    ['compatibility forms', 'ﬁ①㈱', 'fi1(株)'],
    ['upper case', 'BuXiangHuo', 'buxianghuo'],
    ['traditional characters', '我不想活著了，媽媽說', '我不想活着了,妈妈说'],
    ['zero-width characters', '自\u200b杀\u200d吧\ufeff', '自杀吧'],
    ['control characters', '想\u007f死\u0001了\u0085', '想死了'],
    ['bidirectional controls', '自\u202e杀', '自杀'],
    ['combining marks', 'e\u0301自\u0336杀', 'e自杀'],
    ['emoji with a meaning', '🔪💊🆘', '刀药救命'],
    ['emoji with a variation selector', '🗡️☠️', '刀死'],
    ['emoji without a meaning', '好🍎吃', '好 吃'],
    ['tabs and carriage returns', 'a\tb\rc\nd', 'a\nb\nc\nd'],
    ['a lone high surrogate', '我\ud83d想', '我 想'],
    ['a lone low surrogate', '我\udd2a想', '我 想'],
    ['Mongolian script', 'ᠮᠣᠩᠭᠣᠯ', 'ᠮᠣᠩᠭᠣᠯ'],
    ['Mongolian free variation selectors', 'ᠠ\u180bᠨ', 'ᠠ\u180bᠨ'],
    ['an empty message', '', ''],
  ]
  test.each(folded)('When a message has %s, then it is folded to what was meant', (_, original, text) => {
    expect(normalise(original).text).toBe(text)
  })

  test('When characters grew or fell away, then the offsets lead back to where each began', () => {
    const original = 'Ａ\u200b🆘活著'
    const { text, offsets } = normalise(original)
    expect(text).toBe('a救命活着')
    expect([...offsets]).toEqual([0, 2, 2, 4, 5])
  })

  test('When a phrase would change its length in simplifying, then the offsets still fit', () => {
    for (const original of ['這裡有記憶體和滑鼠', '電腦程式設計師', '乾隆皇帝的髮型', '計程車司機打我']) {
      expect(faultsOf(original, normalise(original))).toEqual([])
    }
  })
})

describe('any text', () => {
  test('When any string is folded, then nothing throws and every offset starts a character of the original', () => {
    fc.assert(
      fc.property(anyText, (original) => expect(faultsOf(original, normalise(original))).toEqual([])),
      { numRuns: 600 },
    )
  })

  test('When any string is folded, then no invisible character is left but those Mongolian is written with', () => {
    const hidden = (char: string) =>
      char !== '\n' && /[\p{Cc}\p{Cf}]/u.test(char) && !/[\u1800-\u18af]/.test(char)
    const found = (original: string) => [...normalise(original).text].filter(hidden)
    fc.assert(
      fc.property(anyText, (original) => expect(found(original)).toEqual([])),
      { numRuns: 300 },
    )
  })

  test('When 20,000 characters of anything are folded, then it takes a moment and the offsets hold', () => {
    const long = fc
      .array(fc.oneof(anyUnit, anyPoint, special), { minLength: 20, maxLength: 200 })
      .map((pieces) => {
        const piece = pieces.join('')
        return piece.repeat(Math.ceil(20_000 / piece.length)).slice(0, 20_000)
      })
    fc.assert(
      fc.property(long, (original) => {
        const { text, offsets } = normalise(original)
        expect(text).toHaveLength(offsets.length)
        const back = offsets.findIndex((at, i) => i > 0 && at < (offsets[i - 1] as number))
        expect(back).toBe(-1)
      }),
      { numRuns: 12 },
    )
  })
})

describe('script', () => {
  const scripts: [text: string, script: string][] = [
    ['我想问问', 'chinese'],
    ['wo bu xiang huo le', 'latin'],
    ['我在 wechat 上', 'chinese'],
    ['ᠮᠣᠩᠭᠣᠯ ᠬᠡᠯᠡ', 'mongolian'],
    ['Сайн байна уу', 'mongolian'],
    ['намайг хүн зодоод байна', 'mongolian'],
    ['Помогите мне, пожалуйста', 'cyrillic'],
    ['Сәлем, маған көмек керек', 'cyrillic'],
    ['namaig aav zodood baina tuslaarai', 'mongolian'],
    ['bi uhmeer baina, yaah ve odoo', 'mongolian'],
    ['wo ba da wo, bang bang wo ba', 'latin'],
    ['please help me, nobody listens', 'latin'],
    ['안녕하세요', 'other'],
    ['123 ……！🔪', 'none'],
    ['', 'none'],
    ['\ud83d', 'none'],
  ]
  test.each(scripts)('When 「%s」 is looked at, then its script is %s', (text, script) => {
    expect(scriptOf(text)).toBe(script)
  })
})
