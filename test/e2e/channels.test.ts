import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { startTelegramSimulator, type TelegramSimulator } from '../../bot/simulators/telegram/simulator.js'
import { startWechatSimulator, type WechatSimulator } from '../../bot/simulators/wechat/simulator.js'
import { LEARNING_MS, realKnowledge } from '../brain.js'
import { firstAdministrator, member, type Member } from '../console.js'
import { testServer } from '../server.js'
import { freePort, haveBrowser, launch, phone } from './browser.js'
import { buildConsole, go, picture, screen, signedIn, wallClock } from './console.js'

jest.setTimeout(240_000)

const found = haveBrowser()
if (!found) process.stderr.write('no chromium: the browser tests are counted as skipped\n')

const account = {
  appId: 'wx0123456789abcdef',
  secret: 'secret-of-the-account',
  token: 'token4signatures',
  aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
}
const botToken = '123456789:AAF-a_token'

;(found ? describe : describe.skip)('young people on other networks', () => {
  let browser: Browser
  let server: Awaited<ReturnType<typeof testServer>>
  let wechat: WechatSimulator
  let telegram: TelegramSimulator
  let lin: Member
  const { clock, put } = wallClock('2026-12-01T09:40')

  beforeAll(async () => {
    buildConsole()
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    wechat = await startWechatSimulator({ port: 0, ...account, webhook: `${url}/channels/wechat`, clock })
    telegram = await startTelegramSimulator({ port: 0, botToken, clock })
    server = await testServer(
      {
        PORT: port,
        PUBLIC_URL: url,
        WECHAT_APP_ID: account.appId,
        WECHAT_APP_SECRET: account.secret,
        WECHAT_TOKEN: account.token,
        WECHAT_AES_KEY: account.aesKey,
        WECHAT_API_ROOT: wechat.url,
        TELEGRAM_BOT_TOKEN: botToken,
        TELEGRAM_WEBHOOK_SECRET: 'a-secret-of-the-webhook',
        TELEGRAM_API_ROOT: telegram.url,
      },
      { clock, knowledge: await realKnowledge({ talk: false }) },
    )
    browser = await launch()
    const administrator = await firstAdministrator(server)
    const ruled = await administrator.desk.put('/channels/telegram/ruling', { text: '测试：服务器就在本机' })
    expect(ruled.status).toBe(200)
    lin = await member(server, administrator, ['counselor'], '小林老师')
    await lin.desk.put('/desk/duty', { onDuty: true })
  }, LEARNING_MS)

  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    await wechat?.stop()
    await telegram?.stop()
  })

  /** A phone with the app of this network, on which nobody has talked to the bot yet. */
  async function app(network: { url: string }, begin: string): Promise<Page> {
    const context = await phone(browser, { bypassCSP: true })
    context.setDefaultTimeout(45_000)
    const page = await context.newPage()
    await page.goto(network.url)
    await page.getByRole('button', { name: '新用户' }).click()
    await page.getByText('还能做什么').click()
    await page.getByRole('button', { name: begin, exact: true }).click()
    await page.locator('li.bot').first().waitFor()
    return page
  }
  async function write(page: Page, text: string): Promise<void> {
    await page.getByLabel('写一句').fill(text)
    await page.getByRole('button', { name: '发送' }).click()
  }
  const hears = (page: Page, text: string | RegExp) =>
    page.locator('li.bot', { hasText: text }).last().waitFor()

  async function sit(path = '/escalations'): Promise<Page> {
    const context = await signedIn(await screen(browser), server.url, lin.desk)
    context.setDefaultTimeout(45_000)
    const page = await context.newPage()
    await go(page, server.url, path)
    return page
  }
  async function claim(desk: Page): Promise<void> {
    await go(desk, server.url, '/escalations')
    await desk.getByRole('button', { name: '我来接' }).first().click()
    await desk.getByLabel('写给对方').waitFor()
  }
  async function reply(desk: Page, text: string): Promise<void> {
    await desk.getByLabel('写给对方').fill(text)
    await desk.getByRole('button', { name: '发送' }).click()
  }
  async function handBack(desk: Page): Promise<void> {
    await desk.getByRole('button', { name: '谈完了' }).click()
    const dialog = desk.getByRole('dialog')
    await dialog.getByLabel(/已请急救/).check()
    await dialog.getByLabel(/没有危险了/).check()
    await dialog.getByRole('button', { name: '交回 AI' }).click()
    await dialog.waitFor({ state: 'detached' })
  }

  test('When somebody asks and then cries for help on WeChat, then a human reads it, knows how much may be sent, and the words arrive', async () => {
    const one = await app(wechat, '关注')
    await write(one, '同学天天打我还拍视频，我能报警吗')
    await hears(one, '未成年人保护法')
    await write(one, '我想自杀')
    await hears(one, '告诉老师')
    await picture(one, 'wechat-cry')

    const desk = await sit()
    await claim(desk)
    // Two of five belong to the bot; that a human has come is said with one of the three kept for the human.
    await desk.getByText(/还能发 \d 条/).waitFor()
    await desk.getByText('同学天天打我还拍视频').waitFor()
    await picture(desk, 'desk-wechat-room')
    await hears(one, '现在由真人小林老师和你说话')
    await reply(desk, '我是小林老师，是真人。你现在身边有人吗？')
    await hears(one, '我是小林老师，是真人')
    await write(one, '没有人，我一个人')
    await desk.getByText('没有人，我一个人').waitFor()

    // Written to until nothing is left: the counselor is told before another word is typed.
    for (let sent = 1; sent <= 5; sent++) {
      if (await desk.getByText('现在发不出去').isVisible()) break
      await reply(desk, `我在，第 ${sent} 句`)
      await hears(one, `我在，第 ${sent} 句`)
      await desk.getByText(/还能发 \d 条|现在发不出去/).waitFor()
    }
    await desk.getByText('现在发不出去').waitFor()
    await one.getByText('现在收不到，要先写一句').waitFor()
    expect(await desk.getByRole('button', { name: '发送' }).isDisabled()).toBe(true)
    await picture(desk, 'desk-wechat-closed')
    await write(one, '老师还在吗')
    await desk.getByText(/还能发 5 条/).waitFor()
    await reply(desk, '在，我一直在')
    await hears(one, '在，我一直在')
    await handBack(desk)
    await desk.context().close()
  })

  test('When somebody asks and then cries for help on Telegram, then a human comes; who blocks the bot cannot be written to', async () => {
    const one = await app(telegram, '点「开始」')
    await hears(one, '服务器在国外')
    await write(one, '同学天天打我还拍视频，我能报警吗')
    await hears(one, '未成年人保护法')
    await write(one, '我想自杀')
    await hears(one, '告诉老师')
    await picture(one, 'telegram-cry')

    const desk = await sit()
    await claim(desk)
    await reply(desk, '我是小林老师，是真人。你现在身边有人吗？')
    await hears(one, '我是小林老师，是真人')
    await write(one, '没有人')
    await desk.getByText('没有人', { exact: true }).waitFor()
    await one.getByRole('button', { name: '停用机器人' }).click()
    await desk.getByText('对方取消了关注或拉黑了我们，现在发不过去').waitFor()
    expect(await desk.getByRole('button', { name: '发送' }).isDisabled()).toBe(true)
    await picture(desk, 'desk-telegram-gone')
    await one.getByRole('button', { name: '重新启用' }).click()
    await write(one, '我回来了')
    await desk.getByText('我回来了').waitFor()
    await reply(desk, '回来就好')
    await hears(one, '回来就好')
    await handBack(desk)
    await desk.context().close()
  })

  test('When two days have gone by on WeChat before a human comes, then the human is told that nothing can be sent', async () => {
    const one = await app(wechat, '关注')
    await write(one, '我不想活了')
    await hears(one, '告诉老师')
    put('2026-12-03T10:00')
    await lin.desk.signIn(lin.name, lin.password)
    const desk = await sit()
    await claim(desk)
    await desk.getByText('现在发不出去').waitFor()
    expect(await desk.getByRole('button', { name: '发送' }).isDisabled()).toBe(true)
    await picture(desk, 'desk-wechat-late')
    await write(one, '有人吗')
    await desk.getByText(/还能发 \d 条/).waitFor()
    await reply(desk, '有，我在')
    await hears(one, '有，我在')
    await desk.context().close()
  })
})
