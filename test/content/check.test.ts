import { beforeAll, describe, expect, test } from '@jest/globals'
import { DateTime } from 'luxon'
import { checkContent, checkFile } from '../../bot/content/check.js'
import { answersHash, type Content } from '../../bot/content/content.js'
import { faultLine } from '../../bot/content/faults.js'
import { contentFolder, contentOf, readFolder } from '../../bot/content/folder.js'
import { ZONE } from '../../bot/content/lines.js'
import { contentWith, type Draft } from './fixture.js'

const DAY = '2026-06-01'
const faultsWith = (change?: (draft: Draft) => void, day = DAY) =>
  checkContent(contentWith(change), day).map(faultLine)

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
      'buttons.2.to：按钮“别处”指向 work.gone，没有这个话题',
    ],
    [
      'a button leads to a layer that is not there',
      (d) => delete (d.answer as Partial<Draft['answer']>).more,
      '指向 more，可写给孩子的回答没有这一层',
    ],
    [
      'two buttons have one label',
      (d) => d.wage.buttons.push({ label: '怎么要', to: 'human' }),
      '两个按钮的字一样：怎么要',
    ],
    [
      'also names an intent that is not there',
      (d) => d.wage.also.push('work.gone'),
      'also.0：没有话题 work.gone',
    ],
    [
      'an article lies beyond its statute',
      (d) => Object.assign(d.answer, cite('治安管理处罚法', '第一百四十五条')),
      'answers.0.first.citations.0.article：治安管理处罚法第一百四十五条：这部法没有这一条',
    ],
    [
      'a statute is named with its old version',
      (d) => Object.assign(d.answer, cite('治安管理处罚法（2012）', '第四十三条')),
      '清单里没有这部法',
    ],
    [
      'a statute is unknown',
      (d) => Object.assign(d.answer, cite('校园欺凌法', '第一条')),
      '校园欺凌法第一条：法律清单里没有这部法',
    ],
    [
      'an inserted article does not exist',
      (d) => Object.assign(d.answer, cite('刑法', '第二百三十六条之二')),
      '这部法没有这一条',
    ],
    [
      'a wording is forbidden',
      (d) => (d.answer.more.text = '老板一定会赔，你肯定能赢。'),
      'answers.0.more.text：“一定会赔”保证结果',
    ],
    [
      'the plain line of a citation is forbidden',
      (d) => (d.answer.first.citations = [{ law: '劳动法', article: '第五十条', plain: '官司一定能赢。' }]),
      '劳动法第五十条的白话：“一定能赢”',
    ],
    [
      'a number is written bare',
      (d) => (d.answer.help.text = '打 12355 问一问。'),
      '电话 12355 要写成 {{hotline.12355}}',
    ],
    [
      'a number is not among the lines',
      (d) => (d.answer.help.text = '打 {{hotline.12399}}。'),
      '电话清单里没有 12399',
    ],
    [
      'a number is bare in a system message',
      (d) => (d.messages.hello!.text = '打 12355。'),
      'messages.hello：电话 12355 要写成',
    ],
    [
      'two utterances are nearly alike',
      (d) => d.wage.utterances.push('老板不发工资啊', '老板就是不发工资啊'),
      'utterances.12：和“老板不发工资”几乎一样：“老板不发工资啊”',
    ],
    [
      'two intents share an utterance',
      (d) => d.bullied.utterances.push('老板不发工资'),
      '“老板不发工资”也是“被欺负”（sch.bullied）的说法',
    ],
    [
      'a test phrase is trained on',
      (d) => d.wage.test.push('工头跑了找不到人'),
      'test.4：测试句“工头跑了找不到人”也在说法里',
    ],
    [
      'a test phrase is trained on by another intent',
      (d) => d.wage.test.push('放学被堵'),
      'test.4：测试句“放学被堵”是“被欺负”的说法',
    ],
    [
      'a test line of danger is trained on',
      (d) => (d.groups[0]!.test = ['我不想活了']),
      'danger/self-harm.yml groups.0.test：测试句“我不想活了”也在学的句子里',
    ],
    [
      'a first reply to distress cites a statute',
      (d) =>
        (d.suicide.answers[0]!.first.citations = [
          { law: '刑法', article: '第一条', plain: '法律保护每个人。' },
        ]),
      'answers.0.first.citations：对想死、自伤的人说的第一句话不带法条',
    ],
    [
      'a first reply to distress names a method',
      (d) => (d.suicide.answers[0]!.first.text = '先把安眠药收起来。'),
      '说出了方法',
    ],
    [
      'a first reply to distress speaks of compulsion',
      (d) => (d.suicide.answers[0]!.first.text = '要监护人同意才能看病。'),
      '讲了法律或强制',
    ],
    [
      'a review signs another text',
      (d) => d.wage.reviews.push(signed(d, { hash: 'a'.repeat(64) })),
      '签的是别的文字',
    ],
    [
      'a review has expired',
      (d) => d.wage.reviews.push(signed(d, { expires: '2026-06-01' })),
      '到 2026-06-01 就过期了',
    ],
    ['a layer has three bubbles', (d) => (d.answer.more.text = '一\n\n二\n\n三'), '最多两个气泡'],
    [
      'a bubble asks two questions',
      (d) => (d.answer.more.text = '你几岁？你在哪里？'),
      '一个气泡最多问一个问题',
    ],
    [
      'the first bubble holds an unverified fact',
      (d) => (d.answer.first.unverified = '没人核实'),
      '没核实的事实',
    ],
    ['nobody answers the young person', (d) => (d.answer.reader = 'parent'), '还没有写给孩子的回答'],
    [
      'two answers have one reader',
      (d) => d.bullied.answers.push(structuredClone(d.bullied.answers[0])),
      '同一种读者有两份回答',
    ],
    ['an emergency line is missing', (d) => d.lines.shift(), '少了 110'],
    [
      'an emergency line sleeps',
      (d) => (d.lines[1]!.hours = { workday: [{ from: '08:00', to: '20:00' }] }),
      'lines.1.hours：120 全天都能打',
    ],
    ['an emergency line is local', (d) => (d.lines[0]!.region = '内蒙古'), '110 全国都能打'],
    ['a number stands twice', (d) => d.lines.push({ ...d.lines[2] }), 'lines.3.number：12333 已经在清单里了'],
    [
      'hours end before they begin',
      (d) => (d.lines[2]!.hours = { workday: [{ from: '20:00', to: '08:00' }] }),
      'lines.2.hours.workday.0：工作日：结束要晚于开始',
    ],
    [
      'two spans overlap',
      (d) =>
        (d.lines[2]!.hours = {
          restday: [
            { from: '08:00', to: '12:00' },
            { from: '11:00', to: '14:00' },
          ],
        }),
      '周末：两段时间要按先后写，不能重叠',
    ],
    [
      'a system message is signed in other words',
      (d) => (d.messages.hello!.reviews = [signed(d, { hash: 'c'.repeat(64) })]),
      'system/talk.yml messages.hello：2026-01-02 的签字（lawyer）签的是别的文字',
    ],
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

describe('one file alone', () => {
  test('When a file is checked before it is kept, then its own faults are named, and what it shares with others', () => {
    const content = contentWith((d) => {
      d.wage.utterances.push('老板不发工资', '被起外号')
      d.bullied.test.push('打工一个月没拿到钱')
      d.lines.shift()
    })
    const named = (path: string) => checkFile(content, path, DAY).map(({ at }) => at)
    expect(named('work/wage.yml')).toEqual(['utterances.12', 'utterances.1', 'utterances.13'])
    expect(named('sch/bullied.yml')).toEqual(['utterances.1', 'test.4'])
    expect(named('system/hotlines.yml')).toEqual(['lines'])
    expect(named('mh/suicide.yml')).toEqual([])
  })

  test('When a review has run out, then it is due and not wrong', () => {
    const draft = contentWith((d) => d.wage.reviews.push(signed(d, { expires: '2026-06-01' })))
    expect(checkFile(draft, 'work/wage.yml', DAY)).toMatchObject([{ at: 'reviews', due: true }])
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
      {
        path: 'sch/bully_victim.yml',
        at: 'answers.0.first.citations.0.article',
        what: '治安管理处罚法第二百条：这部法没有这一条',
      },
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
