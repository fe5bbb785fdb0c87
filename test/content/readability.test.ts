import { describe, expect, test } from '@jest/globals'
import { rareCharacters, sentenceLength } from '../../bot/content/readability.js'

describe('how a text reads', () => {
  test('When sentences have four and six characters, then the average is five', () => {
    expect(sentenceLength('先跑出去。再打电话求助！')).toBe(5)
  })

  test('When a line or a number is named, then it counts as one character', () => {
    expect(sentenceLength('打 {{hotline.12355}}。')).toBe(2)
    expect(sentenceLength('打 110。')).toBe(2)
  })

  test('When there is no sentence, then its length is none', () => {
    expect(sentenceLength('……')).toBe(0)
  })

  test('When a character is not among the 3,500 of compulsory schooling, then it is named', () => {
    expect(rareCharacters('他浑身抽搐了')).toEqual({ rare: ['搐'], of: 6 })
    expect(rareCharacters('去医院，打 120')).toEqual({ rare: [], of: 4 })
  })
})
