import { describe, expect, test } from '@jest/globals'
import { hashOf, type LinearModel, type Row } from '../../bot/text/linear-model.js'
import { predict, trainLinear } from '../../bot/text/linear.js'
import { fromBytes, toBytes } from '../../bot/text/model-bytes.js'

const SAYINGS: Record<string, string[]> = {
  weather: ['今天下雨了', '今天天气好', '明天会下雨吗', '明天天气怎么样', '昨天下雨', '天气预报说下雨'],
  money: ['老板不发工资', '工资还没发', '老板欠我工资', '打工的工资不给', '工资被老板扣了', '老板不给钱'],
  school: [
    '老师没收手机',
    '手机被老师收了',
    '老师不让带手机',
    '学校不让带手机',
    '手机还在老师那',
    '学校收手机',
  ],
}
const OUTPUTS = Object.keys(SAYINGS)
const rows: Row[] = OUTPUTS.flatMap((id, i) =>
  SAYINGS[id]!.map((text) => ({ text, target: OUTPUTS.map((_, k) => Number(k === i)) })),
)
const model = trainLinear(rows, { outputs: OUTPUTS })

const best = (text: string, by: LinearModel = model) => {
  const shares = [...predict(by, text)]
  return by.outputs[shares.indexOf(Math.max(...shares))]
}

describe('learning', () => {
  test('When a toy problem is learnt, then sayings it has not seen are told apart', () => {
    expect(best('后天会不会下雨')).toBe('weather')
    expect(best('拖欠工资的老板')).toBe('money')
    expect(best('老师把我的手机拿走了')).toBe('school')
  })

  test('When outputs exclude each other, then their shares add up to one', () => {
    for (const text of ['下雨', '工资', '', '毫无关系']) {
      expect([...predict(model, text)].reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6)
    }
  })

  test('When a row weighs nothing, then it does not teach', () => {
    const weighed = rows.map((row) => (row.target[0] === 1 ? { ...row, weight: 0 } : row))
    const without = trainLinear(weighed, { outputs: OUTPUTS })
    expect(predict(without, '明天下雨')[0]).toBeLessThan(predict(model, '明天下雨')[0]! / 2)
  })

  test('When the same lesson is learnt twice, then the models are the same to the byte; another seed differs', () => {
    expect(toBytes(trainLinear(rows, { outputs: OUTPUTS }))).toEqual(toBytes(model))
    expect(toBytes(trainLinear(rows, { outputs: OUTPUTS, seed: 8 }))).not.toEqual(toBytes(model))
  })

  test('When a text is one character, then it is not believed like a sentence', () => {
    expect(best('雨')).toBe('weather')
    expect(predict(model, '雨')[0]).toBeLessThan(0.7)
    expect(predict(model, '明天会下雨吗')[0]).toBeGreaterThan(0.8)
  })

  test('When nothing is known of a text, then what is predicted is what the bias says', () => {
    expect([...predict(model, '㊙㊙㊙')]).toEqual([...predict(model, '')])
  })

  test('When a lesson gets one row more, then it is read in the same order and what it teaches hardly moves', () => {
    const more = trainLinear(
      [{ text: '球鞋多少钱一双', target: OUTPUTS.map((_, k) => Number(k === 1)) }, ...rows],
      {
        outputs: OUTPUTS,
      },
    )
    for (const text of ['明天下雨', '老板的工资', '手机'])
      expect(Math.abs(predict(more, text)[0]! - predict(model, text)[0]!)).toBeLessThan(0.1)
  })

  test('When texts are given a number, then the numbers are theirs, and spread evenly', () => {
    const numbers = Array.from({ length: 1000 }, (_, i) => hashOf(`第${i}句`) / 2 ** 32)
    expect(numbers.every((x) => x >= 0 && x < 1)).toBe(true)
    expect(new Set(numbers).size).toBe(1000)
    expect(numbers.reduce((a, b) => a + b, 0) / 1000).toBeCloseTo(0.5, 1)
    expect(hashOf('第3句') / 2 ** 32).toBe(numbers[3])
  })
})

describe('model bytes', () => {
  const bytes = toBytes(model)

  test('When a model is written and read, then it predicts the same', () => {
    const read = fromBytes(bytes)
    expect(read.outputs).toEqual(OUTPUTS)
    expect(read.kind).toBe('softmax')
    for (const text of ['后天下雨', '老板的工资', '手机', ''])
      expect(predict(read, text)).toEqual(predict(model, text))
  })

  test('When the bytes stand inside a larger buffer at an odd place, then they are read all the same', () => {
    const inside = Buffer.concat([Buffer.from([1, 2, 3]), bytes, Buffer.from([9])]).subarray(
      3,
      3 + bytes.length,
    )
    expect(predict(fromBytes(inside), '明天下雨')).toEqual(predict(model, '明天下雨'))
  })

  test('When the bytes are cut short anywhere, then they are refused as cut short', () => {
    const head = 4 + bytes.readUInt32LE(0)
    for (const length of [
      0,
      3,
      4,
      10,
      head - 1,
      head,
      head + 1,
      Math.floor(bytes.length / 2),
      bytes.length - 1,
    ]) {
      expect(() => fromBytes(bytes.subarray(0, length))).toThrow('cut short')
    }
  })
})
