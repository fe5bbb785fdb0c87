import { beforeAll, describe, expect, test } from '@jest/globals'
import { DateTime } from 'luxon'
import type { Bubble } from '../../shared/message.js'
import type { DangerKind, RiskLevel } from '../../shared/risk.js'
import type { Content } from '../../bot/content/content.js'
import { contentFolder, contentOf, readFolder } from '../../bot/content/folder.js'
import { ZONE } from '../../bot/content/lines.js'
import { DANGER_STEPS } from '../../bot/conversation/danger.js'
import { decide, rise, type Decision } from '../../bot/conversation/decide.js'
import { stepOffers } from '../../bot/conversation/offers.js'
import type { Floor, Heard } from '../../bot/conversation/scene.js'
import { freshState, type State } from '../../bot/conversation/state.js'
import { wordsAt, type Words } from '../../bot/conversation/words.js'
import type { Understood } from '../../bot/nlu/recognise.js'
import type { Risk } from '../../bot/safety/assess.js'
import { wordingFaults } from '../../bot/safety/wording.js'
import { alwaysFaults } from '../dialogue.js'

let content: Content
let words: Words
const wordsOn = (at: string) =>
  wordsAt(content, {
    now: DateTime.fromISO(at, { zone: ZONE }).toJSDate(),
    region: '内蒙古',
    counselorPresent: false,
  })

beforeAll(async () => {
  content = contentOf(await readFolder(contentFolder()))
  words = wordsOn('2026-11-24T10:00')
})

const KINDS: DangerKind[] = [
  'attempt',
  'self-harm',
  'violence',
  'sexual',
  'bullying',
  'threat',
  'runaway',
  'drugs',
  'extortion',
  'medical',
  'neglect',
]
const FRIENDS = ['friend', 'parent', 'adult'] as const
const calm: Floor = { level: 'none', kinds: [], report: false }

const risk = (level: RiskLevel, kinds: DangerKind[] = [], more: Partial<Risk> = {}): Risk => ({
  level,
  kinds,
  report: false,
  score: level === 'none' ? 0 : 0.9,
  speaker: 'self',
  modifier: null,
  evidence: [],
  ...more,
})
const understood = (more: Partial<Understood> = {}): Understood => ({
  intent: null,
  confidence: 0.3,
  alternatives: [],
  outOfScope: false,
  problems: [],
  reader: null,
  entities: {},
  script: 'chinese',
  ...more,
})
const hear = (text: string, about: Risk = risk('none'), more: Partial<Understood> = {}): Heard => ({
  text,
  unreadable: false,
  risk: about,
  understood: understood(more),
})
interface Known {
  state: State
  floor: Floor
}
const stranger = (): Known => ({ state: freshState(), floor: calm })
const step = (known: Known, heard: Heard, by: Words = words): Decision & { heard: Heard } => ({
  ...decide({ ...known, heard, content, words: by }),
  heard,
})
const texts = (bubbles: readonly Bubble[]) => bubbles.map(({ text }) => text).join('\n')
const guess = (...ids: string[]) => ({
  alternatives: ids.map((intent, i) => ({ intent, confidence: 0.3 - i / 100 })),
})

/** What is said when nobody knows what to say: a pressed button must never lead there. */
const isLost = ({ bubbles }: Decision) =>
  ['talk.fallback', 'talk.two-misses', 'talk.clarify'].some((key) =>
    texts(bubbles).includes(words.message(key).text),
  )

