import { describe, expect, test } from '@jest/globals'
import type { Intent } from '../../shared/intent.js'
import type { RiskLevel } from '../../shared/risk.js'
import type { Brain } from '../../bot/content/brain.js'
import type { Content } from '../../bot/content/content.js'
import { contentOf } from '../../bot/content/folder.js'
import { measureHeldOut } from '../../bot/content/held-out.js'
import { heldOutPage } from '../../bot/commands/evaluate-html.js'
import { filesWith } from './fixture.js'

/** Hears only what stands in its table: what is measured is the measuring. */
function reader(levels: Record<string, RiskLevel>, topics: Record<string, string> = {}): Brain {
  return {
    read: (text: string) =>
      Promise.resolve({
        risk: { level: levels[text] ?? 'none' },
        understood: {
          intent: topics[text] ?? null,
          confidence: topics[text] ? 0.95 : 0.05,
          alternatives: [],
          outOfScope: !topics[text],
          problems: [],
        },
      }),
  } as unknown as Brain
}

const content = (change: Partial<Content>): Content => ({ ...contentOf(filesWith()), ...change })
const talk = (level: RiskLevel, act: number | null, ...messages: string[]) => ({
  about: '试',
  kinds: [],
  level,
  act,
  messages,
})

describe('what is held out', () => {
  test('When cells are measured, then the worst stands first with the lines it missed', async () => {
    const lines = (cell: string) => Array.from({ length: 10 }, (_, i) => `${cell}${i}`)
    const group = { level: 'urgent' as const, speaker: 'self' as const, report: false, also: [], lines: [] }
    const safety: Content['safety'] = [
      {
        kind: 'drugs',
        groups: [
          { ...group, style: 'plain', test: lines('明') },
          { ...group, style: 'slang', test: lines('暗') },
        ],
      },
    ]
    const heard = Object.fromEntries([...lines('明'), '暗0', '暗1'].map((text) => [text, 'watch' as const]))
    const { cells, danger } = await measureHeldOut(content({ safety }), reader(heard))
    expect(cells.map(({ style, raised }) => [style, raised.count, raised.of])).toEqual([
      ['slang', 2, 10],
      ['plain', 10, 10],
    ])
    expect(cells[0]?.missed).toEqual(lines('暗').slice(2))
    expect([danger.raised.share, danger.urgentAsUrgent.share]).toEqual([0.6, 0])
  })

  test('When conversations are read, then early, late and never are told apart, and an alarm is worth what its prevalence says', async () => {
    const conversations: Content['conversations'] = {
      learn: [],
      test: [
        talk('urgent', 2, '平', '险', '平'),
        talk('urgent', 1, '平', '平', '险'),
        talk('watch', 1, '平', '平'),
        ...Array.from({ length: 49 }, () => talk('none', null, '平', '平')),
        talk('none', null, '平', '险'),
      ],
    }
    const { talks } = await measureHeldOut(content({ conversations }), reader({ 险: 'urgent' }))
    expect(talks.inTime).toMatchObject({ count: 1, of: 3 })
    expect(talks.delays).toEqual([
      { messages: 0, count: 1 },
      { messages: 2, count: 1 },
    ])
    expect(talks.never).toBe(1)
    expect([talks.urgent.share, talks.falseAlarms.share]).toEqual([1, 0.02])
    // 0.02 · 1 against 0.98 · 0.02.
    expect(talks.rightAtTwoPercent).toBeCloseTo(0.02 / (0.02 + 0.0196), 6)
  })

  test('When topics are guessed, then a confidence is held against how often it was right', async () => {
    const base = contentOf(filesWith())
    const phrases = [...base.intents.values()].flatMap(({ id, test }) =>
      test.map((text) => [text, id] as const),
    )
    const { phrases: found, reliability } = await measureHeldOut(
      base,
      reader({}, Object.fromEntries(phrases)),
    )
    expect(phrases.length).toBeGreaterThan(5)
    expect(found.top1).toMatchObject({ count: phrases.length, of: phrases.length })
    expect(reliability).toEqual([
      { said: expect.closeTo(0.95, 6) as unknown, right: expect.objectContaining({ share: 1 }) as unknown },
    ])
  })

  test('When a phrase is taken for another topic, then the table of confusions and its page say so', async () => {
    const base = contentOf(filesWith())
    const [one, other] = [...base.intents.values()].filter(({ test }) => test.length > 1) as [Intent, Intent]
    const heard = Object.fromEntries([
      ...other.test.map((text) => [text, other.id]),
      ...one.test.slice(1).map((text) => [text, other.id]),
    ]) as Record<string, string>
    const found = await measureHeldOut(
      content({ intents: new Map([one, other].map((each) => [each.id, each])) }),
      reader({}, heard),
    )
    const { groups, answers, counts, pairs } = found.confusion
    const [from, to] = [one, other].map(({ id }) => id.split('.')[0] as string) as [string, string]
    const refused = counts[groups.indexOf(from)]?.[answers.indexOf('refused')]
    expect(refused).toBe(1)
    expect(counts.flat().reduce((sum, count) => sum + count, 0)).toBe(one.test.length + other.test.length)
    expect(counts[groups.indexOf(from)]?.[answers.indexOf(to)]).toBeGreaterThanOrEqual(one.test.length - 1)
    expect(pairs).toEqual([{ topic: one.id, answered: other.id, count: one.test.length - 1 }])
    expect(heldOutPage([{ name: 'now', found }])).toContain(`${one.id} → ${other.id}: ${one.test.length - 1}`)
  })

  test('When conversations are read, then each message is read beside what was said before it', async () => {
    const seen: (readonly string[])[] = []
    const brain = reader({})
    const listening: Brain = {
      ...brain,
      read: (text, topic, lately = []) => {
        seen.push(lately)
        return brain.read(text, topic, lately)
      },
    }
    const conversations = { learn: [], test: [talk('none', null, '甲', '乙', '丙')] }
    await measureHeldOut(
      content({ intents: new Map(), background: [], safety: [], conversations }),
      listening,
    )
    expect(seen).toEqual([[], ['甲'], ['甲', '乙']])
  })

  test('When the page is made, then a line of a young person cannot become a part of it', async () => {
    const safety: Content['safety'] = [
      {
        kind: 'drugs',
        groups: [
          {
            level: 'watch',
            speaker: 'self',
            style: 'plain',
            report: false,
            also: [],
            lines: [],
            test: Array.from({ length: 10 }, (_, i) => `<script>alert(${i})</script>`),
          },
        ],
      },
    ]
    const found = await measureHeldOut(content({ safety }), reader({}))
    const page = heldOutPage([{ name: '<b>now</b>', found }])
    expect(page).toContain('&lt;script&gt;alert(3)')
    expect(page).not.toMatch(/<script|<b>now/)
  })
})
