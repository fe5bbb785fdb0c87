import { beforeAll, describe, expect, test } from '@jest/globals'
import { DateTime } from 'luxon'
import type { Content } from '../../bot/content/content.js'
import { contentFolder, contentOf, readFolder } from '../../bot/content/folder.js'
import { ZONE } from '../../bot/content/lines.js'
import { decide, type Decision } from '../../bot/conversation/decide.js'
import type { Floor, Heard } from '../../bot/conversation/scene.js'
import { freshState, type State } from '../../bot/conversation/state.js'
import { ordersByName } from '../../bot/conversation/subscribe.js'
import { wordsAt } from '../../bot/conversation/words.js'
import type { Understood } from '../../bot/nlu/recognise.js'
import { noRisk, type Risk } from '../../bot/safety/assess.js'
import { alwaysFaults } from '../dialogue.js'

let content: Content
beforeAll(async () => {
  content = contentOf(await readFolder(contentFolder()))
})

const calm: Floor = { level: 'none', kinds: [], report: false }
const watched: Floor = { level: 'watch', kinds: ['bullying'], report: false }
const none = noRisk()

interface Known {
  state?: Partial<State>
  floor?: Floor
  subscribed?: string[]
  understood?: Partial<Understood>
  risk?: Risk
}

type Turn = Decision & { heard: Heard }

function say(
  text: string,
  { state, floor = calm, subscribed = [], understood, risk = none }: Known = {},
): Turn {
  const words = wordsAt(content, {
    now: DateTime.fromISO('2026-11-26T10:00', { zone: ZONE }).toJSDate(),
    region: '内蒙古',
    counselorPresent: false,
  })
  const heard: Heard = {
    text,
    unreadable: false,
    risk,
    understood: {
      intent: null,
      confidence: 0.3,
      alternatives: [],
      outOfScope: false,
      problems: [],
      reader: null,
      entities: {},
      script: 'chinese',
      ...understood,
    },
  }
  const scene = { state: { ...freshState(), ...state }, floor, heard, content, words, subscribed }
  const turn = { ...decide(scene), heard }
  expect([text, alwaysFaults(turn, floor)]).toEqual([text, []])
  return turn
}
const labels = ({ state }: Turn) => state.offered.map(({ label }) => label)
const text = ({ bubbles }: Turn) => bubbles.map((bubble) => bubble.text).join('\n')
const GENERAL = ['防溺水提醒', '防骗提醒', '防欺负提醒', '上网安全提醒', '季节安全提醒']

describe('asking for warnings', () => {
  test.each(['订阅', '我要订阅', '订阅提醒', '我想订提醒', '有什么提醒', '有哪些提醒？', '可以订阅哪些提醒'])(
    'When somebody says 「%s」, then every topic is offered and nothing is subscribed to',
    (said) => {
      const turn = say(said)
      expect(labels(turn)).toEqual(content.topics.map(({ title }) => title))
      expect(labels(turn).length).toBeLessThanOrEqual(8)
      expect(turn.subscribe).toBeNull()
    },
  )

  test.each([
    ['我想收到防溺水提醒', '防溺水提醒', ['要', '不要']],
    ['订阅禁毒提醒', '禁毒提醒', ['满14岁，要', '不要']],
    ['帮我订一下防骗的提醒吧', '防骗提醒', ['要', '不要']],
    ['能订阅艾滋病提醒吗？', '防艾提醒', ['满15岁，要', '不要']],
    ['订阅防溺水', '防溺水提醒', ['要', '不要']],
  ])('When somebody says 「%s」, then one honest question is asked about %s', (said, title, buttons) => {
    const turn = say(said)
    expect(turn.subscribe).toBeNull()
    expect(labels(turn)).toEqual(buttons)
    for (const part of [title, '会发什么', '退订', '不会告诉家长和老师', '晚上不发', '要订吗？'])
      expect(text(turn)).toContain(part)
  })

  test.each([
    '订外卖',
    '我想收到你的回信',
    '我要退学',
    '订不订都行',
    '我想退订这个世界',
    '我收到一条骚扰信息',
  ])('When somebody says 「%s」, then it is not about warnings', (said) => {
    const turn = say(said)
    expect(text(turn)).not.toContain('订上')
    expect(labels(turn)).not.toContain('防溺水提醒')
    expect([turn.subscribe, turn.unsubscribe]).toEqual([null, null])
  })

  test('When a topic is asked for that there is not, then it is said and those there are are offered', () => {
    const turn = say('订阅天气预报提醒')
    expect(text(turn)).toContain('还没有')
    expect(labels(turn)).toContain('季节安全提醒')
  })

  test('When 要 is pressed, then the consent names topic and wording; 不要 gives none', () => {
    const asked = say('订阅禁毒提醒')
    const wording = content.topics.find(({ id }) => id === 'drugs')?.consent.version
    const yes = say('满14岁，要', { state: { ...asked.state, optedOut: true } })
    expect(yes.subscribe).toEqual({ topic: 'drugs', wording, parent: false })
    expect(yes.state.optedOut).toBe(false)
    expect(text(yes)).toContain('退订')
    const no = say('不要', { state: asked.state })
    expect([no.subscribe, text(no)]).toEqual([null, expect.stringContaining('不订')])
  })

  test('When a parent says 要, then it is a parent’s consent and no age is asked', () => {
    const asked = say('订阅心情提醒', { state: { reader: 'parent', age: 9 } })
    expect(labels(asked)).toEqual(['要', '不要'])
    expect(say('要', { state: asked.state }).subscribe).toMatchObject({ topic: 'mental', parent: true })
  })
})

