import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ComparedPair, ImportReport, LawHit, LawReview, StatuteSummary } from '../../shared/law.js'
import { articleNumber } from '../../bot/laws/numerals.js'
import { LEARNING_MS, realKnowledge } from '../brain.js'
import { firstAdministrator, member, type Desk } from '../console.js'
import { statute } from '../laws/texts.js'
import { testServer } from '../server.js'

let server: Awaited<ReturnType<typeof testServer>>
let editor: Desk
let counselor: Desk

beforeAll(async () => {
  server = await testServer({}, { knowledge: await realKnowledge({ talk: false }), strictReplies: true })
  const administrator = await firstAdministrator(server)
  editor = (await member(server, administrator, ['editor'])).desk
  counselor = (await member(server, administrator, ['counselor'])).desk
}, LEARNING_MS)
afterAll(() => server.stop())

const file = (name: string, text: string) => ({ name, content: Buffer.from(text).toString('base64') })

/** 反家庭暴力法 in 38 articles of our own words. */
const violence = (passed: string, words: (n: number) => string) =>
  `# 中华人民共和国反家庭暴力法\n\n${passed}通过\n\n${Array.from({ length: 38 }, (_, i) => `**${articleNumber(i + 1)}** ${words(i + 1)}`).join('\n\n')}\n`
const FIRST = violence('2015年12月27日', (n) => `试写的第${n}条，说的是第${n}件事，不打人。`)
const LATER = violence('2020年5月1日', (n) =>
  n === 38 ? '新加的一条。' : `试写的第${n}条，说的是第${n}件事，不打人${n === 23 ? '，也不骂人' : ''}。`,
)

describe('statutes in the console', () => {
  test('When files are checked, then what they would change is told and nothing is changed', async () => {
    const { status, body } = await editor.post<ImportReport>('/law-import/check', {
      files: [file('a.md', FIRST)],
      told: { effective: '2016-03-01' },
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      faults: [],
      versions: [{ statute: '反家庭暴力法', outcome: 'new', articles: 38 }],
    })
    expect((await counselor.get<{ total: number }>('/laws')).body.total).toBe(0)
  })

  test('When a file is bad, then none is taken and the line is named', async () => {
    const { body } = await editor.post<ImportReport>('/law-import', {
      files: [file('a.md', FIRST), file('b.md', '# 坏法\n\n2019年1月1日通过\n\n<script>x</script>')],
    })
    expect(body.faults).toMatchObject([{ path: 'b.md', line: 5 }])
    expect((await counselor.get<{ total: number }>('/laws')).body.total).toBe(0)
  })

  test('When an editor imports, then everybody on staff can read, search and see which answers cite it', async () => {
    await editor.post('/law-import', { files: [file('a.md', FIRST)], told: { effective: '2016-03-01' } })
    const list = await counselor.get<{ items: StatuteSummary[] }>(`/laws?q=${encodeURIComponent('家庭')}`)
    expect(list.body.items).toMatchObject([{ statute: '反家庭暴力法', inForce: true, articles: 38 }])
    const one = await counselor.get<{ law: { articles: object[] }; cited: { intent: string }[] }>(
      `/laws/${list.body.items[0]?.code}`,
    )
    expect(one.body.law.articles).toHaveLength(38)
    expect(one.body.cited.map(({ intent }) => intent)).toContain('fam.violence')
    const found = await counselor.get<{ items: LawHit[] }>(
      `/law-search?q=${encodeURIComponent('打人归哪条管')}`,
    )
    expect(found.body.items[0]).toMatchObject({ law: '反家庭暴力法' })
    expect((await editor.get<{ total: number }>('/law-reviews')).body.total).toBe(0)
  })

  test('When the law is amended, then its changed citations wait for an editor, side by side, until one confirms', async () => {
    await editor.post('/law-import', { files: [file('b.md', LATER)], told: { effective: '2020-06-01' } })
    const { body } = await editor.get<{ items: LawReview[]; total: number }>('/law-reviews?perPage=100')
    expect(body.total).toBeGreaterThan(0)
    expect(new Set(body.items.map(({ article }) => article))).toEqual(new Set(['第二十三条']))
    const [review] = body.items as [LawReview]
    expect(review.before?.paragraphs[0]?.text).not.toBe(review.after?.paragraphs[0]?.text)
    const { intent, law, article, textHash } = review
    const stale = await editor.post('/law-reviews/confirm', {
      intent,
      law,
      article,
      textHash: '0'.repeat(32),
    })
    expect(stale.status).toBe(409)
    const refused = await counselor.post('/law-reviews/confirm', { intent, law, article, textHash })
    expect(refused.status).toBe(403)
    expect((await editor.post('/law-reviews/confirm', { intent, law, article, textHash })).status).toBe(200)
    const after = await editor.get<{ total: number }>('/law-reviews')
    expect(after.body.total).toBe(body.total - 1)
  })

  test('When two versions are compared, then each article stands beside its own, and a map is confirmed', async () => {
    const path = `/laws/${encodeURIComponent('反家庭暴力法')}`
    const query = '?from=2015-12-27&to=2020-05-01'
    const { body } = await counselor.get<{ pairs: ComparedPair[]; confirmed: { by: string } | null }>(
      `${path}/compare${query}`,
    )
    expect(body.confirmed).toBeNull()
    const changed = body.pairs.filter(({ same }) => !same).map(({ from, to }) => [from?.number, to?.number])
    expect(changed).toEqual(expect.arrayContaining([['第二十三条', '第二十三条']]))
    const pairs = body.pairs
      .filter(({ from }) => from)
      .map(({ from, to, likeness }) => ({ from: from?.number, to: to?.number ?? null, likeness }))
    expect((await editor.put(`${path}/map`, { from: '2015-12-27', to: '2020-05-01', pairs })).status).toBe(
      200,
    )
    const again = await counselor.get<{ confirmed: { by: string } | null }>(`${path}/compare${query}`)
    expect(again.body.confirmed?.by).toBeTruthy()
  })

  test('When a statute is not there, then it is not found', async () => {
    expect((await counselor.get('/laws/none')).status).toBe(404)
    const body = { files: [file('x.md', statute('无名法', '2019年1月1日', ['甲。']))] }
    expect((await counselor.post('/law-import', body)).status).toBe(403)
  })
})