describe('the steps of danger', () => {
  test('When a message of danger has buttons, then each leads to a step that exists', () => {
    const asking = [...content.system].filter(
      ([key, { buttons }]) => key.startsWith('danger.') && buttons.length > 0,
    )
    expect(asking.length).toBeGreaterThan(20)
    for (const [key, { buttons }] of asking) {
      const offers = stepOffers(words, key)
      expect([key, offers.map(({ label }) => label)]).toEqual([key, buttons])
      for (const { to } of offers)
        expect([key, to, to in DANGER_STEPS || to === 'human']).toEqual([key, to, true])
    }
  })

  const asked = KINDS.flatMap((kind) =>
    (['self', 'friend', 'parent', 'adult'] as const).map((speaker) => [kind, speaker] as const),
  )
  test.each(asked)(
    'When %s is told by %s and every button is walked to its end, then every reply is a written next step',
    (kind, speaker) => {
      for (const night of [words, wordsOn('2026-10-01T03:00')]) {
        const first = step(stranger(), hear('……', risk('urgent', [kind], { speaker })), night)
        expect(alwaysFaults(first, calm)).toEqual([])
        expect(first.escalate).toBe(kind === 'attempt' ? 'attempt' : 'urgent')
        let walked = 0
        const walk = (known: Known, path: string[]): void => {
          for (const { label, to } of known.state.offered) {
            if (path.length > 3 || path.includes(to)) continue
            const next = step(known, hear(label), night)
            walked++
            expect([...path, label, alwaysFaults(next, known.floor)]).toEqual([...path, label, []])
            expect([...path, label, isLost(next)]).toEqual([...path, label, false])
            expect(next.floor.level).toBe('urgent')
            walk({ state: next.state, floor: next.floor }, [...path, to])
          }
        }
        walk({ state: first.state, floor: first.floor }, [])
        expect(first.state.offered.length === 0 || walked > 0).toBe(true)
      }
    },
  )

  test('When somebody worries for another who is not safe, then nobody asks who is hurting the one who writes', () => {
    for (const kind of ['self-harm', 'violence', 'sexual', 'bullying', 'extortion'] as const) {
      for (const speaker of FRIENDS) {
        const first = step(stranger(), hear('……', risk('urgent', [kind], { speaker })))
        const next = step(first, hear('不安全'))
        expect(texts(next.bubbles)).toContain('TA')
        expect(texts(next.bubbles)).not.toContain('谁要伤害你')
        expect(next.escalate).toBe('urgent')
      }
    }
  })

  test('When it is the night of a holiday, then no reply to danger shows a line but 110 and 120', () => {
    const night = wordsOn('2026-10-01T03:00')
    for (const kind of KINDS) {
      const first = step(stranger(), hear('……', risk('urgent', [kind])), night)
      const replies = [first, ...first.state.offered.map(({ label }) => step(first, hear(label), night))]
      const numbers = replies
        .flatMap(({ bubbles }) => bubbles.flatMap(({ lines }) => lines ?? []))
        .map(({ number }) => number)
      expect([...new Set(numbers)].sort()).toEqual(['110', '120'])
    }
  })

  test('When it is an attempt or a body in danger, then the ambulance is the first line and the first words', () => {
    const first = step(stranger(), hear('……', risk('urgent', ['attempt', 'self-harm'])))
    expect(first.bubbles.flatMap(({ lines }) => lines ?? [])[0]?.number).toBe('120')
    expect(first.bubbles[0]?.text).toMatch(/请马上打 120/)
  })
})

describe('the first reply to self-harm or an attempt', () => {
  const topics = [
    'mh.suicide',
    'mh.self_harm',
    'sch.bully_victim',
    'fam.violence',
    'drug.overdose',
    'jus.compensation',
    null,
  ]
  for (const kind of ['self-harm', 'attempt'] as const) {
    test(`When it is ${kind}, whatever the topic and whoever asks, then it holds no citation, statute, compulsion or method`, () => {
      for (const intent of topics) {
        for (const speaker of ['self', ...FRIENDS] as const) {
          for (const also of [[], ['bullying'], ['violence'], ['sexual']] as DangerKind[][]) {
            const about = risk('urgent', [kind, ...also], { speaker, report: also.length > 0 })
            const reply = step(stranger(), hear('我很害怕，很累', about, { intent, confidence: 0.9 }))
            expect(reply.bubbles.some(({ citations }) => citations?.length)).toBe(false)
            expect(wordingFaults(texts(reply.bubbles), true)).toEqual([])
            expect(alwaysFaults(reply, calm)).toEqual([])
          }
        }
      }
    })
  }
})