describe('the danger in a name', () => {
  test('When a warning is ordered, stopped or pressed by any of its names, then that alone is no danger', () => {
    for (const { title, names } of content.topics) {
      for (const name of [title, ...names.map((each) => `${each}提醒`)]) {
        for (const verb of ['', '订阅', '我想收到', '我想订', '帮我订一下', '退订', '不要', '停掉'])
          expect([verb, name, ordersByName(content, `${verb}${name}`)]).toEqual([verb, name, true])
      }
    }
  })

  test.each([
    '我想收到毒品',
    '溺水',
    '我溺水了提醒',
    '欺负提醒了我',
    '有人提醒我别吸毒',
    '我不想活了订阅防溺水提醒',
    '防溺水提醒\n我不想活了',
    '订阅防溺水提醒，其实我被打了',
  ])('When somebody says 「%s」, then it is read for danger like everything else', (said) => {
    expect(ordersByName(content, said)).toBe(false)
  })
})

describe('who is under fourteen', () => {
  const young = { state: { age: 12 } }

  test('When the topics are listed, then only those of general safety are', () => {
    expect(labels(say('订阅', young))).toEqual(GENERAL)
  })

  test('When another topic is asked for, pressed or agreed to, then it is not given', () => {
    expect(text(say('订阅禁毒提醒', young))).toContain('满 14 岁')
    expect(labels(say('订阅禁毒提醒', young))).toEqual(GENERAL)
    const asked = say('订阅禁毒提醒')
    const late = say('满14岁，要', { state: { ...asked.state, age: 12 } })
    expect(late.subscribe).toBeNull()
    expect(text(late)).toContain('满 14 岁')
    expect(labels(say('订阅艾滋提醒', { state: { age: 14 } }))).not.toContain('防艾提醒')
  })
})

describe('what one has', () => {
  test('When somebody asks, then the topics are named and each can be stopped by a button', () => {
    const turn = say('我订了哪些？', { subscribed: ['hiv', 'water'] })
    expect(text(turn)).toContain('防溺水提醒、防艾提醒')
    const stopped = say('停掉防艾提醒', { state: turn.state, subscribed: ['hiv', 'water'] })
    expect([stopped.unsubscribe, stopped.optOut]).toEqual(['hiv', false])
  })

  test('When nothing is subscribed to, then that is said', () => {
    expect(text(say('我订阅了什么'))).toContain('没有订')
  })

  test('When a topic is had already, then no second consent is asked', () => {
    const turn = say('订阅防溺水提醒', { subscribed: ['water'] })
    expect([labels(turn), text(turn)]).toEqual([[], expect.stringContaining('已经订了')])
  })

  test.each(['退订防溺水提醒', '取消订阅防溺水', '不要防溺水提醒了', '停掉防溺水提醒'])(
    'When somebody says 「%s」, then this one is stopped, also in danger',
    (said) => {
      expect(say(said, { subscribed: ['water'] }).unsubscribe).toBe('water')
      expect(say(said, { subscribed: ['water'], floor: watched }).unsubscribe).toBe('water')
    },
  )

  test('When somebody says 退订, then everything ends', () => {
    const turn = say('退订', { subscribed: ['water', 'hiv'] })
    expect([turn.optOut, turn.unsubscribe, turn.state.optedOut]).toEqual([true, null, true])
  })
})

describe('while there is danger', () => {
  test.each(['订阅', '订阅禁毒提醒', '我订了哪些'])(
    'When somebody says 「%s」, then it is put off and asked whether they are safe',
    (said) => {
      const turn = say(said, { floor: watched })
      expect(labels(turn)).toEqual(['安全', '不安全', '找真人'])
      expect(turn.subscribe).toBeNull()
    },
  )

  test('When a button of warnings is pressed after danger rose, then there is no consent', () => {
    const asked = say('订阅防溺水提醒')
    expect(say('要', { state: asked.state, floor: watched }).subscribe).toBeNull()
    const urgent = { ...none, level: 'urgent' as const, kinds: ['self-harm' as const], score: 0.9 }
    const cry = say('我想死\n要', { state: asked.state, risk: urgent })
    expect(cry.subscribe).toBeNull()
    expect(cry.escalate).toBe('urgent')
    expect(text(cry)).toContain('结束自己的生命')
  })

  test.each([
    ['danger', { floor: watched }],
    ['somebody who said 退订', { state: { optedOut: true } }],
    ['a subscriber', { subscribed: ['water'] }],
    ['somebody who was offered them before', { state: { invited: true } }],
  ] as [string, Known][])('When an answer is given to %s, then warnings are not offered', (_, known) => {
    const turn = say('湖面结冰了可以上去走吗', {
      ...known,
      understood: { intent: 'safety.ice', confidence: 1 },
    })
    expect(labels(turn)).not.toContain('订阅提醒')
  })

  test('When an answer of a topic is given and all is calm, then warnings are offered once', () => {
    const about = { understood: { intent: 'safety.ice', confidence: 1 } }
    const first = say('湖面结冰了可以上去走吗', about)
    expect(labels(first).at(-1)).toBe('订阅提醒')
    const pressed = say('订阅提醒', { state: first.state })
    expect(text(pressed)).toContain('防溺水提醒')
    expect(labels(say('冰多厚才能滑冰', { state: pressed.state, ...about }))).not.toContain('订阅提醒')
  })

  test('When the answer is of a topic of danger, then warnings are never offered', () => {
    const turn = say('我吸了怎么办', { understood: { intent: 'drug.used', confidence: 1 } })
    expect(labels(turn)).not.toContain('订阅提醒')
  })
})
