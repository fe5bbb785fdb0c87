import { beforeAll, describe, expect, test } from '@jest/globals'
import { contentReport } from '../../bot/commands/content-report.js'
import type { Content } from '../../bot/content/content.js'
import { byReading, coverageOf, type TopicCoverage } from '../../bot/content/coverage.js'
import { contentFolder, contentOf, readFolder } from '../../bot/content/folder.js'
import { contentWith } from './fixture.js'

const DAY = '2026-06-01'

describe('the order to read answers in', () => {
  const topic = (id: string, rest: Partial<TopicCoverage>): TopicCoverage => ({
    id,
    title: id,
    risk: 'none',
    danger: null,
    utterances: 30,
    test: 6,
    readers: {},
    citations: 0,
    unverified: 0,
    signed: 'signed',
    until: null,
    sentence: 10,
    ...rest,
  })

  test('When some are unsigned and some speak to a danger, then unsigned words to somebody in distress come first', () => {
    const topics = [
      topic('work.wage_unpaid', { signed: 'unsigned' }),
      topic('mh.suicide', { danger: 'self-harm', risk: 'urgent' }),
      topic('drug.used', { danger: 'drugs', signed: 'unsigned', risk: 'watch' }),
      topic('mh.attempt', { danger: 'attempt', signed: 'unsigned', risk: 'urgent' }),
      topic('fam.violence', { danger: 'violence', signed: 'lapsed', risk: 'urgent' }),
    ]
    expect(topics.sort(byReading).map(({ id }) => id)).toEqual([
      'mh.attempt',
      'drug.used',
      'work.wage_unpaid',
      'fam.violence',
      'mh.suicide',
    ])
  })
})

test('When a content is reported on, then a topic, its readers, its layers and its signature are named', () => {
  const report = contentReport(contentWith(), DAY)
  expect(report).toMatch(/^work\.wage .*unsigned/m)
  expect(report).toContain('To be read by a person first')
})

describe('the content as it is shipped', () => {
  let content: Content
  beforeAll(async () => {
    content = contentOf(await readFolder(contentFolder()))
  })

  test('When its topics are counted, then each has sayings and held-out phrases enough', () => {
    const thin = coverageOf(content, DAY).topics.filter(
      ({ utterances, test: held }) => utterances < 25 || held < 6,
    )
    expect(thin.map(({ id }) => id)).toEqual([])
    expect(content.intents.size).toBeGreaterThanOrEqual(150)
  })

  test('When the characters of first bubbles are counted, then 98 of 100 are taught in compulsory schooling', () => {
    const { characters, of } = coverageOf(content, DAY).rare
    const rare = [...characters.values()].reduce((sum, ids) => sum + ids.length, 0)
    expect(rare / of).toBeLessThan(0.02)
  })

  test('When the cells of danger are counted, then each has 60 lines, and enough of them are held out', () => {
    // Young people by style; everybody else, who mostly just tells, by who they are.
    const cells = new Map<string, { learnt: number; heldOut: number }>()
    for (const { kind, speaker, style, learnt, heldOut } of coverageOf(content, DAY).cells) {
      const name = `${kind} ${speaker === 'self' ? style : speaker}`
      const cell = cells.get(name) ?? { learnt: 0, heldOut: 0 }
      cells.set(name, { learnt: cell.learnt + learnt, heldOut: cell.heldOut + heldOut })
    }
    const thin = [...cells].filter(([, { learnt, heldOut }]) => learnt + heldOut < 60 || heldOut < 20)
    expect(thin.map(([name, { learnt, heldOut }]) => `${name} ${learnt}+${heldOut}`)).toEqual([])
  })

  test('When conversations and messages are counted, then there are enough of each', () => {
    const { learn, test: held } = content.conversations
    const safe = [...learn, ...held].filter(({ level }) => level === 'none')
    expect(learn.length + held.length).toBeGreaterThanOrEqual(300)
    expect(safe.length).toBeGreaterThanOrEqual(150)
    expect(held.length).toBeGreaterThanOrEqual(150)
    expect(content.several.length).toBeGreaterThanOrEqual(60)
    expect(content.followUps.length).toBeGreaterThanOrEqual(150)
  })
})
