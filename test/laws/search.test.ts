import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { contentFolder, contentOf, readFolder } from '../../bot/content/folder.js'
import { aidsOf } from '../../bot/conversation/lawful.js'
import { importLaws } from '../../bot/laws/import.js'
import type { Library } from '../../bot/laws/library.js'
import { lawFinder, lawSearch, POSTINGS_MOST, type LawSearch } from '../../bot/laws/search.js'
import { readSources } from '../../bot/laws/sources.js'
import { inForce } from '../../bot/laws/view.js'
import type { Store } from '../../bot/store/store.js'
import { bm25 } from '../../bot/text/bm25.js'
import { normalise } from '../../bot/text/normalise.js'
import { DAY, importTexts, LAWS, libraryOf, LISTED, memoryStore, NOW, statute } from './texts.js'

const QUESTIONS = process.env.QINGAN_QUESTIONS

interface Question {
  text: string
  topic: string | null
}
interface Topic {
  id: string
  cites: { law: string; article: string }[]
}

let store: Store
let library: Library
let aids: ReturnType<typeof aidsOf>
beforeAll(async () => {
  store = await memoryStore()
  aids = aidsOf(contentOf(await readFolder(contentFolder())))
  if (LAWS) await importLaws(store, await readSources([LAWS]), { known: LISTED, now: NOW })
  library = await libraryOf(store)
}, 60_000)
afterAll(() => store.close())

;(LAWS && QUESTIONS ? describe : describe.skip)('real questions, the recogniser switched off', () => {
  test('When they are searched for, then twice as many find a cited article as by plain bigrams', async () => {
    const cites = new Map(
      (JSON.parse(readFileSync(join(dirname(QUESTIONS as string), 'topics.json'), 'utf8')) as Topic[]).map(
        ({ id, cites }) => [id, new Set(cites.map(({ law, article }) => law + article))],
      ),
    )
    const questions = readFileSync(QUESTIONS as string, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Question)
      .filter(({ topic }) => topic !== null && (cites.get(topic)?.size ?? 0) > 0)
    const hitAt = (found: (text: string) => { law: string; article: string }[], k: number): number => {
      const hits = questions.filter(({ text, topic }) =>
        found(text)
          .slice(0, k)
          .some(({ law, article }) => cites.get(topic as string)?.has(law + article)),
      )
      return hits.length / questions.length
    }
    const articles = library.versions
      .filter((each) => inForce(each, DAY))
      .flatMap(({ statute, articles }) =>
        articles.map(({ number, paragraphs }) => ({
          law: statute,
          article: number,
          text: normalise(paragraphs.flatMap(({ text, items }) => [text, ...items]).join('\n')).text,
        })),
      )
    const plain = bm25(articles.map(({ text }) => text))
    const byPlain = (text: string) =>
      plain.search(normalise(text).text, 10).flatMap(([i]) => articles[i] ?? [])
    const words = await lawSearch(library, DAY, { ...aids, sayings: [] })
    const whole = await lawSearch(library, DAY, aids)
    const by = (search: LawSearch) => (text: string) => search.search(text, 10).hits
    const figures = Object.entries({
      'plain bigram BM25': byPlain,
      'titles, chapters, everyday words, frequency': by(words),
      'and the sayings of the intents': by(whole),
    }).map(([name, found]) => ({ name, at5: hitAt(found, 5), at10: hitAt(found, 10) }))
    for (const { name, at5, at10 } of figures)
      process.stdout.write(
        `${questions.length} questions, ${name}: hit@5 ${at5.toFixed(3)}, hit@10 ${at10.toFixed(3)}\n`,
      )
    const [base, better, best] = figures.map(({ at10 }) => at10) as [number, number, number]
    expect(better).toBeGreaterThanOrEqual(2 * base)
    expect(best).toBeGreaterThanOrEqual(better)
    const works = questions.map(({ text }) => whole.search(text, 10).work)
    expect(Math.max(...works)).toBeLessThanOrEqual(POSTINGS_MOST)
    process.stdout.write(`most postings of one search: ${Math.max(...works)}, bound ${POSTINGS_MOST}\n`)
  }, 60_000)
})

const small = { words: [{ say: ['欠薪', '不发工资'], law: ['拖欠劳动报酬'] }], cited: [], sayings: [] }

describe('a search', () => {
  test('When it is asked in everyday words, then the words of the statutes are found', async () => {
    const own = await memoryStore()
    await importTexts(
      own,
      {
        'a.md': statute('干活法', '2019年5月1日', ['不得拖欠劳动报酬。', '干活要戴头盔。', '休息要安静。']),
        'b.md': statute('旧法', '2010年5月1日', ['不得拖欠劳动报酬，旧的。'], '2011年1月1日').replace(
          '# 旧法',
          '# 旧法',
        ),
      },
      { allowAnomalies: true },
    )
    const found = await lawSearch(await libraryOf(own), DAY, small)
    expect(found.search('老板不发工资怎么办', 3).hits[0]).toMatchObject({
      law: '干活法',
      article: '第一条',
      excerpt: '不得拖欠劳动报酬。',
      path: expect.stringMatching(/^\/laws\/[a-z0-9]{6}\/1$/),
    })
    expect(found.search('', 3)).toEqual({ hits: [], work: 0 })
    expect(found.search('hello world', 3).hits).toEqual([])
    await own.close()
  })

  test('When a version is no longer in force, then it is not found any more, and the new one is', async () => {
    const own = await memoryStore()
    await importTexts(own, { 'a.md': statute('干活法', '2019年5月1日', ['不得拖欠劳动报酬。']) })
    const finder = lawFinder(small)
    const before = await finder.find(await libraryOf(own), DAY, '欠薪', 5)
    await importTexts(own, {
      'a.md': statute('干活法', '2026年12月1日', ['另外的事。', '不得拖欠劳动报酬。'], '2027年1月1日'),
    })
    const library = await libraryOf(own)
    const after = [
      await finder.find(library, DAY, '欠薪', 5),
      await finder.find(library, '2027-01-01', '欠薪', 5),
    ]
    expect([before, ...after].map(([best]) => best?.article)).toEqual(['第一条', '第一条', '第二条'])
    await own.close()
  })

  test('When a question is endless, then only its beginning is read and the work stays bounded', async () => {
    const found = await lawSearch(library, DAY, aids)
    const { work } = found.search('打架被打同学欺负我学校不管怎么赔偿'.repeat(2_000), 10)
    expect(work).toBeLessThanOrEqual(POSTINGS_MOST)
  }, 30_000)
})
