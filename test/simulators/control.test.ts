import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { startTelegramSimulator, type TelegramSimulator } from '../../bot/simulators/telegram/simulator.js'
import { startWechatSimulator, type WechatSimulator } from '../../bot/simulators/wechat/simulator.js'
import { axe, haveBrowser, launch, phone } from '../e2e/browser.js'
import { picture } from '../e2e/console.js'
import { until } from '../until.js'
import { botServer, type Bot } from './bot.js'

jest.setTimeout(120_000)

const account = { appId: 'wx0123456789abcdef', secret: 'secret-of-the-account', token: 'a-token' }
const botToken = '123456789:AAF-a_token'

let bot: Bot
let wechat: WechatSimulator
let telegram: TelegramSimulator

beforeAll(async () => {
  bot = await botServer((_got, res) => void res.end('success'))
  wechat = await startWechatSimulator({ port: 0, ...account, webhook: bot.url })
  telegram = await startTelegramSimulator({ port: 0, botToken })
  await telegramCall('setWebhook', { url: bot.url })
})
afterAll(async () => {
  await wechat?.stop()
  await telegram?.stop()
  await bot?.close()
})

async function control(url: string, method: string, path: string, body?: unknown) {
  const response = await fetch(`${url}/control${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

async function telegramCall(method: string, params: object) {
  const response = await fetch(`${telegram.url}/bot${botToken}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(params),
  })
  return (await response.json()) as { ok: boolean }
}

