import { beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Hotline } from '../../shared/hotline.js'
import type { Bubble } from '../../shared/message.js'
import { DangerKind, RiskLevel, Speaker } from '../../shared/risk.js'
import type { Content } from '../../bot/content/content.js'
import { contentFolder, contentOf, readFolder } from '../../bot/content/folder.js'
import { DANGER_STEPS } from '../../bot/conversation/danger.js'
import { decide } from '../../bot/conversation/decide.js'
import { opening } from '../../bot/conversation/receive.js'
import type { Scene } from '../../bot/conversation/scene.js'
import { freshState } from '../../bot/conversation/state.js'
import { wordsAt } from '../../bot/conversation/words.js'

/** Small in the suite; `QINGAN_STATES=10000` for the whole trial. */
const STATES = Number(process.env.QINGAN_STATES ?? 1_000)

/** Wordings that speak of a human who knows, reads, or may come. */
const OF_A_HUMAN = ['desk.told', 'desk.asked', 'desk.late.present']
/** Any other way to say so. School teachers and grown-ups one may fetch are not meant: who says it is the bot. */
const COMING =
  /(?:值班|在线)(?:的)?老师|老师(?:正?在线|马上|就来|会来|来了|正在|会看|能看)|(?<!没有|有没有)真人(?:正?在线|马上|就来|会来|正在|会看)|(?:告诉|通知|转给|请)(?:了)?(?:值班)?老师(?:了|来看)|(?:我|已经)(?:通知|联系|转给)/

let content: Content
beforeAll(async () => {
  content = contentOf(await readFolder(contentFolder()))
})

const hours = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 1, max: 24 }))
  .map(([from, to]) => ({
    from: `${String(from).padStart(2, '0')}:00`,
    to: `${String(to).padStart(2, '0')}:00`,
  }))
const dayHours = fc.array(hours, { maxLength: 2 })
const kinds = fc.uniqueArray(fc.constantFrom(...DangerKind.options), { maxLength: 3 })
const TEXTS = [
  '找真人',
  '我有危险',
  '我不想活了',
  '没事了',
  '再见',
  '在吗',
  '退订',
  '那怎么办',
  '订阅',
  '…',
  '今天',
]
const buttons = [...Object.keys(DANGER_STEPS), 'human', 'danger', 'none', 'erase.ask']

/** One moment of the house: clock, hours of every line, what was known, what was heard. */
const state = fc.record({
  now: fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true }),
  hours: fc.array(fc.record({ workday: dayHours, restday: dayHours, holiday: dayHours }), {
    minLength: 1,
    maxLength: 4,
  }),
  known: fc.record({
    level: fc.constantFrom(...RiskLevel.options),
    kinds,
    report: fc.boolean(),
    spoken: kinds,
    asked: fc.boolean(),
    awaitsPlace: fc.boolean(),
    misses: fc.integer({ min: 0, max: 2 }),
    told: fc.boolean(),
    greeted: fc.boolean(),
  }),
  pressed: fc.option(fc.constantFrom(...buttons)),
  text: fc.constantFrom(...TEXTS),
  risk: fc.record({
    level: fc.constantFrom(...RiskLevel.options),
    kinds,
    report: fc.boolean(),
    score: fc.double({ min: 0, max: 1, noNaN: true }),
    speaker: fc.constantFrom(...Speaker.options),
  }),
  intent: fc.nat(),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  recognised: fc.boolean(),
  unreadable: fc.boolean(),
})
type Moment = typeof state extends fc.Arbitrary<infer T> ? T : never

/** Everything the bot says at such a moment, the opening among it. */
function saidAt(moment: Moment, counselorPresent: boolean): Bubble[] {
  const hotlines: Hotline[] = content.hotlines.map((line, i) =>
    line.emergency ? line : { ...line, hours: moment.hours[i % moment.hours.length] ?? line.hours },
  )
  const there = { ...content, hotlines }
  const at = { now: moment.now, region: '内蒙古', counselorPresent }
  const words = wordsAt(there, at)
  const ids = [...content.intents.keys()]
  const { level, kinds: known, report, ...rest } = moment.known
  const offered = moment.pressed ? [{ label: '按钮', to: moment.pressed }] : []
  const intent = ids[moment.intent % ids.length] as string
  const scene: Scene = {
    state: { ...freshState(), ...rest, offered },
    floor: { level, kinds: known, report },
    heard: {
      text: moment.pressed ? '按钮' : moment.text,
      unreadable: moment.unreadable,
      risk: { ...moment.risk, modifier: null, evidence: [] },
      understood: {
        intent: moment.recognised ? intent : null,
        confidence: moment.confidence,
        alternatives: [{ intent, confidence: 0.2 }],
        outOfScope: false,
        problems: [],
        reader: null,
        entities: {},
        script: 'chinese',
      },
    },
    content: there,
    words,
  }
  return [...decide(scene).bubbles, opening(there, at, true)]
}

test('When nobody is at the desk, then nothing the bot says speaks of a human who knows or comes', () => {
  const only = OF_A_HUMAN.map((key) => content.system.get(key)?.text as string)
  let present = 0
  fc.assert(
    fc.property(state, (moment) => {
      for (const { text } of saidAt(moment, false)) {
        expect(only.filter((each) => text.includes(each))).toEqual([])
        expect(COMING.exec(text)?.[0] ?? null).toBeNull()
      }
      if (saidAt(moment, true).some(({ text }) => only.some((each) => text.includes(each)))) present++
    }),
    { numRuns: STATES },
  )
  // The same moments do speak of one when somebody is there: the test can fail.
  expect(present).toBeGreaterThan(STATES / 20)
}, 120_000)

test('When all words of the house are read, then only those kept for a present desk speak of a human who comes', () => {
  const said = [...content.system]
    .filter(([key]) => !OF_A_HUMAN.includes(key) && !key.startsWith('console.'))
    .map(([key, { text }]) => [key, COMING.exec(text)?.[0] ?? null])
  const answers = [...content.intents.values()].flatMap(({ id, answers: all }) =>
    all.flatMap(({ first, more, help }) =>
      [first, more, help].map((layer) => [id, COMING.exec(layer?.text ?? '')?.[0] ?? null]),
    ),
  )
  expect([...said, ...answers].filter(([, found]) => found)).toEqual([])
  expect(OF_A_HUMAN.every((key) => COMING.test(content.system.get(key)?.text ?? ''))).toBe(true)
})
