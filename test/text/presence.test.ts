import { describe, expect, test } from '@jest/globals'
import { type Row } from '../../bot/text/linear-model.js'
import { fromBytes, toBytes } from '../../bot/text/model-bytes.js'
import {
  presenceLesson,
  presenceLogOdds,
  presenceRow,
  presentIn,
  trainPresence,
} from '../../bot/text/presence.js'

const both = ['打我还骂我', '又打又骂', '打骂我']
const hits = ['天天打我', '他打我了', '又打我']
const scolds = ['天天骂我', '他骂我了', '又骂我']
const neither = ['天天玩', '他来了', '又迟到', '作业多', '作业好多']
const rows: Row[] = [
  ...both.map((text) => ({ text, target: [1, 1] })),
  ...hits.map((text) => ({ text, target: [1, 0] })),
  ...scolds.map((text) => ({ text, target: [0, 1] })),
  ...neither.map((text) => ({ text, target: [0, 0] })),
]
const OUTPUTS = ['hit', 'scold']
const train = (lesson: Row[], outputs: string[]) =>
  trainPresence(presenceLesson(lesson.map(presenceRow)), outputs)
const model = train(rows, OUTPUTS)
const odds = (text: string, by = model) => [...presenceLogOdds(by, presentIn(text, by.index))]
const said = (text: string, by = model) => odds(text, by).map((each) => each > 0)

describe('learning which words are there', () => {
  test('When outputs are independent, then both, one or none are said', () => {
    expect(said('又打又骂我')).toEqual([true, true])
    expect(said('又打我了')).toEqual([true, false])
    expect(said('又骂我了')).toEqual([false, true])
    expect(said('作业又多了')).toEqual([false, false])
  })

  test('When a word is repeated, then it counts once', () => {
    expect(presentIn('打打打打', model.index)).toEqual(presentIn('打打打', model.index))
    expect(said('骂骂骂骂')).toEqual([false, true])
  })

  test('When a target is unknown, then it teaches its output nothing', () => {
    const unknown = neither.map((text) => ({ text, target: [0, NaN] }))
    const taught = train([...rows, ...unknown], OUTPUTS)
    expect(odds('又骂我了', taught).every(Number.isFinite)).toBe(true)
    expect(said('又骂我了', taught)).toEqual([false, true])
    const untaught = train([{ text: '来吧来吧', target: [NaN] }], ['a'])
    expect(odds('来吧', untaught)).toEqual([0])
  })

  test('When a row weighs nothing, then it does not teach', () => {
    const weighed = rows.map((row) => (row.target[0] === 1 ? { ...row, weight: 0 } : row))
    expect(said('又打我了', train(weighed, OUTPUTS))[0]).toBe(false)
  })

  test('When the same lesson is learnt twice, then the models are the same to the byte', () => {
    expect(toBytes(train(rows, OUTPUTS))).toEqual(toBytes(model))
  })

  test('When it is written and read, then it predicts the same', () => {
    const read = fromBytes(toBytes(model))
    expect(read.kind).toBe('presence')
    for (const text of ['又打我了', '作业', '', '㊙']) expect(odds(text, read)).toEqual(odds(text))
  })
})