describe('urgent words', () => {
  test.each(KINDS)(
    'When %s is cried twice, then the words are not repeated and the lines stay in reach',
    (kind) => {
      const first = step(stranger(), hear('……', risk('urgent', [kind])))
      const second = step(first, hear('……', risk('urgent', [kind])))
      for (const { text } of first.bubbles) expect(texts(second.bubbles)).not.toContain(text)
      expect(alwaysFaults(second, first.floor)).toEqual([])
      expect(second.state.spoken).toEqual([kind])
    },
  )

  test('When another danger is cried after the first, then its own words are said', () => {
    const first = step(stranger(), hear('……', risk('urgent', ['bullying'])))
    const second = step(first, hear('……', risk('urgent', ['self-harm'])))
    expect(texts(second.bubbles)).toContain('你是在想结束自己的生命吗')
    expect(second.state.spoken).toEqual(['bullying', 'self-harm'])
    expect(second.floor.kinds).toEqual(['bullying', 'self-harm'])
  })
})

describe('the floor', () => {
  test('When anything is heard, then the level never falls, kinds gather and the report flag stays', () => {
    const levels: RiskLevel[] = ['none', 'watch', 'urgent']
    for (const before of levels) {
      for (const now of levels) {
        const floor: Floor = {
          level: before,
          kinds: before === 'none' ? [] : ['bullying'],
          report: before !== 'none',
        }
        const risen = rise(floor, risk(now, now === 'none' ? [] : ['self-harm']))
        expect(levels.indexOf(risen.level)).toBe(Math.max(levels.indexOf(before), levels.indexOf(now)))
        expect(risen.report).toBe(floor.report)
        expect(risen.kinds).toEqual([...floor.kinds, ...(now === 'none' ? [] : ['self-harm'])])
      }
    }
  })

  test.each(['没事了', '我开玩笑的', '别担心', '好多了', '谢谢再见', '退订', '嗯', '哈哈哈'])(
    'When 「%s」 is said after danger, then the floor stays urgent',
    (text) => {
      const first = step(stranger(), hear('……', risk('urgent', ['self-harm'])))
      expect(step(first, hear(text)).floor.level).toBe('urgent')
    },
  )

  test('When 没事了 is said and there was no danger, then nobody is told it is kept in mind', () => {
    expect(texts(step(stranger(), hear('没事了')).bubbles)).not.toContain('放在心上')
  })
})

describe('commands', () => {
  const optOuts = ['退订', 'TD', 'T', 'stop', '取消订阅。', '别再发了', '不要再发消息了']
  test.each(optOuts)('When the whole message is 「%s」, then it is an opt-out', (text) => {
    expect(step(stranger(), hear(text)).state.optedOut).toBe(true)
  })

  const notOptOuts = ['我想退订这个世界', '退订怎么弄', '不想再收到他的消息', 'stop it', '他让我退订']
  test.each(notOptOuts)('When 「%s」 is said, then it is none', (text) => {
    expect(step(stranger(), hear(text)).state.optedOut).toBe(false)
  })

  test('When an opt-out is itself danger, then danger is answered first', () => {
    const reply = step(stranger(), hear('退订', risk('urgent', ['self-harm'])))
    expect(reply.state.optedOut).toBe(false)
    expect(texts(reply.bubbles)).toContain('你不是一个人')
  })

  const erasures = [
    '删除我的记录',
    '请帮我删掉所有聊天记录',
    '清空聊天记录',
    '把我的数据删了',
    '删掉我的信息！',
  ]
  test.each(erasures)('When 「%s」 is asked, then it is confirmed before anything is deleted', (text) => {
    const asked = step(stranger(), hear(text))
    expect([asked.erase, asked.bubbles.at(-1)?.buttons]).toEqual([false, ['都删掉', '先不删']])
    expect(step(asked, hear('都删掉')).erase).toBe(true)
    expect(step(asked, hear('1')).erase).toBe(true)
    expect(step(asked, hear('先不删')).erase).toBe(false)
    expect(step(asked, hear('那算了')).erase).toBe(false)
  })

  test('When 都删掉 is said and nobody had asked, then nothing is deleted', () => {
    expect(step(stranger(), hear('都删掉')).erase).toBe(false)
    expect(step(stranger(), hear('他把记录都删掉了')).bubbles.at(-1)?.buttons).not.toEqual([
      '都删掉',
      '先不删',
    ])
  })
})

