import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { checkContent } from '../../bot/content/check.js'
import { citationsOf } from '../../bot/content/cited.js'
import type { Content } from '../../bot/content/content.js'
import { contentFolder, contentOf, readFolder } from '../../bot/content/folder.js'
import { wordsAt } from '../../bot/conversation/words.js'
import { importLaws } from '../../bot/laws/import.js'
import { articleOf, textHash, versionOf } from '../../bot/laws/library.js'
import { articleNumber, readArticleNumber } from '../../bot/laws/numerals.js'
import { lawBook } from '../../bot/laws/review.js'
import { readSources } from '../../bot/laws/sources.js'
import type { Store } from '../../bot/store/store.js'
import { importTexts, DAY, LAWS, libraryOf, LISTED, memoryStore, NOW } from './texts.js'

const withLaws = LAWS ? describe : describe.skip
const LAW = '未成年人保护法'

let store: Store
let bare: Content
beforeEach(async () => {
  store = await memoryStore()
  bare = contentOf(await readFolder(contentFolder()))
})
afterEach(() => store.close())

/** The live content as the bot has it now. */
const content = async (): Promise<Content> => ({ ...bare, texts: await libraryOf(store) })
const reviewsOf = ({ statutes, texts, ...rest }: Content, day = DAY) =>
  lawBook(statutes, texts).reviews(citationsOf(rest), day)

/** Law and article of every card the bot shows for an intent to any reader. */
function shown(live: Content, id: string, now = NOW): string[] {
  const words = wordsAt(live, { now, region: '内蒙古', counselorPresent: false })
  const intent = live.intents.get(id)
  if (!intent) throw new Error(id)
  return (['young', 'parent', 'friend', 'adult'] as const).flatMap((reader) =>
    (['first', 'more', 'help'] as const).flatMap((layer) =>
      words
        .layer(intent, layer, reader, true)
        .flatMap(({ citations }) => citations ?? [])
        .map(({ law, article }) => law + article),
    ),
  )
}

/** The statute's own file, with one article put in after `at`: everything behind it is renumbered. */
function renumbered(text: string, at: number): string {
  let behind = false
  return text.replace(/^\*\*(第[^*]+条)\*\*/gm, (whole, number: string) => {
    const [n] = readArticleNumber(number) as [number, number]
    if (n <= at) return whole
    const inserted = behind ? '' : `**${articleNumber(at + 1)}** 本次修改新加的一条，说的是别的事。\n\n`
    behind = true
    return `${inserted}**${articleNumber(n + 1)}**`
  })
}

