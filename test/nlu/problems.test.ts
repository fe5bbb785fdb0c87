import { describe, expect, test } from '@jest/globals'
import { problemsIn } from '../../bot/nlu/problems.js'

const asked = (text: string) => {
  const stretches: string[] = []
  problemsIn(
    text,
    (each) => {
      stretches.push(each)
      return new Map()
    },
    () => 0,
  )
  return stretches
}
const votes: Record<string, string> = { 老板不给钱: 'work.wage', 同学打我: 'sch.bully', 我想死: 'mh.suicide' }
const vote = (text: string) =>
  new Map(Object.entries(votes).flatMap(([words, id]) => (text.includes(words) ? [[id, 0.5]] : [])))
const urgency = (id: string) => (id.startsWith('mh.') ? 2 : 0)

describe('several problems', () => {
  test('When a message holds several problems, then the most urgent stands first', () => {
    const text = '老板不给钱已经三个月了我很着急，同学打我还抢我的东西，有时候我想死不知道怎么办'
    const found = problemsIn(text, vote, urgency).map(({ intent }) => intent)
    expect(found[0]).toBe('mh.suicide')
    expect([...found].sort()).toEqual(['mh.suicide', 'sch.bully', 'work.wage'])
  })

  test('When a message is short or in one piece, then nothing is looked for', () => {
    expect(asked('老板不给钱，同学打我')).toEqual([])
    expect(asked('老板不给钱已经三个月了我真的很着急不知道应该去找谁要才好呢')).toEqual([])
  })

  test('When a text grows fourfold, then what is read of it grows no more than that', () => {
    for (const piece of [
      '老板不给钱，',
      '嗯，',
      '同学打我还抢我的东西，我不敢跟老师说。',
      '。',
      '好好好好好好好好好好好好 ',
    ]) {
      const read = (times: number) =>
        asked(piece.repeat(times)).reduce((sum, { length }) => sum + length, 0) / (piece.length * times)
      expect(read(200)).toBeLessThanOrEqual(read(50) * 1.1 + 0.1)
    }
  })
})
