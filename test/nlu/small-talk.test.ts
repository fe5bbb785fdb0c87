import { beforeAll, describe, expect, jest, test } from '@jest/globals'
import { learnSmallTalk, type Entities, type SmallTalk } from '../../bot/nlu/small-talk.js'

let talk: SmallTalk

beforeAll(async () => {
  const print = jest.spyOn(console, 'log').mockImplementation(() => undefined)
  talk = await learnSmallTalk(
    {
      'chat.greeting': ['你好', '在吗', '早上好', '晚上好', '嗨'],
      'svc.is_ai': ['你是机器人吗', '你是真人吗', '你是AI吗'],
    },
    ['工资不给', '同学打我', '被骗了钱', '想打工'],
  )
  print.mockRestore()
}, 60_000)

describe('entities', () => {
  const found: [text: string, entities: Entities][] = [
    ['我今年13岁', { age: 13, date: '今年' }],
    ['我 9 周岁了', { age: 9 }],
    ['十五岁可以打工吗', { age: 15 }],
    ['十岁', { age: 10 }],
    ['弟弟八岁', { age: 8 }],
    ['二十一岁', { age: 21 }],
    ['我在包头', { region: '内蒙古' }],
    ['锡盟这边', { region: '内蒙古' }],
    ['人在甘肃', { region: '甘肃' }],
    ['11月3号的事', { date: '11月3号' }],
    ['昨晚开始的', { date: '昨晚' }],
    ['打13812345678找我', { phone: '13812345678' }],
    ['我15岁，在赤峰，昨天的事', { age: 15, region: '内蒙古', date: '昨天' }],
  ]
  test.each(found)('When 「%s」 is said, then what it names is found', async (text, entities) => {
    expect(await talk.entities(text)).toEqual(entities)
  })

  test('When nothing is named, then nothing is found', async () => {
    for (const text of ['', '你好', '12355', '138123456789012', '第二百三十六条', '三点见'])
      expect(await talk.entities(text)).toEqual({})
  })

  test('When a message is long or in any script, then nothing throws', async () => {
    for (const text of ['今天'.repeat(10_000), 'Сегодня 13岁', '\ud83d今天', '今天{{age}}%', 'ᠮᠣᠩᠭᠣᠯ 13岁']) {
      expect(typeof (await talk.entities(text))).toBe('object')
    }
  })
})

describe('the vote', () => {
  test('When small talk is short, then it is voted for; a question or a long text is not', async () => {
    expect(await talk.vote('你好')).toMatchObject({ intent: 'chat.greeting' })
    expect(await talk.vote('你是机器人吗')).toMatchObject({ intent: 'svc.is_ai' })
    expect(await talk.vote('同学打我')).toBeNull()
    expect(await talk.vote('你好你好你好你好你好你好你好')).toBeNull()
  })

  test('When there is nothing to read, then there is no vote and nothing throws', async () => {
    for (const text of ['', '？', '123', 'Привет', '\ud83d', '👍']) expect(await talk.vote(text)).toBeNull()
  })
})
