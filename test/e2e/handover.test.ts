import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { LEARNING_MS, realKnowledge } from '../brain.js'
import { firstAdministrator, member, type Member } from '../console.js'
import { testServer } from '../server.js'
import { ask, haveBrowser, launch, open, phone, write } from './browser.js'
import { buildConsole, go, picture, screen, signedIn, wallClock } from './console.js'

jest.setTimeout(240_000)

const found = haveBrowser()
if (!found) process.stderr.write('no chromium: the browser tests are counted as skipped\n')

;(found ? describe : describe.skip)('two young people and two of the staff', () => {
  let browser: Browser
  let server: Awaited<ReturnType<typeof testServer>>
  let lin: Member
  let wang: Member
  const { clock, put } = wallClock('2026-12-01T09:40')

  const visit = async (): Promise<Page> => {
    const context = await phone(browser)
    context.setDefaultTimeout(45_000)
    return open(context, server.url)
  }
  const sit = async (who: Member, path: string): Promise<Page> => {
    const context = await signedIn(await screen(browser), server.url, who.desk)
    context.setDefaultTimeout(45_000)
    const page = await context.newPage()
    await go(page, server.url, path)
    return page
  }
  const says = (page: Page, text: string) => page.locator('#log', { hasText: text }).waitFor()

  beforeAll(async () => {
    buildConsole()
    server = await testServer({}, { clock, knowledge: await realKnowledge({ talk: false }) })
    browser = await launch()
    const administrator = await firstAdministrator(server)
    lin = await member(server, administrator, ['counselor', 'campaigner'], '小林老师')
    wang = await member(server, administrator, ['counselor', 'campaigner'], '小王老师')
    for (const { desk } of [lin, wang]) await desk.put('/desk/duty', { onDuty: true })
  }, LEARNING_MS)

  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  test('When one is in danger and one waits for a warning, then a human comes to the first, and the warning only to the second', async () => {
    const [one, two] = [await visit(), await visit()]
    const [atLin, atWang] = [await sit(lin, '/escalations'), await sit(wang, '/escalations')]

    // Both subscribe; the first asks what the law says.
    for (const page of [one, two]) {
      expect((await ask(page, '我想收到防艾提醒')).join()).toContain('会发什么')
      expect((await ask(page, '满15岁，要')).join()).toContain('订上了')
    }
    expect((await ask(one, '老板不给我发工资怎么办')).length).toBeGreaterThan(0)

    // The cry: both consoles are alerted, both claim, one wins and the other is told who.
    const cry = await ask(one, '我想自杀')
    expect(cry.join()).toContain('值班老师在线，我也告诉老师了')
    await picture(one, 'phone-cry')
    for (const page of [atLin, atWang]) {
      await page.getByRole('button', { name: '我来接' }).first().waitFor()
      await page.waitForFunction('/人等待/.test(document.title)')
    }
    await picture(atLin, 'desk-alert')
    await Promise.all(
      [atLin, atWang].map((page) => page.getByRole('button', { name: '我来接' }).first().click()),
    )
    const boxes = await Promise.all(
      [atLin, atWang].map((page) =>
        Promise.race([
          page
            .getByLabel('写给对方')
            .waitFor()
            .then(() => 'won' as const),
          page
            .getByText(/已经由小.老师接手了|小.老师正在谈/)
            .first()
            .waitFor()
            .then(() => 'lost' as const),
        ]),
      ),
    )
    expect([...boxes].sort()).toEqual(['lost', 'won'])
    const desk = boxes[0] === 'won' ? atLin : atWang
    const loser = boxes[0] === 'won' ? atWang : atLin
    const name = boxes[0] === 'won' ? '小林老师' : '小王老师'
    await picture(loser, 'desk-lost')
    await says(one, `现在由真人${name}和你说话`)

    // Both ways; the bot is silent; a rise is told until it is answered.
    await desk.getByRole('button', { name: '发送' }).click()
    await says(one, `我是${name}，是真人`)
    await write(one, '老师我在家')
    await desk.getByText('老师我在家').waitFor()
    await picture(one, 'phone-human')
    await write(one, '我刚才吃了一整瓶药')
    await desk.getByRole('alert').filter({ hasText: '危险升高' }).first().waitFor()
    await picture(desk, 'desk-risen')
    await desk.getByLabel('写给对方').fill('现在就打 120，我陪着你。你家里有大人吗？')
    await desk.getByRole('button', { name: '发送' }).click()
    await says(one, '现在就打 120，我陪着你')
    const bots = one.locator('#log .msg.bot')
    const before = await bots.count()
    await write(one, '妈妈回来了，她打了')
    await desk.getByText('妈妈回来了，她打了').waitFor()
    expect(await bots.count()).toBe(before)

    // Resolved: the bot says that it is back, and answers.
    await desk.getByRole('button', { name: '谈完了' }).click()
    await desk
      .getByRole('dialog')
      .getByLabel(/已请急救/)
      .check()
    await desk
      .getByRole('dialog')
      .getByLabel(/没有危险了/)
      .check()
    await picture(desk, 'desk-resolve')
    await desk.getByRole('dialog').getByRole('button', { name: '交回 AI' }).click()
    await says(one, '又是 AI 在回答你')
    expect((await ask(one, '你好')).length).toBeGreaterThan(0)

    // A warning: its author cannot approve it, the other login does.
    const draft = (start: string, words: string) => ({
      topic: 'hiv',
      text: { zh: `${words}想问更多，打 {{hotline.12320}}。`, mn: null },
      schedule: { start, repeat: 'once', until: null },
      channels: ['web'],
    })
    const first = await lin.desk.post<{ id: string }>(
      '/campaigns',
      draft('2026-12-01T10:00', '今天是世界艾滋病日：握手、吃饭不会传上艾滋病。'),
    )
    await lin.desk.post(`/campaigns/${first.body.id}/submit`, { version: 1 })
    const own = await lin.desk.post<{ error: { code: string } }>(`/campaigns/${first.body.id}/approve`, {
      version: 1,
    })
    expect([own.status, own.body.error.code]).toEqual([403, 'campaign.own'])
    await go(atWang, server.url, `/campaigns/${first.body.id}/show`)
    await atWang.getByRole('button', { name: '批准，到时候发' }).click()
    await atWang.getByRole('dialog').getByRole('button', { name: '批准，到时候发' }).click()
    await atWang.getByText('小王老师 批准的').waitFor()
    put('2026-12-01T10:00')
    await says(two, '今天是世界艾滋病日')
    await picture(two, 'phone-warning')
    await atWang.getByText('发完了', { exact: true }).waitFor({ timeout: 60_000 })
    expect(await one.locator('#log', { hasText: '今天是世界艾滋病日' }).count()).toBe(0)

    // 退订 ends it: the next one does not come.
    expect((await ask(two, '退订')).join()).toContain('不会主动给你发消息')
    const second = await lin.desk.post<{ id: string }>(
      '/campaigns',
      draft('2026-12-02T10:00', '再说一遍：一起吃饭不会传上艾滋病。'),
    )
    await lin.desk.post(`/campaigns/${second.body.id}/submit`, { version: 1 })
    expect((await wang.desk.post(`/campaigns/${second.body.id}/approve`, { version: 1 })).status).toBe(200)
    put('2026-12-02T10:00')
    await wang.desk.signIn(wang.name, wang.password)
    const done = await sit(wang, `/campaigns/${second.body.id}/show`)
    await done.getByText('发完了', { exact: true }).waitFor({ timeout: 60_000 })
    expect(await two.locator('#log', { hasText: '再说一遍' }).count()).toBe(0)
  })
})
