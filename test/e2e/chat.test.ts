import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, test, jest } from '@jest/globals'
import type { Browser, BrowserContext, Page, Response } from 'playwright-core'
import type { Knowledge } from '../../bot/conversation/receive.js'
import { LEARNING_MS, realKnowledge } from '../brain.js'
import { client, testServer } from '../server.js'
import { until } from '../until.js'
import {
  answered,
  ask,
  axe,
  freePort,
  greeted,
  haveBrowser,
  kept,
  launch,
  open,
  pageServer,
  phone,
  trail,
  write,
} from './browser.js'

// A turn is many durable writes: beside other suites, on a slow disk, an answer may take its time.
jest.setTimeout(180_000)

const BULLIED = '同学天天打我还拍视频发群里，我不敢告诉老师'
const DISTRESS = '我真的撑不下去了 不想活了'
/** Words of the story that must not be found after leaving. */
const STORY = /打我|拍视频|撑不下去|不想活|未成年人保护法|第三十九条/
const STATUTE = /《|法典|法第|第[〇零一二三四五六七八九十百千\d]+条/
const METHOD = /药|割|刀|跳|楼|桥|绳|吊|煤气|烧炭|窒息|服毒|自杀/
/** A Wednesday morning: besides 110 and 120 two lines are open for someone who wants to die. */
const WORKDAY = new Date('2026-03-04T10:00:00+08:00').getTime()
const NIGHT = new Date('2026-03-05T03:00:00+08:00').getTime()

const found = haveBrowser()
if (!found) process.stderr.write('no chromium: the browser tests are counted as skipped\n')

