import { describe, expect, test } from '@jest/globals'
import { wordingFaults } from '../../bot/safety/wording.js'

describe('wording no young person may read', () => {
  const faulty: [text: string, why: string][] = [
    ['你这样太自私了', 'blames'],
    ['别想不开', 'blames'],
    ['终于解脱了', 'glamourises'],
    ['他自杀成功了', 'glamourises'],
    ['你得了抑郁症', 'diagnoses'],
    ['我一定替你保密', 'promises secrecy'],
    ['官司一定能赢', 'promises an outcome'],
    ['保证会退款', 'promises an outcome'],
    ['我是真人，请说', 'claims to be human'],
    ['我也是律师', 'claims to be human'],
    ['你为什么不反抗', 'did not'],
    ['每天吃 20 片就行', 'dose'],
    ['5mg 就够', 'dose'],
    ['把照片发一张给我们', 'images'],
    ['马上有老师来接你', 'somebody is coming'],
    ['老师正在看', 'somebody is coming'],
  ]
  test.each(faulty)('When a text says 「%s」, then it is refused and the reason is given', (text, why) => {
    expect(wordingFaults(text).join('；')).toContain(why)
  })

  const fine = [
    '我不是真人，也不是律师',
    '发生这样的事，不是你的错',
    '不能答应替TA保密',
    '请拍下前后两片草地的照片',
    '图片不要发给我们',
    '医生会告诉你怎么吃药',
    '这不丢人',
  ]
  test.each(fine)('When a text says 「%s」, then nothing is wrong with it', (text) => {
    expect(wordingFaults(text)).toEqual([])
  })

  const distress = [
    '别去割腕',
    '把安眠药收好',
    '《民法典》里写着',
    '依据第一百三十二条',
    '这会被处罚',
    '要监护人同意才行',
    '会强制住院',
  ]
  test.each(distress)(
    'When a first reply to distress says 「%s」, then it is refused there and only there',
    (text) => {
      expect(wordingFaults(text, true)).toHaveLength(1)
      expect(wordingFaults(text)).toEqual([])
    },
  )
})