async function customSend(touser: string, message: object): Promise<unknown> {
  const post = async (path: string, body: object) => {
    const response = await fetch(`${wechat.url}/cgi-bin/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    return (await response.json()) as { access_token: string }
  }
  const { appId: appid, secret } = account
  const { access_token } = await post('stable_token', { grant_type: 'client_credential', appid, secret })
  return post(`message/custom/send?access_token=${access_token}`, { touser, ...message })
}

describe('the control', () => {
  test('When somebody is made to speak, then the log tells it in order, from any line on', async () => {
    const { url } = wechat
    const made = await control(url, 'POST', '/users', { name: '小明' })
    const user = String(made.body.id)
    expect(made).toMatchObject({ status: 201, body: { name: '小明', state: '没有关注', left: 0 } })
    expect(user).toMatch(/^o[\w-]{27}$/)
    expect(await control(url, 'POST', '/say', { user, act: '在吗' })).toMatchObject({
      status: 409,
      body: { error: '先关注' },
    })
    const subscribed = await control(url, 'POST', '/say', { user, act: { event: 'subscribe' }, wait: true })
    expect(subscribed.body).toMatchObject({ taken: true, attempts: 1 })
    await control(url, 'POST', '/say', { user, act: '在吗', wait: true })
    await customSend(user, { msgtype: 'text', text: { content: '我在' } })
    const { body } = await control(url, 'GET', '/log')
    const lines = body.lines as Record<string, unknown>[]
    expect(lines.map(({ kind, what, text, outcome }) => [kind, what, text, outcome])).toEqual([
      ['user', 'subscribe', undefined, 'taken'],
      ['push', 'subscribe', undefined, 'taken'],
      ['user', 'text', '在吗', 'taken'],
      ['push', 'text', '在吗', 'taken'],
      ['call', 'stable_token', undefined, 'taken'],
      ['call', 'message/custom/send', '我在', 'taken'],
    ])
    expect(lines[2]?.key).toBe(lines[3]?.key)
    expect(JSON.stringify(lines)).not.toContain(account.secret)
    const later = await control(url, 'GET', '/log?after=5&limit=1')
    expect(later.body).toEqual({ lines: [lines[5]], next: 6 })
    expect((await control(url, 'GET', `/users/${user}`)).body).toMatchObject({ left: 4 })
  })

  test('When a control call is wrong or comes from another site, then it is refused in words', async () => {
    for (const { url } of [wechat, telegram]) {
      const refusals = [
        await control(url, 'GET', '/nothing'),
        await control(url, 'GET', '/users/nobody'),
        await control(url, 'POST', '/deeds/nothing', { user: 'u1' }),
        await control(url, 'POST', '/deeds/image', {}),
        await control(url, 'POST', '/say', { user: '../x', act: '在吗' }),
        await control(url, 'POST', '/say', { user: 'u1', act: { dance: true } }),
        await control(url, 'PUT', '/faults', [{ kind: 'status', on: 'pushes' }]),
        await control(url, 'GET', '/log?after=-1'),
      ]
      expect(refusals.map(({ status }) => status)).toEqual([404, 404, 404, 422, 422, 422, 422, 422])
      expect(refusals.every(({ body }) => typeof body.error === 'string')).toBe(true)
      const form = await fetch(`${url}/control/say`, {
        method: 'POST',
        body: new URLSearchParams({ user: 'u1' }),
      })
      expect(form.status).toBe(415)
      const broken = await fetch(`${url}/control/say`, {
        method: 'POST',
        body: '{',
        headers: { 'content-type': 'application/json' },
      })
      expect(broken.status).toBe(400)
    }
  })

  test('When faults are commanded, then they strike and are used up', async () => {
    const { url } = telegram
    await control(url, 'PUT', '/faults', [{ kind: 'limit', times: 1, retryAfter: 9 }])
    expect(await telegramCall('getMe', {})).toMatchObject({ ok: false, parameters: { retry_after: 9 } })
    expect(await telegramCall('getMe', {})).toMatchObject({ ok: true })
    expect((await control(url, 'GET', '/state')).body).toMatchObject({ faults: [] })
  })
})

const found = haveBrowser()
if (!found) process.stderr.write('no chromium: the browser tests are counted as skipped\n')

;(found ? describe : describe.skip)('the page', () => {
  let browser: Browser
  const wrong: string[] = []
  beforeAll(async () => void (browser = await launch()))
  afterAll(async () => browser?.close())

  const visit = async (url: string): Promise<Page> => {
    const page = await (await phone(browser, { bypassCSP: true })).newPage()
    page.on('pageerror', (error) => wrong.push(error.message))
    await page.goto(url)
    return page
  }
  const fits = (page: Page) => page.evaluate('document.documentElement.scrollWidth <= innerWidth')

  test('When somebody writes on the phone of WeChat, then the answer and what is left of the window are there', async () => {
    const page = await visit(wechat.url)
    await page.getByRole('button', { name: '新用户' }).click()
    await page.getByText('没有关注').waitFor()
    await page.getByText('还能做什么').click()
    await page.getByRole('button', { name: '关注', exact: true }).click()
    await page.getByText('还能收 3 条').waitFor()
    await page.getByLabel('写一句').fill('我想问问')
    await page.keyboard.press('Enter')
    await page.getByText('还能收 5 条').waitFor()
    await page.getByText('机器人收到了').first().waitFor()
    const user = decodeURIComponent(new URL(page.url()).hash.slice(1))
    const list = [{ id: '1', content: '找真人' }]
    await customSend(user, { msgtype: 'msgmenu', msgmenu: { head_content: '要哪一个？', list } })
    await page.getByText('还能收 4 条').waitFor()
    await page.getByRole('button', { name: '找真人' }).click()
    await page.locator('li.person', { hasText: '找真人' }).waitFor()
    await picture(page, 'simulator-wechat')
    expect(await axe(page)).toEqual([])
    expect(await fits(page)).toBe(true)
    await page.getByRole('button', { name: '过了 48 小时' }).click()
    await page.getByText('现在收不到，要先写一句').waitFor()
    await page.getByRole('button', { name: '验证服务器地址' }).click()
    await page.getByText('服务器地址没有通过验证').waitFor()
    expect(wrong).toEqual([])
  })

  test('When somebody presses a button on the phone of Telegram, then the bot hears of it; faults can be commanded', async () => {
    const page = await visit(telegram.url)
    await page.getByRole('button', { name: '新用户' }).click()
    await page.getByText('还没有点开始').waitFor()
    await page.getByText('还能做什么').click()
    await page.getByRole('button', { name: '点「开始」' }).click()
    await page.getByText('在用').waitFor()
    const user = decodeURIComponent(new URL(page.url()).hash.slice(1))
    await telegramCall('sendMessage', {
      chat_id: telegram.numberOf(user),
      text: '现在安全吗？',
      reply_markup: { inline_keyboard: [[{ text: '不安全', callback_data: 'unsafe' }]] },
    })
    await page.getByRole('button', { name: '不安全' }).click()
    await until(() => bot.got.some(({ body }) => body.includes('"data":"unsafe"')), 'the pressed button')
    await page.getByText('出故障').click()
    await page.getByRole('button', { name: '下一次请求：502' }).click()
    await page.getByText('等着发生：5xx 1 次').waitFor()
    await page.getByRole('button', { name: '故障全部取消' }).click()
    await page.getByText('现在一切正常').waitFor()
    await page.getByRole('button', { name: '停用机器人' }).click()
    await page.getByText('已停用机器人').waitFor()
    await page.getByLabel('写一句').fill('在吗')
    await page.getByRole('button', { name: '发送' }).click()
    await page.getByRole('alert').getByText('先重新启用机器人').waitFor()
    await picture(page, 'simulator-telegram')
    expect(await axe(page)).toEqual([])
    expect(await fits(page)).toBe(true)
    expect(wrong).toEqual([])
  })
})