;(found ? describe : describe.skip)('the chat on a phone', () => {
  let browser: Browser
  let knowledge: Knowledge
  let neutral: Awaited<ReturnType<typeof pageServer>>
  let server: Awaited<ReturnType<typeof serve>>
  let url: string
  /** The same place and key, so that the server can be stopped and come back as itself. */
  const env: Record<string, string> = { DATA_KEY: '5a'.repeat(32) }
  const dataDir = mkdtempSync(join(tmpdir(), 'qingan-e2e-'))
  const visitors: BrowserContext[] = []

  async function serve(env: Record<string, string>, at = WORKDAY) {
    const CLOCK_OFFSET_MS = String(at - Date.now())
    return testServer(
      { BURST_MS: '100', EXIT_URL: neutral.url, CLOCK_OFFSET_MS, ...env },
      { place: { dataDir }, knowledge },
    )
  }

  /** A phone of a person who was never here. */
  async function somebody(options: Parameters<typeof phone>[1] = {}): Promise<BrowserContext> {
    const context = await phone(browser, options)
    context.setDefaultTimeout(45_000)
    visitors.push(context)
    return context
  }

  const visit = async (options: Parameters<typeof phone>[1] = {}): Promise<Page> =>
    open(await somebody(options), url)

  beforeAll(async () => {
    neutral = await pageServer('<!doctype html><html lang="zh-CN"><title>今日天气</title><p>晴，微风。')
    // Small talk takes seconds to learn and is not what this is about.
    knowledge = await realKnowledge({ talk: false })
    env.PORT = await freePort()
    server = await serve(env)
    url = server.url
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

  /** Where the lower edge of something is on the screen; far below when it is not there. */
  const bottom = async (page: Page, selector: string): Promise<number> => {
    const box = await page.locator(selector).boundingBox()
    return box ? box.y + box.height : Infinity
  }

  describe('first screen', () => {
    test('When the page opens, then who we are, the AI line, notice, buttons, open lines and input are all on the screen', async () => {
      const page = await visit()

      const wanted = [
        'h1',
        '.ai',
        '#notice-short',
        '#start button:nth-child(3)',
        '#now-lines li:nth-child(2) a',
        '#box',
        '#leave',
      ]
      for (const selector of wanted)
        expect([selector, (await bottom(page, selector)) <= 640]).toEqual([selector, true])
      expect(await page.locator('.aitext').innerText()).toBe('AI 先回答，老师在线时可接手')
      expect((await page.locator('#notice-short').innerText()).length).toBeLessThanOrEqual(60)
      expect(await page.locator('#start button').allInnerTexts()).toEqual(['我有危险', '我想问问', '找真人'])
      expect(
        await page
          .locator('#now a[href^="tel:"]')
          .evaluateAll((links) => links.slice(0, 4).map((link) => link.getAttribute('href'))),
      ).toEqual(['tel:110', 'tel:120', 'tel:12356', 'tel:12355'])
      expect(await page.locator('#box').isEditable()).toBe(true)
    })

    test('When JavaScript is off, then 110, 120 and the lines open now stand in the page and leaving works', async () => {
      const context = await somebody({ javaScriptEnabled: false })
      const page = await context.newPage()
      await page.goto(url)

      for (const number of ['110', '120', '12356', '12355']) {
        expect(await page.locator(`#now a[href="tel:${number}"]`).isVisible()).toBe(true)
      }
      await page.locator('#leave').click()
      await page.waitForURL(neutral.url)
    })

    test('When the page is loaded, then everything it needs is at most 60 kB compressed and comes from here', async () => {
      const context = await somebody()
      const responses: Response[] = []
      context.on('response', (response) => responses.push(response))
      await open(context, url)

      const bytes = await Promise.all(
        responses.map(async (response) => gzipSync(await response.body()).length),
      )
      const paths = responses.map((response) => response.url())
      expect(paths).toEqual(expect.arrayContaining([`${url}/`, `${url}/chat.css`, `${url}/chat.js`]))
      expect(paths.filter((path) => !path.startsWith(url))).toEqual([])
      expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(60_000)
    })

    test('When the net is slow 3G, then the input can be used within five seconds and keeps what was typed before the script came', async () => {
      const context = await somebody()
      const page = await context.newPage()
      const network = await context.newCDPSession(page)
      const speed = 400_000 / 8
      await network.send('Network.enable')
      await network.send('Network.emulateNetworkConditions', {
        offline: false,
        latency: 400,
        downloadThroughput: speed,
        uploadThroughput: speed,
      })
      const began = Date.now()
      await page.goto(url, { waitUntil: 'commit' })
      await page.locator('#box').fill('在吗')
      expect(Date.now() - began).toBeLessThan(5000)

      await page.waitForLoadState('load')
      expect(await page.locator('#box').inputValue()).toBe('在吗')
      const bubbles = await answered(page, () => page.locator('#send').click())
      expect(bubbles.join('')).not.toMatch(/没听懂|没太懂/)
    })
  })

  describe('one conversation', () => {
    let page: Page
    let token: string

    beforeAll(async () => {
      const context = await phone(browser)
      page = await context.newPage()
      // Where the person was before.
      await page.goto(`${neutral.url}before`)
      await page.goto(url)
      await greeted(page)
    })

    const history = async () => (await client(url, token)).history()
    const said = () => page.locator('#log .msg.person .text').allInnerTexts()

    test('When bullying is told, then the answer carries a folded card that opens to article, plain words and date in force', async () => {
      const bubbles = await ask(page, BULLIED)
      token = (await page.evaluate<{ token: string }>('JSON.parse(sessionStorage.qa)')).token

      expect(bubbles.join('')).toMatch(/不是你的错/)
      const card = page.locator('#log .cite').first()
      expect(await card.locator('.more').isVisible()).toBe(false)
      await card.locator('button').click()
      expect(await card.innerText()).toMatch(/《.+》第.+条[^]*自 \d{4} 年 \d+ 月 \d+ 日起施行/)
      expect((await card.locator('.more p').first().innerText()).length).toBeGreaterThan(5)
    })

    test('When a button is pressed, then it is said in the person’s name and answered with more', async () => {
      const button = page.locator('#log .choices button').first()
      const label = await button.innerText()
      const bubbles = await answered(page, () => button.click())

      expect(await said()).toEqual([BULLIED, label])
      expect(bubbles.join('').length).toBeGreaterThan(30)
    })

    test('When there is distress, then two bubbles answer with the lines open now, no statute and no method', async () => {
      const before = await page.locator('#log .msg').count()
      const bubbles = await ask(page, DISTRESS)

      const turn = page.locator('#log .msg').nth(before + bubbles.length)
      expect(bubbles.length).toBeLessThanOrEqual(2)
      expect(bubbles.join('\n')).not.toMatch(STATUTE)
      expect(bubbles.join('\n')).not.toMatch(METHOD)
      expect(bubbles.join('\n')).not.toMatch(/马上(就)?(会)?(有人)?来|已经派/)
      expect(await turn.locator('.cite').count()).toBe(0)
      const numbers = await turn
        .locator('.lines a[href^="tel:"]')
        .evaluateAll((links) => links.map((link) => link.getAttribute('href')))
      expect(numbers).toEqual(['tel:110', 'tel:120', 'tel:12356', 'tel:12355'])
    })

    test('When it is answered, then its question, its numbers and its buttons are on one screen', async () => {
      const question = await page.locator('#log .msg.bot .text', { hasText: '结束自己的生命' }).boundingBox()
      const buttons = await page.locator('#log .choices').boundingBox()
      const [top, foot] = await Promise.all([
        page.locator('#top').boundingBox(),
        page.locator('#foot').boundingBox(),
      ])

      expect(question?.y).toBeGreaterThanOrEqual((top?.y ?? 0) + (top?.height ?? 0))
      expect((buttons?.y ?? 999) + (buttons?.height ?? 999)).toBeLessThanOrEqual(foot?.y ?? 0)
      // Only the conversation scrolls: the header with phones and exit cannot be moved away.
      expect(await page.evaluate<number>('document.body.scrollHeight')).toBe(640)
    })

    test('When the keyboard opens, then the newest words stay in view, and phones and exit in reach', async () => {
      await page.setViewportSize({ width: 360, height: 330 })
      await until(() => page.locator('body.compact').count(), 'the compact header')
      const [buttons, foot] = await Promise.all([
        bottom(page, '#log .choices'),
        page.locator('#foot').boundingBox(),
      ])

      expect(buttons).toBeLessThanOrEqual(foot?.y ?? 0)
      for (const always of ['#phones', '#leave', '#send'])
        expect(await bottom(page, always)).toBeLessThanOrEqual(330)
      await page.setViewportSize({ width: 360, height: 640 })
    })

    test('When the server is gone, then what is written stays visible as unsent, a calm line shows and the phones work', async () => {
      await server.stop()
      await write(page, '有时会想')
      await page.locator('#net', { hasText: '网断了，正在重连。急的话直接打 110。' }).waitFor()
      await write(page, '你还在吗')

      const unsent = page.locator('#log .msg.person', { hasText: '没发出去' })
      await unsent.first().waitFor()
      expect(await unsent.first().innerText()).toMatch(/有时会想[^]*没发出去/)
      expect((await said()).slice(-2)).toEqual(['有时会想', '你还在吗'])
      await page.locator('#phones').click()
      expect(await page.locator('#sheet-phones a[href="tel:110"]').first().isVisible()).toBe(true)
      expect(await page.locator('#sheet-lines a[href="tel:12356"]').isVisible()).toBe(true)
      await page.locator('#sheet-phones .close').click()
    })

    test('When the server is back, then everything is sent once, answered, and nothing is lost or doubled', async () => {
      const before = await said()
      const answers = await page.locator('#log .msg.bot').count()
      server = await serve(env)

      await until(
        async () => (await page.locator('#log .msg.person', { hasText: '已送达' }).count()) === before.length,
        'all delivered',
      )
      await until(async () => (await page.locator('#log .msg.bot').count()) > answers, 'an answer')
      expect(await page.locator('#net', { hasText: '网断了' }).count()).toBe(0)
      // What was unsent may be answered in one turn or in several: the history is whole when all of it is answered.
      const stored = await until(async () => {
        const messages = await history()
        const asked = messages.filter(({ from }) => from === 'person').length
        const shown = await page.locator('#log .msg:not(.local)').count()
        const whole = asked === before.length && messages.at(-1)?.from !== 'person'
        return whole && shown === messages.length ? messages : null
      }, 'the whole history on the screen')
      expect(await said()).toEqual(before)
      expect(stored.flatMap(({ from, text }) => (from === 'person' ? [text] : []))).toEqual(before)
    })

    test('When the page is reloaded, then the same conversation is there, once', async () => {
      const before = await page.locator('#log .msg .text').allInnerTexts()
      await page.reload()

      await until(
        async () => (await page.locator('#log .msg .text').count()) === before.length,
        'the conversation',
      )
      expect(await page.locator('#log .msg .text').allInnerTexts()).toEqual(before)
    })

    test('When quick exit is pressed, then a neutral page shows and no trace of the story is left, also after going back', async () => {
      await page.locator('#leave').click()
      await page.waitForURL(neutral.url)
      expect(await page.title()).toBe('今日天气')
      expect((await trail(page)).filter((entry) => entry.includes(url) || STORY.test(entry))).toEqual([])

      await page.goBack()
      expect(page.url()).toBe(`${neutral.url}before`)
      expect(await page.content()).not.toMatch(STORY)

      const left = await kept(page, url)
      expect(left).not.toMatch(STORY)
      expect(left).not.toContain(token)
      expect(await page.context().cookies()).toEqual([])
      // What is kept is the public page, for the day when the net is gone.
      expect(left).toMatch(/110/)
    })

    test('When the person comes again, then the page begins anew and shows no story', async () => {
      await page.goto(url)
      await page.locator('#start button').first().waitFor()

      expect(await page.locator('#log .msg').count()).toBe(0)
      expect(await page.content()).not.toMatch(STORY)
      expect(await page.title()).toBe('青安')
    })
  })

  describe('what stays on the phone', () => {
    test('When the page was left for another one, then a later visit and the Back button show no story', async () => {
      const page = await visit()
      await ask(page, BULLIED)
      await page.goto(neutral.url)
      await page.goBack()
      await page.locator('#start').waitFor()
      expect(await page.locator('#log .msg').count()).toBe(0)

      await page.goto(url)
      await page.locator('#start button').first().waitFor()
      expect(await page.content()).not.toMatch(STORY)
    })

    test('When the phone is only one’s own, then a second visit asks first and shows the story only when asked to', async () => {
      const context = await somebody()
      const page = await open(context, url)
      await page.locator('#more').click()
      await page.locator('#m-keep').click()
      await page.locator('#sheet-more .close').click()
      await ask(page, BULLIED)
      await page.close()

      const again = await open(context, url)
      await again.locator('#hello', { hasText: '欢迎回来，要接着说，还是说别的？' }).waitFor()
      expect(await again.content()).not.toMatch(STORY)
      await again.locator('#hello button', { hasText: '接着说' }).click()
      await again.locator('#log .msg.person', { hasText: BULLIED }).waitFor()
    })

    test('When the records are deleted in the menu, then screen, phone and server have forgotten them', async () => {
      const page = await visit()
      await ask(page, BULLIED)
      const { token } = await page.evaluate<{ token: string }>('JSON.parse(sessionStorage.qa)')
      await page.locator('#more').click()
      await page.locator('#m-erase').click()
      await page.locator('#erase-yes').click()
      await page.locator('#log', { hasText: '记录已经删掉了' }).waitFor()

      expect(await page.content()).not.toMatch(STORY)
      expect(await (await client(url, token)).history()).toEqual([])
      expect(await kept(page, url)).not.toMatch(STORY)
    })

    test('When deletion is asked for in words, then it is confirmed once and the screen is cleared too', async () => {
      const page = await visit()
      await ask(page, BULLIED)
      const question = await ask(page, '删除我的记录')
      expect(question.join('')).toMatch(/删/)
      await page.locator('#log .choices button', { hasText: '都删掉' }).click()
      await page.locator('#log .msg.bot', { hasText: '都删掉了' }).waitFor()

      expect(await page.locator('#log').innerText()).not.toMatch(STORY)
      expect(await page.locator('#log .msg').count()).toBe(1)
      await page.reload()
      await page.locator('#log .msg.bot', { hasText: '都删掉了' }).waitFor()
      expect(await page.content()).not.toMatch(STORY)
    })

    test('When Escape is pressed twice, then the page leaves', async () => {
      const page = await visit()
      await ask(page, BULLIED)
      await page.keyboard.press('Escape')
      await page.keyboard.press('Escape')

      await page.waitForURL(neutral.url)
      expect(await kept(page, url)).not.toMatch(STORY)
    })
  })

  describe('a bad net', () => {
    test('When the phone is offline for a while, then it says so calmly and sends what was written once it is back', async () => {
      const page = await visit()
      await ask(page, '在吗')
      await page.context().setOffline(true)
      await page.locator('#net', { hasText: '网断了' }).waitFor()
      await write(page, '我想问个事')
      await page.locator('#log .msg.person', { hasText: '没发出去' }).waitFor()
      const bubbles = await answered(page, () => page.context().setOffline(false))

      expect(bubbles.length).toBeGreaterThan(0)
      expect(await page.locator('#log .msg.person .text').allInnerTexts()).toEqual(['在吗', '我想问个事'])
    })

    test('When the page is opened while the net is gone, then it comes from the phone with its numbers', async () => {
      const page = await visit()
      await page.evaluate('navigator.serviceWorker.ready.then(() => true)')
      await until(
        () =>
          page.evaluate<boolean>(
            'caches.open("page-1").then((cache) => cache.keys()).then((keys) => keys.length > 3)',
          ),
        'the copy',
      )
      await page.context().setOffline(true)
      await page.reload()

      await page.locator('#net', { hasText: '网断了' }).waitFor()
      expect(await page.locator('#now a[href="tel:110"]').isVisible()).toBe(true)
      expect(await page.locator('#now a[href="tel:12356"]').isVisible()).toBe(true)
      // A copy does not know who answers now.
      expect(await page.locator('#now').innerText()).not.toMatch(/现在有人接|现在应该能打通|现在打得通/)
    })

    test('When it is three at night, then only the lines open at night are named', async () => {
      const night = await testServer(
        {
          BURST_MS: '0',
          EXIT_URL: neutral.url,
          CLOCK_OFFSET_MS: String(NIGHT - Date.now()),
        },
        { knowledge },
      )
      try {
        const context = await somebody()
        const page = await context.newPage()
        await page.goto(night.url)
        await ask(page, DISTRESS)
        const numbers = await page
          .locator('#log .lines a')
          .evaluateAll((links) => links.map((link) => link.getAttribute('href')))
        expect(numbers).toEqual(['tel:110', 'tel:120'])
        expect(await page.locator('#log').innerText()).not.toMatch(/12356|12355/)
      } finally {
        await night.stop()
      }
    })
  })

  describe('everyone', () => {
    test('When there is only a keyboard, then question, button, card, phones and exit can be reached and used', async () => {
      const page = await visit({ hasTouch: false, isMobile: false })
      const onto = async (selector: string, key = 'Tab') => {
        for (let i = 0; i < 40; i++) {
          if (await page.evaluate<boolean>(`document.activeElement.matches(${JSON.stringify(selector)})`))
            return
          await page.keyboard.press(key)
        }
        throw new Error(`Tab does not reach ${selector}`)
      }
      await onto('#box')
      await page.keyboard.type(BULLIED)
      await answered(page, () => page.keyboard.press('Enter'))

      await onto('#log .cite button', 'Shift+Tab')
      await page.keyboard.press('Enter')
      expect(await page.locator('#log .cite button[aria-expanded="true"]').count()).toBe(1)
      await onto('#log .choices button')
      await answered(page, () => page.keyboard.press('Space'))

      await onto('#phones', 'Shift+Tab')
      await page.keyboard.press('Enter')
      expect(await page.evaluate<string>('document.activeElement.id')).toBe('h-phones')
      await onto('#sheet-phones a[href="tel:110"]')
      await page.keyboard.press('Escape')
      expect(await page.evaluate<string>('document.activeElement.id')).toBe('phones')
      await page.waitForTimeout(1600)
      await onto('#leave')
      await page.keyboard.press('Enter')
      await page.waitForURL(neutral.url)
    })

    test.each(['the menu', 'the browser'])(
      'When text is made twice as large by %s, then nothing is cut off sideways',
      async (by) => {
        const page = await visit()
        await ask(page, DISTRESS)
        if (by === 'the menu') {
          await page.locator('#more').click()
          for (let i = 0; i < 3; i++) await page.locator('#m-size').click()
          await page.locator('#more').click()
        } else {
          const session = await page.context().newCDPSession(page)
          await session.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } })
          await page.reload()
          await page.locator('#log .msg.bot').first().waitFor()
        }
        expect(
          await page.evaluate<number>('parseFloat(getComputedStyle(document.documentElement).fontSize)'),
        ).toBe(32)

        // Rows of buttons stand out by their own margins; what holds words must not.
        const wider = `[...document.querySelectorAll('main, .sheet, p, a, b, button, li, h1, h2, textarea')]
        .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1)
        .map((element) => element.outerHTML.slice(0, 80))`
        for (const sheet of [null, '#phones', '#more']) {
          if (sheet) await page.locator(sheet).click()
          expect([sheet, await page.evaluate<string[]>(wider)]).toEqual([sheet, []])
          expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
          for (const always of ['#phones', '#leave', '#box', '#send']) {
            if (sheet && !['#phones', '#leave'].includes(always)) continue
            const box = await page.locator(always).boundingBox()
            expect([
              always,
              (box?.x ?? 999) + (box?.width ?? 999) <= 360,
              (box?.y ?? 999) + (box?.height ?? 999) <= 640,
            ]).toEqual([always, true, true])
          }
        }
      },
    )

    test.each(['light', 'dark'] as const)(
      'When axe looks at the %s page, then it finds nothing on any screen',
      async (colorScheme) => {
        const page = await visit({ colorScheme, bypassCSP: true })
        const dark = await page.evaluate<number[]>(
          'getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)',
        )
        expect(dark.every((part) => (colorScheme === 'dark' ? part < 64 : part > 192))).toBe(true)

        expect(await axe(page)).toEqual([])
        await ask(page, BULLIED)
        await page.locator('#log .cite button').first().click()
        expect(await axe(page)).toEqual([])
        await ask(page, DISTRESS)
        expect(await axe(page)).toEqual([])
        await page.locator('#phones').click()
        expect(await axe(page)).toEqual([])
        await page.locator('#more').click()
        await page.locator('#m-erase').click()
        expect(await axe(page)).toEqual([])
        await page.locator('#m-notice').click()
        expect(await axe(page)).toEqual([])
      },
    )
  })
})
