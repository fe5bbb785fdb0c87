import { describe, expect, test } from '@jest/globals'
import { wordingFaults } from '../../bot/safety/wording.js'

describe('wording no young person may read', () => {
  const faulty: [text: string, why: string][] = [
    ['你这样太自私了', '责备'],
    ['别想不开', '责备'],
    ['终于解脱了', '美化死亡'],
    ['他自杀成功了', '美化死亡'],
    ['你得了抑郁症', '诊断'],
    ['我一定替你保密', '保密'],
    ['官司一定能赢', '保证结果'],
    ['保证会退款', '保证结果'],
    ['我是真人，请说', '冒充'],
    ['我也是律师', '冒充'],
    ['你为什么不反抗', '为什么不'],
    ['每天吃 20 片就行', '剂量'],
    ['5mg 就够', '剂量'],
    ['把照片发一张给我们', '照片'],
    ['马上有老师来接你', '有人会来'],
    ['老师正在看', '有人会来'],
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