describe('not understood', () => {
  const guesses = guess('work.wage_unpaid', 'sch.expel', 'fam.violence', 'net.fraud')

  test('When there are guesses, then three are offered, with 都不是 and a human', () => {
    const reply = step(stranger(), hear('那个事', risk('none'), guesses))
    expect(reply.bubbles).toHaveLength(1)
    const buttons = reply.bubbles[0]?.buttons ?? []
    expect(buttons).toHaveLength(5)
    expect(buttons.slice(3)).toEqual(['都不是', '直接找真人'])
    expect(reply.intent).toBeNull()
    expect(step(reply, hear(buttons[1] as string)).intent).toBe('sch.expel')
    expect(step(reply, hear('3')).intent).toBe('fam.violence')
    expect(step(reply, hear('6')).intent).toBeNull()
  })

  test('When two messages in a row are not understood, then the lines are given and the desk is told', () => {
    const first = step(stranger(), hear('那个事', risk('none'), guesses))
    const second = step(first, hear('就那个', risk('none'), guesses))
    expect(first.escalate).toBeNull()
    expect(second.escalate).toBe('asked')
    expect(second.bubbles[0]?.lines?.map(({ number }) => number)).toEqual([
      '110',
      '120',
      '12356',
      '12355',
      '12345',
    ])
    expect(second.state.misses).toBe(0)
  })

  test('When none of the guesses is right, then that is the second miss', () => {
    const first = step(stranger(), hear('那个事', risk('none'), guesses))
    expect(step(first, hear('都不是')).escalate).toBe('asked')
  })

  test('When something is understood between, then counting begins anew', () => {
    const first = step(stranger(), hear('那个事', risk('none'), guesses))
    const answered = step(
      first,
      hear('被欺负了', risk('none'), { intent: 'sch.bully_victim', confidence: 0.9 }),
    )
    expect(step(answered, hear('就那个', risk('none'), guesses)).escalate).toBeNull()
  })

  test('When a life is at stake, then there is neither menu nor excuse, however often it is not understood', () => {
    for (const kind of ['self-harm', 'attempt'] as const) {
      let known: Decision = step(stranger(), hear('……', risk('urgent', [kind])))
      for (const more of [
        guesses,
        { outOfScope: true },
        { intent: 'chat.greeting', confidence: 0.8 },
        { intent: 'chat.unclear' },
      ]) {
        const reply = step(known, hear('我快不行', risk('none'), more))
        expect(texts(reply.bubbles)).toContain('我还在')
        expect(reply.bubbles.flatMap(({ lines }) => lines ?? []).length).toBeGreaterThan(1)
        expect(isLost(reply)).toBe(false)
        known = reply
      }
    }
  })

  test('When nothing of it can be read, then that is said with a number, and the desk is told', () => {
    const reply = step(stranger(), { ...hear(''), unreadable: true })
    expect(texts(reply.bubbles)).toContain('110')
    expect(reply.escalate).toBe('asked')
  })

  test.each(['在吗', '你好', '…', '🙂', '？？', '哈哈哈', 'Hi!'])(
    'When only 「%s」 is said, then it is answered warmly, in twenty characters',
    (text) => {
      const reply = step(stranger(), hear(text))
      expect([...texts(reply.bubbles)].length).toBeLessThanOrEqual(20)
      expect(texts(reply.bubbles)).toContain('我在')
      expect(reply.bubbles[0]?.buttons).toBeUndefined()
    },
  )
})

