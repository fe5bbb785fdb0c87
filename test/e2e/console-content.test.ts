import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { IntentDraft } from '../../shared/content.js'
import type { LineRow } from '../../shared/line.js'
import type { ReleaseView } from '../../shared/release.js'
import { LEARNING_MS, realKnowledge } from '../brain.js'
import { firstAdministrator, member, type Member } from '../console.js'
import { thinnedContent } from '../content/thinned.js'
import { client, testServer } from '../server.js'
import { until } from '../until.js'
import { axe, haveBrowser, launch } from './browser.js'
import { buildConsole, go, screen, settled, signedIn } from './console.js'

jest.setTimeout(240_000)

const found = haveBrowser()
if (!found) process.stderr.write('no chromium: the browser tests are counted as skipped\n')

/** Learning on a machine that is busy. */
const LEARNT = { timeout: 120_000 }

;(found ? describe : describe.skip)('content in the console', () => {
  let browser: Browser
  let server: Awaited<ReturnType<typeof testServer>>
  let administrator: Member
  let editor: Member
  let supervisor: Member
  const open: Page[] = []
  const faults: string[] = []

  async function sit(who: Member, path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await screen(browser, options)
    context.setDefaultTimeout(30_000)
    await signedIn(context, server.url, who.desk)
    const page = await context.newPage()
    page.on('pageerror', (error) => faults.push(error.message))
    open.push(page)
    await go(page, server.url, path)
    return page
  }

  beforeAll(async () => {
    buildConsole()
    // A candidate of the whole content is learnt for half a minute and more.
    const content = await thinnedContent()
    const knowledge = await realKnowledge({ talk: false, files: content })
    server = await testServer({}, { content, knowledge, strictReplies: true })
    browser = await launch()
    administrator = await firstAdministrator(server)
    editor = await member(server, administrator, ['editor'], '小周')
    supervisor = await member(server, administrator, ['supervisor'], '王督导')
  }, LEARNING_MS)
  afterEach(async () => {
    for (const page of open.splice(0)) await page.context().close()
    expect(faults.splice(0)).toEqual([])
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  test('When a topic is written, tried, trained and published, then young people hear it; and one can go back', async () => {
    const page = await sit(editor, '/intents')
    await page.getByLabel('找一找').fill('工资')
    await page.getByLabel('打开', { exact: false }).first().waitFor()
    await page
      .getByLabel('打开打工拿不到工资')
      .or(page.locator('a[href="#/intents/work.wage_unpaid"]'))
      .first()
      .click()
    const first = page.getByLabel('第一句的文字').first()
    const before = await first.inputValue()

    // Too long, and a promise: both are said at the field, and nothing is kept.
    await first.fill(`官司一定能赢。${'好'.repeat(180)}`)
    await page.getByText('太长了，最多 180 个字').first().waitFor()
    await page.getByRole('button', { name: '存草稿' }).click()
    await page.getByText('有的地方不对，没有保存').waitFor()
    await first.fill('官司一定能赢。')
    await page.getByText('“一定能赢”保证结果').first().waitFor()
    await first.fill('你干了活，就该拿到钱。先把聊天和转账截图存好。')
    await expect(page.getByLabel('手机上的样子').innerText()).resolves.toContain('先把聊天和转账截图存好')

    await page
      .getByLabel('加几句，一行一句；可以整段粘贴')
      .first()
      .fill('老板卷着我们的钱跑了\n- 老板卷着我们的钱跑了\n干了俩月一分没见着')
    await page.getByRole('button', { name: '加上' }).first().click()
    await page.getByText('加了 2 句，去掉了 1 句重复的。').waitFor()
    await page.getByRole('button', { name: '存草稿' }).click()
    await page.getByText('存好了，现在是草稿').waitFor()

    await page.getByLabel('假装是孩子，写一句').fill('老板不给我发工资')
    await page.getByRole('button', { name: '看看怎么答' }).click()
    await page.getByText('草稿还没有训练').waitFor()
    const draft = page.getByRole('region', { name: '草稿' })
    expect(await draft.innerText()).toContain('先把聊天和转账截图存好')
    expect(await page.getByRole('region', { name: '正在用的版本' }).innerText()).not.toContain(
      '先把聊天和转账截图存好',
    )

    await go(page, server.url, '/release')
    await page.getByRole('button', { name: '训练并比较' }).click()
    await page.getByText('做好了，等人看过再发布').waitFor(LEARNT)
    await page.getByText('句没学过的危险的话里，新版本注意到').waitFor()
    await page.getByRole('button', { name: '发布这个版本' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '发布', exact: true }).click()
    await page.getByText('没有。现在写的和孩子看到的一样。').waitFor(LEARNT)

    const young = await client(server.url)
    const heard = async () => {
      await young.say('老板不给我发工资')
      return (await young.waitForReply((await young.messagesAfter(0)).at(-1)?.number ?? 0))
        .map(({ text }) => text)
        .join()
    }
    expect(await heard()).toContain('先把聊天和转账截图存好')

    // Another release, of words alone; then back to the one before.
    const { body: topic } = await editor.desk.get<IntentDraft>('/intents/work.wage_unpaid')
    const intent = structuredClone(topic.intent)
    intent.buttons = intent.buttons.slice(0, 1)
    await editor.desk.put('/intents/work.wage_unpaid', { hash: topic.hash, intent })
    await page.getByText('这些改动只换文字，不用训练。').waitFor()
    await page.getByRole('button', { name: '检查并比较' }).click()
    await page.getByText('这次只换了文字').waitFor(LEARNT)
    await page.getByRole('button', { name: '发布这个版本' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '发布', exact: true }).click()
    await page.getByRole('button', { name: '退回到这一版' }).first().click(LEARNT)
    await page.getByRole('dialog').getByRole('button', { name: '退回' }).click()
    await page.getByText('退回了。').waitFor(LEARNT)
    const { body: view } = await editor.desk.get<ReleaseView>('/release')
    expect(view.changes.map(({ path }) => path)).toEqual(['work/wage_unpaid.yml'])
    expect(before).not.toBe('')
  })

  test('When two edit the same topic, then the second is told and loses nothing of what is on the screen', async () => {
    const page = await sit(editor, '/intents/fam.conflict')
    const title = page.getByLabel('名字').first()
    await title.fill('和爸妈吵翻了')
    const { body } = await editor.desk.get<IntentDraft>('/intents/fam.conflict')
    const saved = await editor.desk.put('/intents/fam.conflict', {
      hash: body.hash,
      intent: { ...body.intent, title: '和家里人闹矛盾' },
    })
    expect(saved.status).toBe(200)
    await page.getByText('有人刚刚保存了这个话题').waitFor()
    expect(await title.inputValue()).toBe('和爸妈吵翻了')
    await page.getByRole('button', { name: '存草稿' }).click()
    await page.getByText('你打开以后，别人改过这里').waitFor()
    await page.getByRole('button', { name: '放弃我的，看新的' }).click()
    await page.waitForFunction(`document.querySelector('input')?.value !== '和爸妈吵翻了'`)
    expect(await page.getByLabel('名字').first().inputValue()).toBe('和家里人闹矛盾')
  })

  test('When a supervisor opens a topic, then everything can be read and nothing changed', async () => {
    const page = await sit(supervisor, '/intents/fam.conflict')
    await page.getByText('手机上会这样显示').waitFor()
    expect(await page.getByRole('button', { name: '存草稿' }).count()).toBe(0)
    expect(await page.getByLabel('第一句的文字').first().isDisabled()).toBe(true)
  })

  test('When a line is verified and changed, then it is live at once; 110 cannot be closed or removed', async () => {
    const page = await sit(administrator, '/lines/12355')
    await page.getByLabel('谁打过').fill('小周')
    await page.getByRole('button', { name: '今天打过，都对' }).click()
    await page.getByText('记下了。').waitFor()
    expect((await administrator.desk.get<LineRow>('/lines/12355')).body).toMatchObject({
      check: 'verified',
      line: { verified: { by: '小周' } },
    })
    await page.getByRole('group', { name: '周末' }).getByRole('button', { name: '加一段' }).click()
    await page.getByRole('group', { name: '周末' }).getByLabel('从', { exact: true }).fill('22:00')
    await page.getByRole('group', { name: '周末' }).getByLabel('到', { exact: true }).fill('08:00')
    await page.getByRole('button', { name: '保存，马上生效' }).click()
    await page.getByText('过夜的分成两段').waitFor()
    await page.getByRole('group', { name: '周末' }).getByLabel('到', { exact: true }).fill('24:00')
    await page.getByRole('button', { name: '保存，马上生效' }).click()
    await page.getByText('保存好了，已经生效。').waitFor()
    expect((await administrator.desk.get<LineRow>('/lines/12355')).body).toMatchObject({
      check: 'unverified',
    })

    await go(page, server.url, '/lines/110')
    await page.getByText('报警和急救的号码、时间不能改').waitFor()
    expect(await page.getByRole('button', { name: '删掉这个电话' }).count()).toBe(0)
    expect(await page.getByLabel('号码').isDisabled()).toBe(true)
  })

  test('When the go-live list is worked on, then each thing is stated with name and date, and the demo does not end before all hold', async () => {
    const page = await sit(administrator, '/go-live')
    const item = page.getByRole('listitem').filter({ hasText: '谁来办' })
    await item.getByLabel('主办单位').fill('某市青少年服务中心')
    await item.getByLabel('本单位决定开办这条热线').check()
    await item.getByRole('button', { name: '确认，记下我的名字和时间' }).click()
    await item.getByText('某市青少年服务中心。').waitFor()
    expect(await item.innerText()).toContain(administrator.workName)
    expect(await page.getByRole('button', { name: '正式启用' }).isDisabled()).toBe(true)
    await page.getByText(/还有 \d+ 个紧急的话题没签/).click()
    expect(await page.getByRole('link', { name: '12356 心理援助热线' }).count()).toBe(1)
  })

  const places: [name: string, who: () => Member, path: string][] = [
    ['the topics', () => editor, '/intents'],
    ['a topic', () => editor, '/intents/sch.bully_victim'],
    ['the words', () => editor, '/wording'],
    ['the releases', () => editor, '/release'],
    ['the lines', () => editor, '/lines'],
    ['a line', () => editor, '/lines/12348'],
    ['a new line', () => editor, '/lines/create'],
    ['the go-live list', () => administrator, '/go-live'],
    ['the first page', () => editor, '/'],
  ]
  test.each(places)(
    'When axe looks at %s, in light, in dark and on a phone, then it finds nothing',
    async (_, who, path) => {
      // A button that fades in while it is looked at has every contrast on the way.
      const page = await sit(who(), path, { colorScheme: 'light', reducedMotion: 'reduce' })
      const brightness = () =>
        page.evaluate<number>('Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])')
      expect(await brightness()).toBeGreaterThan(192)
      expect(await axe(page)).toEqual([])
      await page.emulateMedia({ colorScheme: 'dark' })
      await until(async () => (await brightness()) < 64, 'the dark theme')
      expect(await axe(page)).toEqual([])
      await page.emulateMedia({ colorScheme: 'light' })
      await page.setViewportSize({ width: 360, height: 740 })
      await settled(page)
      expect(await axe(page)).toEqual([])
      const wide = await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth')
      expect([path, wide]).toEqual([path, false])
    },
  )
})
