import { describe, expect, test } from '@jest/globals'
import {
  BACKGROUND,
  confidenceOf,
  indexLesson,
  trainIntents,
  vote,
  type Lesson,
} from '../../bot/nlu/intent-model.js'
import { toBytes } from '../../bot/text/model-bytes.js'

const lesson: Lesson = {
  intents: [
    {
      id: 'work.wage',
      title: '工资拖欠',
      utterances: [
        '老板不发工资',
        '工资一直拖着',
        '打工没拿到钱',
        '老板欠我工资',
        '工资要不回来',
        '干活不给钱',
      ],
      answers: ['把工资条留好'],
    },
    {
      id: 'sch.bullied',
      title: '被欺负',
      utterances: [
        '同学打我',
        '同学天天骂我',
        '被同学堵在厕所',
        '同学孤立我',
        '同学抢我的钱',
        '班里同学欺负我',
      ],
      answers: ['这不是你的错'],
    },
  ],
  background: ['今天天气不错', '晚饭吃什么', '今天下雨了', '晚上吃火锅', '电影几点开始', '天气预报说下雪'],
  heldOut: [
    { id: 'work.wage', text: '老板一直不给工资' },
    { id: 'sch.bullied', text: '同学抢我东西还骂我' },
    { id: null, text: '今天晚饭吃什么好' },
  ],
}
const model = trainIntents(lesson)
const index = indexLesson(lesson)
const best = (text: string) => vote(model.linear, index, text, model.calibration.searchShare)[0]?.[0]

describe('recognising', () => {
  test('When sayings near the lesson come, then the right one leads, and the rest is background', () => {
    expect(best('老板拖着工资不发')).toBe('work.wage')
    expect(best('同学又打我骂我')).toBe('sch.bullied')
    expect(best('明天天气怎么样')).toBe(BACKGROUND)
  })

  test('When a vote is counted, then shares fall and none is beyond one', () => {
    for (const text of ['工资', '同学打我', '', '完全无关的一句话', '老板不发工资']) {
      const shares = vote(model.linear, index, text, 0.35).map(([, share]) => share)
      expect(shares).toEqual([...shares].sort((a, b) => b - a))
      expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true)
    }
  })

  test('When a share is larger, then so is the confidence, within 0..1', () => {
    const confidences = [0, 0.1, 0.3, 0.6, 0.9, 1].map((share) =>
      confidenceOf({ searchShare: 0.35, slope: 1.2, offset: 0.4 }, share),
    )
    expect(confidences).toEqual([...confidences].sort((a, b) => a - b))
    expect(confidences.every((value) => value >= 0 && value <= 1)).toBe(true)
    expect(model.calibration.slope).toBeGreaterThan(0)
  })

  test('When the same lesson is learnt twice, then nothing differs', () => {
    const again = trainIntents(lesson)
    expect(toBytes(again.linear)).toEqual(toBytes(model.linear))
    expect({ ...again, linear: null }).toEqual({ ...model, linear: null })
  })
})
