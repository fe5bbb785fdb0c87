import { beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Knowledge } from '../../bot/conversation/receive.js'
import type { Understood } from '../../bot/nlu/recognise.js'
import { LEARNING_MS, realKnowledge } from '../brain.js'

let knowledge: Knowledge

beforeAll(async () => {
  knowledge = await realKnowledge()
}, LEARNING_MS)

const recognise = (text: string) => knowledge.brain.recognise(text)
/** As the evaluation counts: the best and the next two. */
const threeOf = ({ intent, alternatives }: Understood) =>
  [...(intent ? [intent] : []), ...alternatives.map((each) => each.intent)].slice(0, 3)

describe('the held-out phrases', () => {
  test('When every intent is asked for in words it has not learnt, then it is among the first three at least three times in four', async () => {
    let [phrases, first, three] = [0, 0, 0]
    const weak: string[] = []
    for (const { id, test: held } of knowledge.content.intents.values()) {
      let found = 0
      for (const text of held) {
        const understood = await recognise(text)
        phrases++
        if (understood.intent === id) first++
        if (threeOf(understood).includes(id)) found++
      }
      three += found
      if (found < held.length / 2) weak.push(`${id} ${found}/${held.length}`)
    }
    const share = (n: number) => `${n}/${phrases} = ${(n / phrases).toFixed(3)}`
    process.stderr.write(
      `held-out phrases: top-1 ${share(first)}, top-3 ${share(three)}; weak: ${weak.join(', ') || 'none'}\n`,
    )
    expect(phrases).toBeGreaterThan(200)
    expect(three / phrases).toBeGreaterThanOrEqual(0.75)
    // The whole is not carried by a few: no topic is lost altogether.
    expect(weak.length).toBeLessThan(knowledge.content.intents.size / 10)
  }, 60_000)
})

describe('what is understood', () => {
  test('When a candidate is given, then confidences are within 0..1, falling, and the intent is not its own alternative', async () => {
    for (const text of [
      '同学天天打我还拍视频发群里',
      '打工不给钱怎么办',
      '你好',
      '我该怎么办',
      '12355',
      '',
    ]) {
      const { intent, confidence, alternatives } = await recognise(text)
      expect(alternatives.length).toBe(3)
      const falling = (intent ? [confidence] : []).concat(alternatives.map((each) => each.confidence))
      expect(falling).toEqual([...falling].sort((a, b) => b - a))
      expect(falling.every((value) => value >= 0 && value <= 1)).toBe(true)
      expect(alternatives.map((each) => each.intent)).not.toContain(intent)
      expect(new Set(alternatives.map((each) => each.intent)).size).toBe(3)
      if (!intent) expect(alternatives[0]?.confidence).toBe(confidence)
    }
  })

  const clear: [text: string, intent: string][] = [
    ['同学天天打我还拍视频发群里', 'sch.bully_victim'],
    ['暑假打工老板不给工资', 'work.wage_unpaid'],
    ['爸爸天天打我', 'fam.violence'],
    ['游戏充了三千块能退吗', 'net.game_refund'],
    ['裸聊被勒索了', 'net.sextortion'],
    ['你是机器人吗', 'svc.is_ai'],
  ]
  test.each(clear)('When 「%s」 is asked, then it is about %s', async (text, intent) => {
    expect(threeOf(await recognise(text))[0]).toBe(intent)
  })

  const foreign = [
    '今天天气不错',
    '红烧肉怎么做好吃',
    '帮我推荐一部手机',
    '世界杯谁赢了',
    '股票明天会涨吗',
    '英语作文怎么写',
  ]
  test.each(foreign)('When 「%s」 is none of our business, then no topic is answered', async (text) => {
    const { intent, outOfScope } = await recognise(text)
    expect(intent === null || intent.startsWith('chat.')).toBe(true)
    expect(outOfScope || intent !== null).toBe(true)
  })

  test('When a message names who asks, how old and where, then that is understood beside the topic', async () => {
    const child = await recognise('我今年13岁，在包头，同学天天打我')
    expect(child).toMatchObject({
      reader: 'young',
      script: 'chinese',
      entities: { age: 13, region: '内蒙古' },
    })
    expect((await recognise('我女儿在学校被同学打了')).reader).toBe('parent')
    expect((await recognise('我闺蜜被她爸打')).reader).toBe('friend')
    expect((await recognise('ᠮᠣᠩᠭᠣᠯ')).script).toBe('mongolian')
  })

  test('When a message is empty, broken or 20,000 characters long, then nothing throws', async () => {
    for (const text of ['', '\ud83d', 'Привет', '？'.repeat(20_000), '同学打我，'.repeat(4_000)]) {
      expect((await recognise(text)).alternatives).toHaveLength(3)
    }
    expect(threeOf(await recognise('同学打我，'.repeat(4_000)))).toContain('sch.bully_victim')
  })

  test('When any string is read, in any script, then nothing throws and the answer is whole', async () => {
    const scripts = [
      '我',
      'б',
      'ᠮ',
      'ө',
      '한',
      'ع',
      'ก',
      '🔪',
      '👨‍👩‍👧',
      '\u200b',
      '\u202e',
      '\u0000',
      '\ud83d',
      '𠮷',
      'ﬁ',
      'Ａ',
      '，',
    ]
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.array(fc.constantFrom(...scripts), { maxLength: 120 }).map((pieces) => pieces.join('')),
    )
    await fc.assert(
      fc.asyncProperty(anyText, fc.constantFrom(null, 'sch.bully_victim'), async (text, topic) => {
        const { risk, understood } = await knowledge.brain.read(text, topic)
        expect(['none', 'watch', 'urgent']).toContain(risk.level)
        expect(understood.confidence).toBeGreaterThanOrEqual(0)
        expect(understood.confidence).toBeLessThanOrEqual(1)
      }),
      { numRuns: 100 },
    )
  })

  test('When the same is asked twice, then the answer is the same', async () => {
    expect(await recognise('打工不给钱怎么办')).toEqual(await recognise('打工不给钱怎么办'))
  })
})
