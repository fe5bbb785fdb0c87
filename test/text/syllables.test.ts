import { describe, expect, test } from '@jest/globals'
import { phrases } from '../../bot/text/ngrams.js'
import { sounded } from '../../bot/text/sound.js'
import { inSyllables } from '../../bot/text/syllables.js'

describe('pinyin', () => {
  test('When it is typed with or without spaces, then it is the same, and the same as the characters sound', () => {
    expect(inSyllables('wo bu xiang huo le')).toBe(inSyllables('wobuxianghuole'))
    expect(inSyllables('wo bu xiang huo le')).toBe(sounded('我不想活了'))
    expect(inSyllables('wo bu xiang huo le')).toHaveLength(5)
    expect(inSyllables('lv hua nv er')).toBe(sounded('绿化女儿'))
  })

  test('When it stands among characters, marks and digits, then only it is changed', () => {
    expect(inSyllables('我bu xiang去, 3dian')).toBe(`我${sounded('不想')}去, 3dian`)
    expect(inSyllables('没有字母。')).toBe('没有字母。')
  })

  test('When letters are no pinyin, or one syllable alone, then they stay', () => {
    for (const text of ['ok', 'hello world', 'vip', 'zs', 'he', '🙂', ''])
      expect(inSyllables(text)).toBe(text)
  })

  test('When a run of letters is endless, then it is left, and the work stays small', () => {
    const endless = 'a'.repeat(20_000)
    expect(inSyllables(endless)).toBe(endless)
    expect(inSyllables('xian '.repeat(4_000).trim())).toHaveLength(4_000)
  })

  test('When phrases are taken, then a syllable counts as one character', () => {
    expect(phrases('wo bu xiang')).toHaveLength(phrases('我不想').length)
    expect(phrases('wo bu xiang')).toEqual(phrases(sounded('我不想')))
  })
})