describe('every answer', () => {
  test('When every intent is answered for every reader and each of its buttons pressed, then each is a written step', () => {
    const faults: string[] = []
    for (const intent of content.intents.keys()) {
      for (const reader of ['young', 'parent', 'friend', 'adult'] as const) {
        const reply = step(stranger(), hear('？问', risk('none'), { intent, confidence: 0.9, reader }))
        faults.push(...alwaysFaults(reply, calm).map((fault) => `${intent} ${reader}: ${fault}`))
        for (const { label } of reply.state.offered) {
          const next = step(reply, hear(label, risk('none'), { reader }))
          if (isLost(next)) faults.push(`${intent} ${reader}: 「${label}」 leads nowhere`)
          faults.push(
            ...alwaysFaults(next, calm).map((fault) => `${intent} ${reader} 「${label}」: ${fault}`),
          )
        }
      }
    }
    expect(faults).toEqual([])
  })

  test('When harm to a minor is told, then the duty to report is said once, before more is told', () => {
    const about = risk('watch', ['bullying'], { report: true })
    const first = step(stranger(), hear('被打', about, { intent: 'sch.bully_victim', confidence: 0.9 }))
    expect(texts(first.bubbles)).toContain('会先和你说')
    expect(first.escalate).toBe('report')
    const second = step(first, hear('又被打', about, { intent: 'sch.bully_victim', confidence: 0.9 }))
    expect(texts(second.bubbles)).not.toContain('会先和你说')
  })

  test('When a human is asked for, then it is said that nobody is there, and what is open', () => {
    for (const text of ['找真人', '转人工', '人工']) {
      const reply = step(stranger(), hear(text))
      expect(texts(reply.bubbles)).toContain('现在没有真人在线')
      expect(reply.escalate).toBe('asked')
      expect(reply.bubbles[0]?.lines?.length).toBeGreaterThan(1)
    }
  })
})

describe('a danger told of before', () => {
  const told: Known = {
    state: { ...freshState(), greeted: true, topic: 'fam.violence' },
    floor: { level: 'watch', kinds: ['violence'], report: true },
  }
  const denied = () => words.message('danger.gentle.denied').text

  test('When it is only taken back, then it stays in mind, also where the words sound like danger', () => {
    expect(texts(step(told, hear('没事了，我开玩笑的', risk('watch', ['violence']))).bubbles)).toContain(
      denied(),
    )
    expect(texts(step(told, hear('我没事')).bubbles)).toContain(denied())
  })

  test('When somebody plays it down and tells of danger anew, then that is answered and not the playing down', () => {
    const anew = hear('别担心我，可是他昨晚又拿皮带打我妈了', risk('watch', ['violence']), {
      intent: 'fam.violence',
      confidence: 0.9,
    })
    const said = step(told, anew)
    expect(texts(said.bubbles)).not.toContain(denied())
    expect(said.intent).toBe('fam.violence')
  })

  test('When an attempt was asked where it is, then whatever comes is the answer to that', () => {
    const asked: Known = {
      state: { ...freshState(), greeted: true, awaitsPlace: true, spoken: ['attempt'] },
      floor: { level: 'urgent', kinds: ['attempt'], report: false },
    }
    const said = texts(step(asked, hear('没事了，别担心')).bubbles)
    expect(said).toContain(words.message('danger.attempt.again').text)
    expect(said).not.toContain(denied())
  })
})

test('When a beaten child is recognised as a quarrel with its parents, then the answer is the one for the beaten child', () => {
  const quarrel = { intent: 'fam.conflict', confidence: 0.9 }
  const { intent } = step(stranger(), hear('我爸又打我了', risk('watch', ['violence']), quarrel))
  expect(intent).toBe('fam.violence')
})
