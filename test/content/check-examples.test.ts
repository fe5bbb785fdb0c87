import { describe, expect, test } from '@jest/globals'
import { stringify } from 'yaml'
import { checkContent } from '../../bot/content/check.js'
import { parseContent } from '../../bot/content/content.js'
import { faultLine } from '../../bot/content/faults.js'
import { filesWith } from './fixture.js'

const DAY = '2026-06-01'
const six = (first: string) => [first, '嗯', '不知道', '就那样', '还好', '先这样']

/** What the check says of the small house of content with one file more. */
function faultsOf(path: string, value: unknown): string[] {
  const parsed = parseContent({ ...filesWith(), [path]: stringify(value) })
  return (parsed.content ? checkContent(parsed.content, DAY) : parsed.faults).map(faultLine)
}

const talk = (rest: object) => ({ about: '吵架', level: 'none', act: null, messages: six('烦死了'), ...rest })
const file = (use: string, conversations: object[]) => ({ about: '对话', use, conversations })

describe('whole conversations', () => {
  test('When one is safe and another says where a human would act, then nothing is wrong', () => {
    const danger = talk({ level: 'urgent', kinds: ['self-harm'], act: 2, messages: six('我好累') })
    expect(faultsOf('conversations/learn.yml', file('learn', [talk({}), danger]))).toEqual([])
  })

  const planted: [what: string, change: object, fault: RegExp][] = [
    ['a danger has no turn to act at', { level: 'urgent', kinds: ['self-harm'] }, /要写 act/],
    ['a safe one has a turn to act at', { act: 2 }, /要写 act/],
    ['the turn lies beyond its end', { level: 'watch', kinds: ['bullying'], act: 9 }, /超过了/],
    ['it is too short to be one', { messages: ['烦', '没事'] }, /至少要 6 条/],
  ]
  test.each(planted)('When %s, then the check says so', (_, change, fault) => {
    expect(faultsOf('conversations/learn.yml', file('learn', [talk(change)])).join()).toMatch(fault)
  })

  test('When one is both learnt and tested on, then the check says so', () => {
    const files = {
      ...filesWith(),
      'conversations/learn.yml': stringify(file('learn', [talk({})])),
      'conversations/test.yml': stringify(file('test', [talk({})])),
    }
    const { content } = parseContent(files)
    expect(checkContent(content!, DAY).map(faultLine).join()).toMatch(/也在学的对话里/)
  })
})

describe('messages that are only measured on', () => {
  test('When they name topics that there are, then nothing is wrong', () => {
    expect(
      faultsOf('examples/several.yml', {
        about: '两件事',
        messages: [{ text: '老板不给钱，我还不想活了', topics: [['mh.suicide'], ['work.wage']] }],
      }),
    ).toEqual([])
  })

  test('When one names a topic that there is not, then the check says which', () => {
    expect(
      faultsOf('examples/several.yml', {
        about: '两件事',
        messages: [{ text: '都乱了', topics: [['work.gone'], ['work.wage']] }],
      }),
    ).toEqual(['examples/several.yml messages.0.topics：没有话题 work.gone'])
    expect(
      faultsOf('examples/follow-ups.yml', {
        about: '接着问',
        messages: [{ topic: 'work.wage', before: '老板不给钱', text: '那要多久', expected: ['work.gone'] }],
      }),
    ).toEqual(['examples/follow-ups.yml messages.0：没有话题 work.gone'])
  })
})

describe('lines of danger', () => {
  test('When a held-out line is nearly a learnt one, then the check says which', () => {
    const faults = faultsOf('danger/medical.yml', {
      kind: 'medical',
      groups: [
        {
          level: 'urgent',
          speaker: 'self',
          style: 'plain',
          lines: ['我喘不上气来嘴唇都紫了怎么办'],
          test: ['我喘不上气来嘴唇都紫了怎么办啊', '摔断了腿动不了'],
        },
      ],
    })
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatch(
      /medical\.yml groups\.0\.test：测试句“我喘不上气来嘴唇都紫了怎么办啊”和学的句子/,
    )
  })
})
