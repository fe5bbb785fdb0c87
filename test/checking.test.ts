import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { contentFolder, contentOf, readFolder } from '../bot/content/folder.js'
import type { Knowledge } from '../bot/conversation/receive.js'
import { alarms, evaluate, type Case, type Result } from '../bot/nlu/evaluation.js'
import { realKnowledge } from './brain.js'

/** Checking data stay outside the project: without them these tests are skipped, and that is said. */
const laws = process.env.QINGAN_LAWS
const questions = process.env.QINGAN_QUESTIONS
const neutral = questions ? join(dirname(questions), 'neutral-messages.txt') : undefined

const skipped = [!laws && 'QINGAN_LAWS', !questions && 'QINGAN_QUESTIONS'].filter(Boolean)
if (skipped.length)
  process.stdout.write(`skipped: ${skipped.length} groups of checks, ${skipped.join(' and ')} not set\n`)

let knowledge: Knowledge
const read = async (text: string): Promise<Result> => {
  const { risk, understood } = await knowledge.brain.read(text)
  const { intent, confidence, alternatives } = understood
  return { intent, confidence, alternatives, risk: risk.level, report: risk.report }
}

const withQuestions = questions ? describe : describe.skip
withQuestions('real questions', () => {
  beforeAll(async () => {
    knowledge = await realKnowledge()
  }, 120_000)

  test('When the labelled questions are asked, then the topic is among three, and urgent ones are raised', async () => {
    const lines = readFileSync(questions as string, 'utf8')
      .trim()
      .split('\n')
    const cases = lines.map((line) => JSON.parse(line) as Case)
    const results: Result[] = []
    for (const { text } of cases) results.push(await read(text))
    const { topics, risk } = evaluate(cases, results, new Set(knowledge.content.intents.keys()))
    expect(topics.present.top3.share).toBeGreaterThanOrEqual(0.7)
    expect(risk.urgentRaised.share).toBeGreaterThanOrEqual(0.95)
  })

  const withNeutral = neutral && existsSync(neutral) ? test : test.skip
  withNeutral(
    'When four thousand ordinary messages are read, then few raise and almost none alarms',
    async () => {
      const texts = readFileSync(neutral as string, 'utf8')
        .trim()
        .split('\n')
      const results: Result[] = []
      for (const text of texts) results.push(await read(text))
      const { urgent, raised } = alarms(results)
      expect(urgent.share).toBeLessThanOrEqual(0.005)
      expect(raised.share).toBeLessThanOrEqual(0.05)
    },
    120_000,
  )
})

interface LawText {
  statute: string
  full_title: string
  version_date: string
  effective_date: string
  superseded: string | null
  max_article: number
  file: string
}

const withLaws = laws ? describe : describe.skip
withLaws('the bare list of articles', () => {
  test('When the official texts are counted, then every statute, version, date and article number agrees', async () => {
    const { statutes } = contentOf(await readFolder(contentFolder()))
    const texts = JSON.parse(readFileSync(join(laws as string, 'index.json'), 'utf8')) as LawText[]
    const numbered = texts.filter(({ max_article }) => max_article > 0)
    expect(statutes).toHaveLength(numbered.length)
    for (const {
      statute,
      full_title,
      version_date,
      effective_date,
      superseded,
      max_article,
      file,
    } of numbered) {
      const ours = statutes.find(({ name, version }) => name === statute && version === version_date)
      const text = readFileSync(join(laws as string, file), 'utf8')
      const sub = [...text.matchAll(/^\*\*(第[^*]+条之[^*]+)\*\*/gm)].map((found) => found[1])
      expect(ours).toEqual({
        name: statute,
        aliases: ours?.aliases,
        title: full_title,
        version: version_date,
        effective: effective_date,
        ...(superseded ? { until: superseded } : {}),
        articles: max_article,
        sub,
      })
    }
  })
})
