import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { LEARNING_MS, realKnowledge } from '../brain.js'
import { firstAdministrator, member, type Member } from '../console.js'
import { testServer, type Client } from '../server.js'
import { axe, haveBrowser, launch } from './browser.js'
import { buildConsole, go, picture, screen, settled, signedIn, wallClock } from './console.js'

jest.setTimeout(180_000)

const found = haveBrowser()
if (!found) process.stderr.write('no chromium: the browser tests are counted as skipped\n')

;(found ? describe : describe.skip)('a warning in the console', () => {
  let browser: Browser
  let server: Awaited<ReturnType<typeof testServer>>
  let zhou: Member
  let wang: Member
  const { clock, put } = wallClock('2026-12-01T09:40')
  const faults: string[] = []
  const unfit: string[] = []

  async function sit(who: Member, path: string): Promise<Page> {
    const context = await signedIn(await screen(browser), server.url, who.desk)
    context.setDefaultTimeout(30_000)
    const page = await context.newPage()
    page.on('pageerror', (error) => faults.push(error.message))
    await go(page, server.url, path)
    return page
  }

  /** Looked at by axe, and by whoever asked for pictures. */
  async function look(page: Page, name: string): Promise<void> {
    await settled(page)
    unfit.push(...(await axe(page)).map((fault) => `${name} ${fault}`))
    await picture(page, name, true)
  }

  async function ask(person: Client, text: string): Promise<string> {
    const before = (await person.messagesAfter(0)).at(-1)?.number ?? 0
    await person.say(text)
    await person.waitForReply(before)
    return (await person.messagesAfter(before)).map((message) => message.text).join('\n')
  }
  const warnings = async (person: Client) =>
    (await person.history())
      .filter(({ from, text }) => from === 'system' && text.startsWith('【'))
      .map(({ text }) => text)

  beforeAll(async () => {
    buildConsole()
    server = await testServer({}, { clock, knowledge: await realKnowledge({ talk: false }) })
    browser = await launch()
    const administrator = await firstAdministrator(server)
    zhou = await member(server, administrator, ['campaigner'], '小周')
    wang = await member(server, administrator, ['supervisor'], '王督导')
  }, LEARNING_MS)

  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  test('When a warning is written, approved by another and its minute comes, then it reaches who asked for it, spares who is in danger, and stops for who says 退订', async () => {
    const [calm, distressed] = [await server.client(), await server.client()]
    for (const person of [calm, distressed]) {
      expect(await ask(person, '我想收到防艾提醒')).toContain('会发什么')
      expect(await ask(person, '满15岁，要')).toContain('订上了')
    }
    await ask(distressed, '我不想活了')

    const writing = await sit(zhou, '/campaigns')
    await writing.getByText('日历上快到的').waitFor()
    await look(writing, 'warnings-empty')
    await writing.getByRole('link', { name: '用它写一条：防艾日：这些不会传染' }).click()
    await writing.getByText('孩子的手机上会这样显示').waitFor()
    await writing.getByLabel(/几点/).fill('22:30')
    await writing.getByText('晚上 10 点到早上 7 点不打扰人').waitFor()
    await writing.getByRole('button', { name: '存下' }).click()
    await writing.getByText('请换到 7:00 到 21:59 之间').waitFor()
    await writing.getByLabel(/几点/).fill('10:00')
    await look(writing, 'warning-form')
    await writing.getByRole('button', { name: '存下' }).click()
    await writing.getByText('1 人会收到').waitFor()
    // One person in danger is never told apart.
    await writing.getByText('几种原因', { exact: true }).waitFor()
    await writing.getByText('批准之前要留意').waitFor()
    await writing.getByRole('button', { name: '请同事批准' }).click()
    await writing.getByRole('dialog').getByRole('button', { name: '请同事批准' }).click()
    await writing.getByText('等人批准').first().waitFor()
    expect(await writing.getByRole('button', { name: '批准，到时候发' }).isDisabled()).toBe(true)
    const path = new URL(writing.url()).hash.slice(1)

    const approving = await sit(wang, '/campaigns')
    await approving.getByText('等你或另一位同事批准').waitFor()
    await look(approving, 'warnings-waiting')
    await go(approving, server.url, path)
    await look(approving, 'warning-to-approve')
    await approving.getByRole('button', { name: '批准，到时候发' }).click()
    await look(approving, 'warning-confirm')
    await approving.getByRole('dialog').getByRole('button', { name: '批准，到时候发' }).click()
    await approving.getByText('王督导 批准的').waitFor()

    put('2026-12-01T10:00')
    // The other screen is told, and shows what became of it.
    await writing.getByText('发完了', { exact: true }).waitFor({ timeout: 60_000 })
    await writing.getByText('发得怎么样').waitFor()
    expect(await warnings(calm)).toEqual([expect.stringMatching(/^【防艾提醒】.*回复“退订”。$/s)])
    expect(await warnings(distressed)).toEqual([])
    await look(writing, 'warning-report')

    expect(await ask(calm, '退订')).toContain('不会主动给你发消息')
    const draft = {
      topic: 'hiv',
      text: { zh: '今天再说一遍：握手、吃饭不会传上艾滋病。想问更多，打 {{hotline.12320}}。', mn: null },
      schedule: { start: '2026-12-01T10:20', repeat: 'once', until: null },
      channels: ['web'],
    }
    const { body } = await zhou.desk.post<{ id: string }>('/campaigns', draft)
    await zhou.desk.post(`/campaigns/${body.id}/submit`, { version: 1 })
    expect((await wang.desk.post(`/campaigns/${body.id}/approve`, { version: 1 })).status).toBe(200)
    // Sooner than a session that stands idle ends.
    put('2026-12-01T10:20')
    await go(approving, server.url, `/campaigns/${body.id}/show`)
    await approving.getByText('发完了', { exact: true }).waitFor({ timeout: 60_000 })
    expect(await warnings(calm)).toHaveLength(1)

    await go(approving, server.url, '/people')
    await look(approving, 'people')
    await go(approving, server.url, '/')
    await approving.getByText('条等人批准').waitFor()
    await look(approving, 'home-supervisor')
    expect(unfit).toEqual([])
    expect(faults).toEqual([])
  })
})
