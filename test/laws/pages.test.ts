import { expect, test } from '@jest/globals'
import { articlePage, listPage, statutePage } from '../../bot/channels/web/law-pages.js'
import { compose } from '../../bot/delivery/compose.js'
import { markedParagraph } from '../../bot/laws/view.js'

const EVIL = '<img src=x onerror=alert(1)>"\'&'
const law = {
  statute: EVIL,
  aliases: [],
  title: EVIL,
  version: '2020-01-01',
  effective: '2020-02-01',
  until: null,
  history: [EVIL],
  preface: [EVIL],
  articles: [{ number: '第一条', under: [EVIL], paragraphs: [{ text: EVIL, items: [EVIL] }] }],
  clauses: [{ number: '一', paragraphs: [{ text: EVIL, items: [] }] }],
  appendices: [{ title: EVIL, paragraphs: [EVIL] }],
  source: EVIL,
  note: EVIL,
  ends: null,
  inForce: true,
}
const frame = { demoText: EVIL, exitUrl: `https://example.org/${EVIL}` }

test('When markup has found its way into a text after all, then every page shows it as text', () => {
  const article = {
    law: EVIL,
    title: EVIL,
    article: '第一条',
    under: [EVIL],
    paragraphs: law.articles[0]?.paragraphs ?? [],
    version: law.version,
    effective: law.effective,
    until: null,
    inForce: true,
    source: EVIL,
    path: '/laws/abcdef/1',
  }
  const summary = { ...law, code: 'abcdef', articles: 1 }
  const pages = [
    statutePage(frame, law),
    articlePage(frame, { article, chapter: [article, article] }),
    listPage(frame, [{ ...summary, inForce: true }]),
  ]
  for (const html of pages) {
    expect(html).not.toContain('<img')
    expect(html).not.toMatch(/<script|onerror=alert\(1\)>/)
    expect(html).toContain('&#60;img')
    expect(html).toContain('lang="zh-CN"')
  }
})

const card = {
  law: '某法',
  article: '第一条',
  plain: '不许打人。',
  since: '2020-01-01',
  version: '2020-01-01',
  path: '/laws/abcdef/1',
}

test('When a channel shows no cards, then a short link follows, where the outside can reach us', () => {
  const channel = { maxText: 500, buttons: 0, cards: false }
  const [withLink] = compose({ text: '你好', citations: [card] }, channel, 'https://chat.example.org/')
  expect(withLink?.text).toBe('你好\n《某法》第一条：不许打人。 https://chat.example.org/laws/abcdef/1')
  expect(compose({ text: '你好', citations: [card] }, channel)[0]?.text).toBe(
    '你好\n《某法》第一条：不许打人。',
  )
})

test('When a plain line retells one paragraph, then that one is marked, and none where none stands out', () => {
  const paragraphs = ['学校要有制度。', '学校对欺凌应当立即制止，通知双方家长。', '不得隐瞒。'].map(
    (text) => ({
      text,
      items: [],
    }),
  )
  expect(markedParagraph(paragraphs, '学校知道有欺凌，要马上制止，还要通知双方家长。')).toBe(2)
  expect(markedParagraph(paragraphs, '可以申请法律援助。')).toBeNull()
  expect(markedParagraph(paragraphs.slice(0, 1), '学校要有制度。')).toBeNull()
})
