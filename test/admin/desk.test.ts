import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { alarmOf, newCalls, pressing, sentenceOf, titleOf, unanswered } from '../../admin/src/desk/alerts.js'
import { firstWords, timeOf, waitingFor } from '../../admin/src/desk/words.js'
import { segmentsOf } from '../../admin/src/conversations/evidence.js'
import { browserOf } from '../../admin/src/account/browser-of.js'
import type { Escalation } from '../../shared/desk.js'

const at = '2026-03-04T02:00:00.000Z'
const lin = { id: 'lin', workName: '小林老师' }
const wang = { id: 'wang', workName: '王督导' }

function escalation(part: Partial<Escalation> = {}): Escalation {
  return {
    id: 'e1',
    conversation: 'c1',
    channel: 'web',
    grade: 'urgent',
    level: 'urgent',
    kinds: ['self-harm'],
    report: false,
    state: 'waiting',
    openedAt: at,
    raisedAt: at,
    risen: false,
    overdue: false,
    claimedBy: null,
    claimedAt: null,
    resolvedAt: null,
    outcome: null,
    topic: null,
    ...part,
  }
}

describe('alerts', () => {
  const nothing: ReadonlySet<string> = new Set()

  test('When somebody in danger waits, then it is loud; when somebody only asks for a human, it is soft', () => {
    expect(alarmOf([escalation()])).toBe('loud')
    expect(alarmOf([escalation({ grade: 'asked', level: 'none', kinds: [] })])).toBe('soft')
    expect(alarmOf([])).toBeNull()
  })

  test('When the same one is seen again, then it does not call again; when it rises or waits too long, it does', () => {
    const first = newCalls(nothing, [escalation()])
    expect(first.fresh).toHaveLength(1)
    expect(newCalls(first.seen, [escalation()]).fresh).toEqual([])
    for (const change of [
      { overdue: true },
      { grade: 'attempt' as const },
      { raisedAt: '2026-03-04T02:05:00.000Z' },
    ])
      expect(newCalls(first.seen, [escalation(change)]).fresh).toHaveLength(1)
  })

  test('When danger rises in a conversation, then its owner is called and nobody else', () => {
    const risen = escalation({ state: 'claimed', risen: true, claimedBy: lin })
    expect(pressing([risen], 'lin')).toEqual([risen])
    expect(pressing([risen], 'wang')).toEqual([])
    expect(pressing([escalation({ state: 'claimed', claimedBy: wang })], 'wang')).toEqual([])
    // Nobody answers: whoever sees it is called, as a supervisor sees all.
    const left = escalation({ state: 'claimed', overdue: true, claimedBy: lin })
    expect(pressing([left], 'wang')).toEqual([left])
  })

  test('When somebody in danger is not taken, then the alarm goes on; a wish to talk does not ring for ever', () => {
    expect(unanswered([escalation()])).toBe(true)
    expect(unanswered([escalation({ grade: 'asked', level: 'none' })])).toBe(false)
  })

  test('When a screen reader speaks, then it says what and why in words', () => {
    expect(sentenceOf([escalation()])).toBe('有人在等：紧急，轻生或自伤')
    expect(sentenceOf([escalation({ overdue: true })])).toBe('等太久了：紧急，轻生或自伤')
    expect(sentenceOf([escalation({ state: 'claimed', risen: true })])).toContain('你的对话里危险升高')
    expect(sentenceOf([escalation({ state: 'claimed', overdue: true })])).toContain('接了没有回')
  })

  test('When two wait, then the title of the tab counts them', () => {
    expect(titleOf('青安', 2, true)).toBe('【2 人等待】青安')
    expect(titleOf('青安', 2, false)).not.toBe(titleOf('青安', 2, true))
    expect(titleOf('青安', 0, true)).toBe('青安')
  })
})

describe('words', () => {
  test.each([
    [-5_000, '0 秒'],
    [59_999, '59 秒'],
    [185_000, '3 分 5 秒'],
    [7_800_000, '2 小时 10 分'],
    [3 * 86_400_000, '3 天'],
  ])('When somebody waits %i ms, then it reads %s', (milliseconds, words) => {
    expect(waitingFor(milliseconds)).toBe(words)
  })

  test('When a time is of today in Shanghai, then the day is left out; across midnight it is not', () => {
    expect(timeOf('2026-03-04T06:05:00Z', new Date('2026-03-04T12:00:00Z'))).toBe('14:05')
    expect(timeOf('2026-03-04T15:59:00Z', new Date('2026-03-04T16:01:00Z'))).toBe('3月4日 23:59')
  })

  test('When a counselor takes over, then the first words give the name, the human, and that all was read', () => {
    expect(firstWords('小林老师')).toBe('我是小林老师，是真人。你前面写的我都看过了，不用再说一遍。')
  })

  test('When a browser says what it is, then one knows one’s own machine', () => {
    expect(
      browserOf('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36'),
    ).toBe('Windows 电脑，Chrome')
    expect(browserOf('')).toBe('认不出的浏览器')
  })
})

describe('evidence', () => {
  test('When a text holds evidence, then it is cut where that begins and ends', () => {
    expect(segmentsOf('我不想活了，真的', [{ start: 1, end: 5 }])).toEqual([
      { text: '我', marked: false },
      { text: '不想活了', marked: true },
      { text: '，真的', marked: false },
    ])
  })

  test('When evidence overlaps, is empty or reaches too far, then no character is lost, doubled or moved', () => {
    const spans = fc.array(fc.record({ start: fc.nat(40), end: fc.nat(60) }), { maxLength: 6 })
    fc.assert(
      fc.property(fc.string({ maxLength: 40, unit: 'grapheme' }), spans, (text, evidence) => {
        const segments = segmentsOf(text, evidence)
        expect(segments.map((segment) => segment.text).join('')).toBe(text)
        expect(segments.every((segment) => segment.text !== '')).toBe(true)
        const marked = new Set(
          evidence.flatMap(({ start, end }) =>
            Array.from({ length: Math.max(0, Math.min(end, text.length) - start) }, (_, i) => start + i),
          ),
        )
        let at = 0
        for (const segment of segments)
          for (let i = 0; i < segment.text.length; i++) expect(segment.marked).toBe(marked.has(at++))
      }),
    )
  })
})
