import { describe, expect, test } from '@jest/globals'
import { latentLogOdds, trainLatent } from '../../bot/text/latent.js'
import { latentFromBytes, latentToBytes } from '../../bot/text/model-bytes.js'
import { presenceLesson, presenceRow, presentIn } from '../../bot/text/presence.js'

/** Which two stand together decides, which neither says alone. */
const middle = ['的', '了', '也', '就', '还', '都', '又', '再']
const rows = middle.flatMap((between) =>
  Array.from({ length: 12 }, () => between).flatMap((each) => [
    { text: `甲${each}甲`, target: [0, 0] },
    { text: `乙${each}乙`, target: [0, 1] },
    { text: `甲${each}乙`, target: [1, 0] },
    { text: `乙${each}甲`, target: [1, NaN] },
  ]),
)
const lesson = presenceLesson(rows.map(presenceRow))
const model = trainLatent(lesson, 2)
const said = (text: string, by = model) => [...latentLogOdds(by, presentIn(text, lesson.index))]

describe('learning what n-grams mean together', () => {
  test('When it is what stands together that decides, then it is heard', () => {
    for (const text of ['甲的乙', '乙了甲', '甲也乙']) expect(said(text)[0]).toBeGreaterThan(0)
    for (const text of ['甲的甲', '乙了乙', '甲也甲']) expect(said(text)[0]).toBeLessThan(0)
  })

  test('When a target is unknown, then it teaches its output nothing', () => {
    expect(said('乙的甲').every(Number.isFinite)).toBe(true)
    const unknown = presenceLesson(rows.map(({ text }) => presenceRow({ text, target: [NaN, 1] })))
    const [untaught, taught] = trainLatent(unknown, 2).outerBias
    expect(untaught).toBe(0)
    expect(taught).toBeGreaterThan(0)
  })

  test('When a row weighs nothing, then it does not teach', () => {
    const weighed = presenceLesson(rows.map((row) => presenceRow({ ...row, weight: 1 - row.target[0]! })))
    expect(said('甲的乙', trainLatent(weighed, 2))[0]).toBeLessThan(0)
  })

  test('When the same lesson is learnt twice, then the models are the same to the byte', () => {
    expect(latentToBytes(trainLatent(lesson, 2))).toEqual(latentToBytes(model))
  })

  test('When it is written and read, then it says the same; cut short, it is refused', () => {
    const bytes = latentToBytes(model)
    for (const text of ['甲的乙', '乙', '', '㊙'])
      expect(said(text, latentFromBytes(bytes))).toEqual(said(text))
    for (const length of [3, 40, bytes.length - 1])
      expect(() => latentFromBytes(bytes.subarray(0, length))).toThrow(RangeError)
  })
})
