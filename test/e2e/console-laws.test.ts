import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { articleNumber } from '../../bot/laws/numerals.js'
import { LEARNING_MS, realKnowledge } from '../brain.js'
import { firstAdministrator, member, type Desk } from '../console.js'
import { statute } from '../laws/texts.js'
import { testServer } from '../server.js'
import { axe, haveBrowser, launch } from './browser.js'
import { buildConsole, go, picture, screen, settled, signedIn } from './console.js'

jest.setTimeout(180_000)

const found = haveBrowser()

/** 反家庭暴力法 in 38 articles of our own words, dates in the head of the file. */
const violence = (passed: string, since: string, words: (n: number) => string) =>
  `---\neffective: ${since}\n---\n\n# 中华人民共和国反家庭暴力法\n\n${passed}通过\n\n## 第一章 总则\n\n${Array.from({ length: 38 }, (_, i) => `**${articleNumber(i + 1)}** ${words(i + 1)}`).join('\n\n')}\n`

const FIRST = violence('2015年12月27日', '2016-03-01', (n) => `试写的第${n}条，说的是第${n}件事。`)
const LATER = violence('2020年5月1日', '2020-06-01', (n) =>
  n === 1 ? '新加在最前面的一条，说的是别的。' : `试写的第${n - 1}条，说的是第${n - 1}件事。`,
)

;(found ? describe : describe.skip)('statutes at the console', () => {
  let browser: Browser
  let server: Awaited<ReturnType<typeof testServer>>
  let editor: Desk
  const folder = mkdtempSync(join(tmpdir(), 'qingan-e2e-texts-'))
  const open: BrowserContext[] = []

  const file = (name: string, text: string): string => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }

  async function page(): Promise<Page> {
    const context = await signedIn(await screen(browser), server.url, editor)
    context.setDefaultTimeout(45_000)
    open.push(context)
    return context.newPage()
  }

  beforeAll(async () => {
    buildConsole()
    server = await testServer({}, { knowledge: await realKnowledge({ talk: false }), strictReplies: true })
    const administrator = await firstAdministrator(server)
    editor = (await member(server, administrator, ['editor', 'counselor'])).desk
    browser = await launch()
  }, LEARNING_MS)

  afterEach(async () => {
    for (const context of open.splice(0)) await context.close()
  })

  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  async function importFiles(shown: Page, paths: string[]): Promise<void> {
    await go(shown, server.url, '/laws/create')
    await shown.locator('input[type=file]').setInputFiles(paths)
  }

  test('When files are imported, then each is checked with progress, and taken over only when somebody says so', async () => {
    const shown = await page()
    // Five are asked about at once; the second question waits on the line until the bar has been looked at.
    let questions = 0
    let goOn = () => undefined as void
    const looked = new Promise<void>((fulfil) => (goOn = fulfil))
    await shown.route('**/api/law-import/check', async (route) => {
      if (++questions === 2) await looked
      await route.continue()
    })
    const others = ['甲法', '乙法', '丙法', '丁法', '戊法', '己法'].map((name) =>
      file(`${name}.md`, statute(name, '2019年5月1日', ['为了孩子。', '拖欠劳动报酬的，补发。'])),
    )
    await importFiles(shown, [...others, file('a.md', FIRST)])
    await shown.getByRole('status').getByText('正在检查：5 / 7').waitFor()
    expect(Number(await shown.getByRole('progressbar').getAttribute('aria-valuenow'))).toBe(71)
    await picture(shown, 'laws-console-progress')
    goOn()
    await shown.getByRole('button', { name: '导入这 7 个版本' }).waitFor()
    await picture(shown, 'laws-console-checked')
    expect(await axe(shown)).toEqual([])
    await shown.getByRole('button', { name: '导入这 7 个版本' }).click()
    await shown.getByText('导入好了：7 个版本有变化。').waitFor()
    await go(shown, server.url, '/laws')
    const statutes = shown.getByRole('list', { name: '法律' }).getByRole('listitem')
    await statutes.nth(6).waitFor()
    expect(await statutes.count()).toBe(7)
    await shown.getByLabel('哪条法律管……').fill('老板欠薪不发工资')
    await shown.getByRole('button', { name: '查找' }).click()
    await shown.getByRole('list', { name: '可能有关的条文' }).getByText('拖欠劳动报酬').first().waitFor()
    await picture(shown, 'laws-console-search')
    expect(await axe(shown)).toEqual([])
  })

  test('When a file is bad, then the page names the line and offers no import', async () => {
    const shown = await page()
    await importFiles(shown, [
      file('bad.md', '# 坏法\n\n2019年1月1日通过\n\n**第一条** 甲。\n\n**第三条** 丙。\n'),
    ])
    await shown.getByText('bad.md 第 7 行：第一条和第三条之间缺 1 条').waitFor()
    expect(await shown.getByRole('button', { name: /导入这/ }).count()).toBe(0)
  })

  test('When a law is amended, then versions stand side by side and its citations wait to be looked at', async () => {
    const shown = await page()
    await importFiles(shown, [file('b.md', LATER)])
    await shown.getByRole('button', { name: '导入这 1 个版本' }).click()
    await shown.getByText('导入好了').waitFor()

    await go(shown, server.url, `/laws/${encodeURIComponent('反家庭暴力法')}/show`)
    await shown.getByRole('link', { name: '和 2015-12-27 版对照' }).click()
    const pairs = shown.getByRole('list', { name: '两个版本对照' })
    await pairs.waitFor()
    await shown.getByText('38 组，').or(shown.getByText('39 组，')).waitFor()
    const second = pairs.getByRole('listitem').filter({ hasText: '新加在最前面的一条' })
    expect(await second.innerText()).toContain('没有对应的条')
    await shown.getByLabel('也看没有变的条').click()
    const moved = pairs.getByRole('listitem').filter({ hasText: '说的是第22件事' })
    expect(await moved.locator('h3').allInnerTexts()).toEqual([
      expect.stringContaining('第二十二条'),
      expect.stringContaining('第二十三条'),
    ])
    await picture(shown, 'laws-console-compare')
    expect(await axe(shown)).toEqual([])
    await shown.getByRole('button', { name: '对照看过了，确认' }).click()
    await shown.getByText('条号对照由小林老师确认过。').waitFor()

    await go(shown, server.url, '/law-reviews')
    await settled(shown)
    const list = shown.getByRole('list', { name: '要核对的法条' })
    const review = list.getByRole('listitem').filter({ hasText: '第二十三条' }).first()
    await review.getByText('看起来变成了第二十四条。').waitFor()
    await picture(shown, 'laws-console-reviews')
    expect(await axe(shown)).toEqual([])
    const before = await list.getByRole('listitem').count()
    await review.getByRole('button', { name: '看过了，回答仍然对' }).click()
    await shown.waitForFunction(
      `document.querySelectorAll('[aria-label="要核对的法条"] > li').length === ${before - 1} || document.querySelector('nav[aria-label]')`,
    )
  })
})
