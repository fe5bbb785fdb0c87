import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { unmask } from '../../bot/safety/evasions.js'
import { normalise } from '../../bot/text/normalise.js'

const meant = (text: string) => unmask(normalise(text).text)

describe('spellings that slip past a filter', () => {
  const hidden: [text: string, word: string][] = [
    ['我想自sha', '自杀'],
    ['自ｓｈａ', '自杀'],
    ['zi杀', '自杀'],
    ['想zs了', '自杀'],
    ['我要 zs', '自杀'],
    ['zs吧', '自杀'],
    ['好想紫砂', '自杀'],
    ['自 杀', '自杀'],
    ['自*杀', '自杀'],
    ['自-杀', '自杀'],
    ['自\u200b杀', '自杀'],
    ['自……杀', '自杀'],
    ['我要去4了', '死'],
    ['去4', '去死'],
    ['s一s', '死一死'],
    ['让我s一s', '死一死'],
    ['不想火了', '不想活了'],
    ['不想获了', '不想活了'],
    ['想鼠', '想死'],
    ['想亖了', '想死'],
    ['wo bu xiang huo le', '我不想活了'],
    ['WO BU XIANG HUO LE', '我不想活了'],
    ['wobuxianghuole', '我不想活了'],
    ['wo xiang si', '我想死'],
    ['huo bu xia qu le', '活不下去'],
    ['想跳lou', '跳楼'],
    ['他qiang奸我', '强奸'],
  ]
  test.each(hidden)('When 「%s」 is read, then it means %s', (text, word) => {
    expect(meant(text)).toContain(word)
  })
})

describe('words that only look like one', () => {
  const plain = [
    '4点见',
    '下午4点去操场',
    '我想4点起床',
    '去4楼找老师',
    '我去4班找他',
    '想4个人一起玩',
    'zs是我朋友的名字缩写',
    '紫砂壶多少钱一把',
    '爷爷喜欢紫砂茶具',
    '想试试紫砂杯',
    '不想火锅吃多了',
    '养了一只仓鼠',
    '我想鼠标坏了',
    '我似乎见过他',
    'zip文件打不开',
    'i want a simple size',
    '今天 天气 不错',
    '3*4等于多少',
    '跳搂洞',
    'xiang si ni le',
    'sina微博',
    'xiang si chuan',
  ]
  test.each(plain)('When 「%s」 is read, then it stays as it is', (text) => {
    expect(meant(text)).toBe(normalise(text).text)
  })
})

describe('any text', () => {
  test('When any string is read, then nothing throws and it takes a moment', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) =>
        expect(typeof meant(text)).toBe('string'),
      ),
    )
    for (const piece of ['自 ', 'wo bu xiang ', 's一', '想4', '*', '~^#@', 'zi sha']) {
      const started = performance.now()
      meant(piece.repeat(20_000 / piece.length))
      expect(performance.now() - started).toBeLessThan(1500)
    }
  })
})
