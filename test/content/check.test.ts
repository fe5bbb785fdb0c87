import { beforeAll, describe, expect, test } from '@jest/globals'
import { DateTime } from 'luxon'
import { checkContent } from '../../bot/content/check.js'
import { answersHash, type Content } from '../../bot/content/content.js'
import { contentFolder, contentOf, readFolder } from '../../bot/content/folder.js'
import { ZONE } from '../../bot/content/lines.js'
import { contentWith, type Draft } from './fixture.js'

const DAY = '2026-06-01'
const faultsWith = (change?: (draft: Draft) => void, day = DAY) =>
  checkContent(contentWith(change), day).map(({ path, what }) => `${path}: ${what}`)

const signed = (draft: Draft, review: Record<string, unknown>) => {
  const hash = answersHash(
    contentWith((same) => Object.assign(same.answer, draft.answer)).intents.get('work.wage')!,
  )
  return { role: 'lawyer', name: '王律师', date: '2026-01-02', expires: '2027-01-01', hash, ...review }
}

describe('a planted fault', () => {
  test('When nothing is wrong, then nothing is reported', () => {
    expect(faultsWith()).toEqual([])
  })

  const cite = (law: string, article: string) => ({
    first: { text: '先留证据。', citations: [{ law, article, plain: '警察要处罚打人的人。' }] },
  })
  const planted: [what: string, change: (draft: Draft) => void, fault: string][] = [
    [
      'a button leads to an intent that is not there',
      (d) => d.wage.buttons.push({ label: '别处', to: 'work.gone' }),
      'there is no intent work.gone',
    ],
    [
      'a button leads to a layer that is not there',
      (d) => delete (d.answer as Partial<Draft['answer']>).more,
      'leads to a layer more',
    ],
    [
      'two buttons have one label',
      (d) => d.wage.buttons.push({ label: '怎么要', to: 'human' }),
      'same label',
    ],
    ['also names an intent that is not there', (d) => d.wage.also.push('work.gone'), 'also names work.gone'],
    [
      'an article lies beyond its statute',
      (d) => Object.assign(d.answer, cite('治安管理处罚法', '第一百四十五条')),
      '治安管理处罚法第一百四十五条: no such article',
    ],
    [
      'a statute is named with its old version',
      (d) => Object.assign(d.answer, cite('治安管理处罚法（2012）', '第四十三条')),
      'no such statute',
    ],
    [
      'a statute is unknown',
      (d) => Object.assign(d.answer, cite('校园欺凌法', '第一条')),
      '校园欺凌法第一条: no such statute',
    ],
    [
      'an inserted article does not exist',
      (d) => Object.assign(d.answer, cite('刑法', '第二百三十六条之二')),
      'no such article',
    ],
    [
      'a wording is forbidden',
      (d) => (d.answer.more.text = '老板一定会赔，你肯定能赢。'),
      'promises an outcome',
    ],
    [
      'the plain line of a citation is forbidden',
      (d) => (d.answer.first.citations = [{ law: '劳动法', article: '第五十条', plain: '官司一定能赢。' }]),
      '劳动法第五十条: 「一定能赢」',
    ],
    [
      'a number is written bare',
      (d) => (d.answer.help.text = '打 12355 问一问。'),
      'write 12355 as {{hotline.12355}}',
    ],
    [
      'a number is not among the lines',
      (d) => (d.answer.help.text = '打 {{hotline.12399}}。'),
      '{{hotline.12399}} is not in system/hotlines.yml',
    ],
    [
      'a number is bare in a system message',
      (d) => (d.messages.hello!.text = '打 12355。'),
      'hello: write 12355',
    ],
    [
      'two utterances are nearly alike',
      (d) => d.wage.utterances.push('老板不发工资啊', '老板就是不发工资啊'),
      'nearly alike',
    ],
    [
      'two intents share an utterance',
      (d) => d.bullied.utterances.push('老板不发工资'),
      '「老板不发工资」 is also an utterance of',
    ],
    [
      'a test phrase is trained on',
      (d) => d.wage.test.push('工头跑了找不到人'),
      'test phrase 「工头跑了找不到人」 is also an utterance',
    ],
    [
      'a test phrase is trained on by another intent',
      (d) => d.wage.test.push('放学被堵'),
      'test phrase 「放学被堵」',
    ],
    [
      'a test line of danger is trained on',
      (d) => (d.groups[0]!.test = ['我不想活了']),
      'test line 「我不想活了」 is also trained on',
    ],
    [
      'a first reply to distress cites a statute',
      (d) =>
        (d.suicide.answers[0]!.first.citations = [
          { law: '刑法', article: '第一条', plain: '法律保护每个人。' },
        ]),
      'carries no statute',
    ],
    [
      'a first reply to distress names a method',
      (d) => (d.suicide.answers[0]!.first.text = '先把安眠药收起来。'),
      'names a method',
    ],
    [
      'a first reply to distress speaks of compulsion',
      (d) => (d.suicide.answers[0]!.first.text = '要监护人同意才能看病。'),
      'law or compulsion',
    ],
    [
      'a review signs another text',
      (d) => d.wage.reviews.push(signed(d, { hash: 'a'.repeat(64) })),
      'signs another text',
    ],
    [
      'a review has expired',
      (d) => d.wage.reviews.push(signed(d, { expires: '2026-06-01' })),
      'expired on 2026-06-01',
    ],
    ['a layer has three bubbles', (d) => (d.answer.more.text = '一\n\n二\n\n三'), 'more than two bubbles'],
    [
      'a bubble asks two questions',
      (d) => (d.answer.more.text = '你几岁？你在哪里？'),
      'more than one question',
    ],
    [
      'the first bubble holds an unverified fact',
      (d) => (d.answer.first.unverified = '没人核实'),
      'unverified fact',
    ],
    [
      'nobody answers the young person',
      (d) => (d.answer.reader = 'parent'),
      'no answer for the young person',
    ],
    [
      'two answers have one reader',
      (d) => d.bullied.answers.push(structuredClone(d.bullied.answers[0])),
      'two answers for the same reader',
    ],
    ['an emergency line is missing', (d) => d.lines.shift(), '110 is missing'],
  ]
  test.each(planted)('When %s, then it is named', (_, change, fault) => {
    const faults = faultsWith(change)
    expect(faults.join('\n')).toContain(fault)
    expect(faults.length).toBeLessThanOrEqual(2)
  })

  test('When an article stands in the new statute only, then it is right from the first day it is in force', () => {
    const change = (d: Draft) => Object.assign(d.answer, cite('治安法', '第一百四十四条'))
    expect(faultsWith(change, '2025-12-31')).not.toEqual([])
    expect(faultsWith(change, '2026-01-01')).toEqual([])
  })

  test('When a review signs these words and holds, then nothing is wrong with it', () => {
    expect(faultsWith((d) => d.wage.reviews.push(signed(d, {})))).toEqual([])
  })

  test('When two intents name each other as also right, then they may share an utterance', () => {
    const shared = (d: Draft) => {
      d.bullied.utterances.push('老板不发工资')
      d.wage.also.push('sch.bullied')
    }
    expect(faultsWith(shared)).toEqual([])
  })

  test('When a figure is no telephone number, then it may stand as it is', () => {
    const fine = [
      '16 岁以下不能打工，工资不低于 1200 元。',
      '有危险打 110 或 120，火警 119。',
      '2026-01-01 起施行',
    ]
    for (const text of fine) expect(faultsWith((d) => (d.answer.more.text = text))).toEqual([])
  })
})

