import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { articleNumber } from '../../bot/laws/numerals.js'
import { createVault } from '../../bot/store/crypto.js'
import { openStore } from '../../bot/store/store.js'
import { LEARNING_MS, realKnowledge } from '../brain.js'
import { importTexts } from '../laws/texts.js'
import { testServer } from '../server.js'
import { ask, axe, haveBrowser, kept, launch, open, pageServer, phone, trail } from './browser.js'

jest.setTimeout(180_000)

const found = haveBrowser()
const KEY = '6b'.repeat(32)
const BULLIED = '同学天天打我还拍视频发群里，我不敢告诉老师'

/** 132 articles of our own words under the real name: this is about the page, not about the law. */
const TEXT = `# 中华人民共和国未成年人保护法

1991年9月4日通过

根据2024年4月26日的决定第二次修正

## 第一章 试写的一章

${Array.from({ length: 132 }, (_, i) =>
  i === 38
    ? `**第三十九条** 学校要有防欺凌的办法。

学校知道有欺凌，应当马上制止，通知双方父母或者其他监护人来处理。

（一）先停下来；

（二）再说清楚。

学校不得瞒着不报 <b>一个字</b>。`
    : `**${articleNumber(i + 1)}** 试写的第${i + 1}条。`,
).join('\n\n')}
`

;(found ? describe : describe.skip)('the law behind an answer, on a phone', () => {
  let browser: Browser
  let neutral: Awaited<ReturnType<typeof pageServer>>
  let server: Awaited<ReturnType<typeof testServer>>
  const dataDir = mkdtempSync(join(tmpdir(), 'qingan-e2e-laws-'))
  const visitors: BrowserContext[] = []

  async function visitor(): Promise<BrowserContext> {
    const context = await phone(browser, { bypassCSP: true })
    context.setDefaultTimeout(45_000)
    visitors.push(context)
    return context
  }

  beforeAll(async () => {
    neutral = await pageServer('<!doctype html><html lang="zh-CN"><title>今日天气</title><p>晴，微风。')
    const store = await openStore({ dataDir }, createVault(Buffer.from(KEY, 'hex')))
    const report = await importTexts(
      store,
      { 'a.md': TEXT },
      { told: { effective: '2024-04-26', source: '试写' } },
    )
    expect(report.faults).toEqual([])
    await store.close()
    const knowledge = await realKnowledge({ talk: false })
    server = await testServer({ DATA_KEY: KEY, EXIT_URL: neutral.url }, { place: { dataDir }, knowledge })
    browser = await launch()
  }, LEARNING_MS)

  afterEach(async () => {
    for (const context of visitors.splice(0)) await context.close()
  })

  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    await neutral?.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  const picture = async (page: Page, name: string) => {
    const folder = process.env.QINGAN_PICTURES
    if (folder) await page.screenshot({ path: join(folder, `laws-${name}.png`) })
  }

  test('When a citation is tapped, then its own words open, the paragraph that matters marked, and nothing stays', async () => {
    const context = await visitor()
    const page = await open(context, server.url)
    const steps = (await trail(page)).length
    await ask(page, BULLIED)
    const card = page.locator('.cite').filter({ hasText: '未成年人保护法' }).first()
    await card.getByRole('button', { name: /第三十九条/ }).click()
    await picture(page, 'card')
    await card.getByRole('button', { name: '看原文' }).click()
    const sheet = page.getByRole('dialog', { name: /第三十九条/ })
    await sheet.getByText('学校要有防欺凌的办法。').waitFor()
    const marked = sheet.locator('.marked')
    expect(await marked.count()).toBe(1)
    expect(await marked.innerText()).toContain('应当马上制止')
    expect(await sheet.innerText()).toContain('2024 年 4 月 26 日起施行。来源：试写')
    expect(await sheet.innerText()).toContain('简单说')
    expect(await sheet.innerText()).toContain('不是法律意见')
    await picture(page, 'sheet')
    expect(await axe(page)).toEqual([])
    await sheet.getByRole('button', { name: /看看前后/ }).click()
    expect(await sheet.locator('h3').count()).toBe(132)
    await sheet.getByRole('button', { name: '关上' }).click()
    expect(await page.locator('#law-words').innerText()).toBe('')
    expect((await trail(page)).length).toBe(steps)
    await page.locator('#leave').click()
    await page.waitForURL(neutral.url)
    expect(await kept(await context.newPage(), server.url)).not.toMatch(/防欺凌|第三十九条|laws\/[a-z0-9]{6}/)
  })

  test('When the net is gone, then the sheet says so and the plain words are still there', async () => {
    const context = await visitor()
    const page = await open(context, server.url)
    await ask(page, BULLIED)
    const card = page.locator('.cite').filter({ hasText: '未成年人保护法' }).first()
    await card.getByRole('button', { name: /第三十九条/ }).click()
    await context.setOffline(true)
    await card.getByRole('button', { name: '看原文' }).click()
    const sheet = page.getByRole('dialog', { name: /第三十九条/ })
    await sheet.getByText('原文没拿到，可能是网断了。过一会儿再点一次。').waitFor()
    expect(await sheet.innerText()).toContain('简单说')
  })

  test("When an article's address is opened, then a plain page shows it, without script or cookie", async () => {
    const context = await visitor()
    const page = await context.newPage()
    const card = (await (
      await fetch(`${server.url}/laws/${encodeURIComponent('未成年人保护法')}/39/words`)
    ).json()) as {
      article: { path: string }
    }
    await page.goto(`${server.url}${card.article.path}#p2`)
    expect(await page.title()).toBe('《未成年人保护法》第三十九条')
    expect(await page.locator('h1').innerText()).toBe('第三十九条')
    expect(await page.locator('#p2').evaluate('(node) => getComputedStyle(node).backgroundColor')).not.toBe(
      'rgba(0, 0, 0, 0)',
    )
    expect(await page.locator('.dates').innerText()).toBe('2024年4月26日起施行。现行有效。')
    expect(await page.locator('.demo').innerText()).toContain('演示系统')
    expect(await page.locator('script').count()).toBe(0)
    expect(await context.cookies()).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    expect(await axe(page)).toEqual([])
    await picture(page, 'article')
    await page.locator('summary').click()
    expect(await page.locator('details section').count()).toBe(132)
    await page.locator('.under a').click()
    expect(await page.locator('h1').innerText()).toBe('中华人民共和国未成年人保护法')
    expect(await page.locator('section').count()).toBe(132)
    await picture(page, 'statute')
    expect(await axe(page)).toEqual([])
    await page.getByRole('link', { name: '全部法律' }).click()
    await picture(page, 'list')
    expect(await axe(page)).toEqual([])
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('nav').isVisible()).toBe(false)
  })
})
