import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { contentFolder, contentOf, readFolder } from '../../bot/content/folder.js'
import type { Content } from '../../bot/content/content.js'
import { decide } from '../../bot/conversation/decide.js'
import { aidsOf } from '../../bot/conversation/lawful.js'
import { relatedArticles } from '../../bot/conversation/related.js'
import type { Floor, Heard } from '../../bot/conversation/scene.js'
import { freshState } from '../../bot/conversation/state.js'
import { wordsAt } from '../../bot/conversation/words.js'
import { articleNumber } from '../../bot/laws/numerals.js'
import { lawFinder, type LawFinder } from '../../bot/laws/search.js'
import type { Store } from '../../bot/store/store.js'
import { DAY, importTexts, libraryOf, memoryStore, NOW } from './texts.js'

const CALM: Floor = { level: 'none', kinds: [], report: false }
const QUESTION = '店长一直不发工资，拖欠劳动报酬，还扣押身份证'

let store: Store
let content: Content
let laws: LawFinder
beforeAll(async () => {
  store = await memoryStore()
  // Weights grow with the number of articles: as many as a few statutes have.
  const fillers = Array.from(
    { length: 600 },
    (_, i) => `**${articleNumber(i + 3)}** 园林的第${i}种树木，每年修剪。`,
  )
  const text = `# 打工法\n\n2019年5月1日通过\n\n**第一条** 不得拖欠劳动报酬。\n\n**第二条** 不得扣押身份证。\n\n${fillers.join('\n\n')}\n`
  await importTexts(store, { 'a.md': text })
  content = { ...contentOf(await readFolder(contentFolder())), texts: await libraryOf(store) }
  laws = lawFinder(aidsOf(content))
})
afterAll(() => store.close())

const heard = (change: Partial<Heard> = {}, understood: Partial<Heard['understood']> = {}): Heard => ({
  text: QUESTION,
  unreadable: false,
  risk: { level: 'none', kinds: [], score: 0, report: false, speaker: 'self', evidence: [] } as never,
  understood: {
    intent: null,
    confidence: 0.3,
    alternatives: [{ intent: 'work.wage_unpaid', confidence: 0.3 }],
    outOfScope: false,
    reader: null,
    entities: {},
    script: 'chinese',
    ...understood,
  } as never,
  ...change,
})

describe('articles that may be about it', () => {
  test('When no topic fits and nothing is at risk, then they are offered in their own words, as no advice', async () => {
    const related = await relatedArticles({ content, laws }, CALM, heard(), DAY)
    expect(related[0]).toMatchObject({ law: '打工法', plain: expect.stringContaining('不得') })
    expect(related.length).toBeLessThanOrEqual(3)
    const words = wordsAt(content, { now: NOW, region: '内蒙古', counselorPresent: false })
    const { bubbles } = decide({ state: freshState(), floor: CALM, heard: heard(), content, words, related })
    expect(bubbles[0]?.text).toContain('这些条文可能有关')
    expect(bubbles[0]?.citations).toEqual(related)
    expect(bubbles.at(-1)?.text).toBe(words.message('talk.clarify').text)
  })

  const risk = { level: 'watch', kinds: ['violence'], score: 0.6, report: false } as never
  test.each([
    ['there is danger in the message', heard({ risk }), CALM],
    ['there was danger before', heard(), { ...CALM, level: 'watch' as const }],
    ['harm to a minor is suspected', heard(), { ...CALM, report: true }],
    ['a topic was recognised', heard({}, { intent: 'work.wage_unpaid' }), CALM],
    ['it is none of our business', heard({}, { outOfScope: true }), CALM],
    ['almost nothing was said', heard({ text: '欠薪' }), CALM],
    ['no statute is about it', heard({ text: '今天天气真不错，我们去放风筝' }), CALM],
  ])('When %s, then none is offered', async (_, said, floor) => {
    expect(await relatedArticles({ content, laws }, floor, said, DAY)).toEqual([])
  })

  test('When nothing has been imported, then none is offered', async () => {
    expect(await relatedArticles({ content: { ...content, texts: null }, laws }, CALM, heard(), DAY)).toEqual(
      [],
    )
  })
})
