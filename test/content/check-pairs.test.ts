import { beforeAll, describe, expect, test } from '@jest/globals'
import { checkPairs } from '../../bot/content/check-pairs.js'
import type { Content } from '../../bot/content/content.js'
import { contentFolder, contentOf, readFolder } from '../../bot/content/folder.js'
import { FORBIDDEN_PAIRS, misrouted } from '../../bot/safety/forbidden-pairs.js'
import { Intent, type Citation, type LayerName, type Reader } from '../../shared/intent.js'

const saying = (
  id: string,
  text: string,
  rest: { reader?: Reader; layer?: LayerName; cite?: Citation[] } = {},
) => {
  const { reader = 'young', layer = 'first', cite = [] } = rest
  const layers = { first: { text: '你在想结束自己的生命吗？' }, [layer]: { text, citations: cite } }
  return Intent.parse({
    id,
    title: '一个话题',
    risk: 'urgent',
    utterances: Array.from({ length: 12 }, (_, i) => `说法${i}`),
    test: ['甲', '乙', '丙', '丁'],
    answers: [{ reader, ...layers }],
  })
}
const faults = (...args: Parameters<typeof saying>) => checkPairs(saying(...args)).map(({ what }) => what)

describe('what must never be said in a situation', () => {
  const planted: [situation: string, id: string, text: string, rest?: Parameters<typeof saying>[2]][] = [
    ['a child beaten at home is told to talk to the father', 'fam.violence', '你可以跟爸爸好好谈谈。'],
    [
      'a child hurt by somebody near is told to tell that parent',
      'safety.trusted_adult_abuse',
      '先告诉继父你不喜欢。',
    ],
    [
      'a friend of such a child is told the same',
      'fam.neglect',
      '让他去找妈妈商量一下。',
      { reader: 'friend' },
    ],
    ['who asks for a method is only refused', 'chat.dangerous_howto', '这个不能告诉你。'],
    [
      'a child under fourteen is told how to consent',
      'sex.consent_dating',
      '不满14岁，愿意就可以，记得戴安全套。',
    ],
    [
      'the family of a drug user is told to report him',
      'drug.family_user',
      '你可以举报他。',
      { reader: 'parent', layer: 'more' },
    ],
    ['a user of drugs is threatened with the police', 'drug.used', '再吸就让警察来抓你。'],
    ['an exploited child is told of its own offence', 'net.rent_card', '你这是犯罪，会被判刑。'],
    [
      'an exploited child is shown the article on its own offence',
      'drug.carry_sell',
      '先停下来，打 110。',
      { cite: [{ law: '刑法', article: '第三百四十七条', plain: '贩卖毒品要负刑事责任。' }] },
    ],
  ]
  test.each(planted)('When %s, then the check says so', (_, id, text, ...rest) => {
    expect(faults(id, text, ...(rest as [Parameters<typeof saying>[2]?]))).toHaveLength(1)
  })

  const fine: [id: string, text: string, rest?: Parameters<typeof saying>[2]][] = [
    ['fam.violence', '不用去跟爸爸讲道理，先离开他。'],
    ['fam.violence', '找一个信得过的大人，比如姑姑，告诉她。'],
    ['fam.conflict', '找个时间跟妈妈谈谈。'],
    ['chat.dangerous_howto', '这个我不说。你身边有人吗？'],
    ['drug.report', '看到有人卖，可以举报他。', { layer: 'more' }],
    ['sex.consent_dating', '不满14岁，不管是不是自愿，对方都犯了罪。'],
  ]
  test.each(fine)('When %s says 「%s」, then nothing is wrong', (id, text, ...rest) => {
    expect(faults(id, text, ...(rest as [Parameters<typeof saying>[2]?]))).toEqual([])
  })

  test('When a beaten child would be answered with family quarrels, then it is a misroute', () => {
    expect(misrouted(['violence'], 'fam.conflict')).toBe(true)
    expect(misrouted(['violence'], 'fam.violence')).toBe(false)
    expect(misrouted([], 'fam.conflict')).toBe(false)
  })
})

describe('the content as it is shipped', () => {
  let content: Content
  beforeAll(async () => {
    content = contentOf(await readFolder(contentFolder()))
  })

  test('When its topics are looked through, then every rule finds some, and none is broken', () => {
    const ids = [...content.intents.keys()]
    for (const pair of FORBIDDEN_PAIRS) {
      expect(ids.some((id) => pair.in.topics.test(id))).toBe(true)
      expect(!pair.answered || ids.some((id) => pair.answered?.by.test(id))).toBe(true)
    }
    expect([...content.intents.values()].flatMap(checkPairs)).toEqual([])
  })
})