withLaws('an import that renumbers a cited law', () => {
  const AT = 38
  const files = async () => (await readSources([LAWS as string])).files
  const fileOf = async (name: string) =>
    (await files()).find(({ path }) => path.endsWith(`/${name}.md`))?.text as string

  async function importMutant(told: { version?: string; effective?: string }) {
    const text = renumbered(await fileOf(LAW), AT)
    const report = await importTexts(
      store,
      { [`${LAW}.md`]: text },
      { told: { name: LAW, version: '2024-04-26', effective: '2024-04-26', ...told }, allowAnomalies: true },
    )
    expect(report.faults).toEqual([])
    expect(report.totals).toMatchObject({ articles: 133, changed: 1 })
  }

  /** Intents that cite an article of the law behind the new one. */
  const touched = () =>
    new Set(
      citationsOf(bare)
        .filter(({ law, article }) => law === LAW && (readArticleNumber(article)?.[0] ?? 0) > AT)
        .map(({ intent }) => intent),
    )

  beforeEach(async () => {
    await importLaws(store, { files: await files(), faults: [] }, { known: LISTED, now: NOW })
  })

  test('When the official texts are imported, then no answer needs review and every card has its words', async () => {
    const live = await content()
    expect(reviewsOf(live)).toEqual([])
    expect(checkContent(live, DAY).filter(({ at }) => at.includes('citations'))).toEqual([])
    expect(shown(live, 'sch.bully_victim')).toEqual(shown(bare, 'sch.bully_victim'))
  })

  test.each([
    ['the same version, corrected', {}],
    ['a new version', { version: '2026-09-30', effective: '2026-10-01' }],
  ])('When it is %s, then exactly the right answers need review and are not shown', async (_, told) => {
    await importMutant(told)
    const live = await content()
    const reviews = reviewsOf(live)
    expect(new Set(reviews.map(({ intent }) => intent))).toEqual(touched())
    expect(touched().size).toBeGreaterThan(10)
    for (const review of reviews) {
      expect(review).toMatchObject({ law: LAW, why: 'changed' })
      const [n] = readArticleNumber(review.article) as [number, number]
      expect(review.successor).toBe(articleNumber(n + 1))
      expect(review.before?.paragraphs).not.toEqual(review.after?.paragraphs)
    }
    for (const id of bare.intents.keys()) {
      const held = reviews.filter(({ intent }) => intent === id).map(({ law, article }) => law + article)
      expect([id, shown(live, id)]).toEqual([id, shown(bare, id).filter((card) => !held.includes(card))])
    }
    const faults = checkContent(live, DAY).filter(({ at }) => at.includes('citations'))
    expect(faults.length).toBeGreaterThanOrEqual(reviews.length)
    expect(faults[0]?.what).toContain('要有编辑看过才会再显示')
  })

  test('When an editor confirms one of them, then that card is shown again and no other', async () => {
    await importMutant({})
    const [first, ...others] = reviewsOf(await content())
    if (!first) throw new Error('nothing to review')
    const { intent, law, article, textHash: hash } = first
    await store.lawReviews.confirm({ intent, law, article, textHash: hash, by: '编辑', at: NOW })
    const live = await content()
    expect(reviewsOf(live)).toEqual(others)
    expect(shown(live, intent)).toContain(law + article)
    // The words change again: the confirmation was of other words.
    const text = (await fileOf(LAW)).replaceAll('学校', '校方')
    const told = { name: LAW, version: '2024-04-26', effective: '2024-04-26' }
    await importTexts(store, { 'x.md': text }, { told, allowAnomalies: true })
    const again = articleOf(versionOf(await libraryOf(store), LAW, '2024-04-26'), article)
    const stillHeld = reviewsOf(await content()).some((each) => each.key === first.key)
    expect(stillHeld).toBe(
      textHash(again?.paragraphs ?? []) !== hash &&
        again !== null &&
        again.paragraphs.some(({ text: words }) => words.includes('校方')),
    )
  })

  test('When the new version is in force only later, then its first day decides', async () => {
    await importMutant({ version: '2026-10-20', effective: '2027-01-01' })
    const live = await content()
    expect(reviewsOf(live, '2026-12-31')).toEqual([])
    expect(reviewsOf(live, '2027-01-01').length).toBeGreaterThan(10)
    const before = new Date('2026-12-31T23:59:00+08:00')
    const after = new Date('2027-01-01T00:00:00+08:00')
    expect(shown(live, 'sch.bully_victim', before)).toContain(`${LAW}第三十九条`)
    expect(shown(live, 'sch.bully_victim', after)).not.toContain(`${LAW}第三十九条`)
  })

  test('When an article is gone, or the law ends, then its citations are held back', async () => {
    const cut = (await fileOf('反家庭暴力法')).split(/^(?=\*\*第三十七条)/m)[0] as string
    const told = { name: '反家庭暴力法', version: '2026-04-01', effective: '2026-10-01' }
    await importTexts(
      store,
      { 'x.md': cut.replace(/\*\*第二十三条\*\*[\s\S]*?(?=\*\*第二十四条)/, '') },
      { told, allowAnomalies: true },
    )
    const reviews = reviewsOf(await content()).filter(({ article }) => article === '第二十三条')
    expect(reviews.length).toBeGreaterThan(0)
    expect(reviews[0]).toMatchObject({ law: '反家庭暴力法', why: 'gone', after: null, textHash: '' })
  })
})

describe('without the text a citation was written for', () => {
  test('When only a later version is imported, then its citations wait for an editor, and no others do', async () => {
    const text =
      '# 中华人民共和国反家庭暴力法\n\n2026年4月1日修订\n\n' +
      Array.from({ length: 38 }, (_, i) => `**${articleNumber(i + 1)}** 新的第${i + 1}条。`).join('\n\n')
    await importTexts(store, { 'a.md': text }, { told: { effective: '2026-10-01' } })
    const reviews = reviewsOf(await content())
    expect(new Set(reviews.map(({ law, why }) => law + why))).toEqual(new Set(['反家庭暴力法unknown']))
    expect(new Set(reviews.map(({ intent }) => intent))).toEqual(
      new Set(
        citationsOf(bare)
          .filter(({ law }) => law === '反家庭暴力法')
          .map(({ intent }) => intent),
      ),
    )
    expect(reviewsOf(await content(), '2026-09-30')).toEqual([])
  })
})