describe('the shipped content', () => {
  const today = DateTime.now().setZone(ZONE).toISODate() as string
  let content: Content
  beforeAll(async () => {
    content = contentOf(await readFolder(contentFolder()))
  })

  test('When it is checked today, then there is no fault in it', () => {
    expect(checkContent(content, today)).toEqual([])
  })

  test('When it is counted, then every danger has its lines and there are at least 45 topics', () => {
    expect(content.intents.size).toBeGreaterThanOrEqual(45)
    expect(content.safety.map(({ kind }) => kind).sort()).toEqual([
      'attempt',
      'bullying',
      'drugs',
      'extortion',
      'medical',
      'neglect',
      'runaway',
      'self-harm',
      'sexual',
      'threat',
      'violence',
    ])
    expect(content.hotlines.filter(({ emergency }) => emergency).map(({ number }) => number)).toEqual([
      '110',
      '120',
    ])
  })

  test('When an article beyond its statute is planted in it, then the check finds that one', () => {
    const broken = structuredClone(content)
    const layer = broken.intents.get('sch.bully_victim')!.answers[0]!.first
    layer.citations = [{ law: '治安管理处罚法', article: '第二百条', plain: '打人要受处罚。' }]
    expect(checkContent(broken, today)).toEqual([
      { path: 'sch/bully_victim.yml', what: 'young/first: 治安管理处罚法第二百条: no such article' },
    ])
  })

  test('When an inserted article is cited, then it is one the statute really has', () => {
    const cited = [...content.intents.values()].flatMap(({ answers }) =>
      answers.flatMap(({ first, more, help }) =>
        [first, more, help].flatMap((layer) => layer?.citations ?? []),
      ),
    )
    expect(cited.length).toBeGreaterThan(200)
    expect(cited.some(({ article }) => article.includes('之'))).toBe(true)
  })
})
