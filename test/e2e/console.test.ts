import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Escalation } from '../../shared/desk.js'
import type { Role } from '../../shared/staff.js'
import { LEARNING_MS, realKnowledge } from '../brain.js'
import { browser as apart, firstToken, member, password, type Member } from '../console.js'
import { testServer, type Client } from '../server.js'
import { until } from '../until.js'
import { axe, haveBrowser, launch } from './browser.js'
import { buildConsole, go, screen, settled, signedIn } from './console.js'

jest.setTimeout(180_000)

const found = haveBrowser()
if (!found) process.stderr.write('no chromium: the browser tests are counted as skipped\n')

;(found ? describe : describe.skip)('the console', () => {
  let browser: Browser
  let server: Awaited<ReturnType<typeof testServer>>
  let url: string
  let administrator: Member
  let lin: Member
  let wang: Member
  const open: Page[] = []
  /** Whatever a page asked for that is not ours. */
  const strangers = new Set<string>()
  const faults: string[] = []

  /** A page of somebody, or of nobody. */
  async function sit(who: Member | null, path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await screen(browser, options)
    context.setDefaultTimeout(30_000)
    if (who) await signedIn(context, url, who.desk)
    context.on('request', (request) => {
      const { protocol, host } = new URL(request.url())
      if (protocol.startsWith('http') && host !== new URL(url).host) strangers.add(host)
    })
    const page = await context.newPage()
    page.on('pageerror', (error) => faults.push(error.message))
    open.push(page)
    await go(page, url, path)
    return page
  }

  /** The same page opened anew at another place. */
  async function look(page: Page, path: string): Promise<void> {
    await page.goto('about:blank')
    await go(page, url, path)
  }

  beforeAll(async () => {
    buildConsole()
    server = await testServer({}, { knowledge: await realKnowledge({ talk: false }) })
    url = server.url
    browser = await launch()
    const secret = password()
    const page = await sit(null, `/welcome/${firstToken(server)}`)
    await page.getByLabel('登录名').fill('first.admin')
    await page.getByLabel(/^称呼/).fill('陈主任')
    await page.getByLabel('新密码', { exact: true }).fill(secret)
    await page.getByRole('button', { name: '设好并进入' }).click()
    await page.getByText('陈主任，你好').waitFor()
    const desk = apart(url)
    await desk.signIn('first.admin', secret)
    administrator = { desk, id: '', name: 'first.admin', workName: '陈主任', password: secret }
    lin = await member(server, administrator, ['counselor'], '小林老师')
    wang = await member(server, administrator, ['supervisor', 'counselor'], '王督导')
  }, LEARNING_MS)

  afterEach(async () => {
    for (const page of open.splice(0)) await page.context().close()
    for (const each of await waiting()) await take(wang, each)
    for (const each of await claimed())
      await wang.desk.post(`/escalations/${each.id}/resolve`, {
        outcome: 'helped',
        topic: null,
        level: 'none',
      })
    expect(faults.splice(0)).toEqual([])
  })

  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  const escalations = async (query: string) =>
    (await wang.desk.get<{ items: Escalation[] }>(`/escalations?perPage=100&${query}`)).body.items
  const waiting = () => escalations('state=waiting')
  const claimed = async () =>
    (await escalations('state=claimed')).filter(({ claimedBy }) => claimedBy?.id === wang.id)
  const take = (who: Member, { id }: Escalation) => who.desk.post(`/escalations/${id}/claim`)

  /** A young person who wrote this and waits for a human. */
  async function someone(...lines: string[]): Promise<{ person: Client; escalation: Escalation }> {
    const before = new Set((await waiting()).map(({ id }) => id))
    const person = await server.client()
    for (const line of lines) {
      await person.say(line)
      await until(
        async () => (await person.messagesAfter(0)).at(-1)?.from !== 'person',
        'the reply of the bot',
      )
    }
    const escalation = await until(
      async () => (await waiting()).find(({ id }) => !before.has(id)),
      'the escalation',
    )
    return { person, escalation }
  }
  const talkOf = ({ conversation }: Escalation) => `/conversations/${conversation}/show`
  const fromHuman = async (person: Client) =>
    (await person.messagesAfter(0)).filter(({ from }) => from === 'counselor').map(({ text }) => text)

  describe('coming in', () => {
    test('When the password is wrong, then a sentence says so; when it is right, then one is inside', async () => {
      const page = await sit(null, '/')
      await page.getByLabel(/登录名/).fill(lin.name)
      await page.getByLabel('密码 *').fill('not the password')
      await page.getByRole('button', { name: '登录' }).click()
      await page.getByText('登录名或密码不对').waitFor()
      await page.getByLabel('密码 *').fill(lin.password)
      await page.keyboard.press('Enter')
      await page.getByText('小林老师，你好').waitFor()
    })

    test('When the session ends at work, then one signs in and is where one was, with what one had typed', async () => {
      const { escalation } = await someone('我不想活了')
      const guest = await member(server, administrator, ['counselor'], '小赵老师')
      await take(guest, escalation)
      const page = await sit(guest, talkOf(escalation))
      await page.getByLabel('写给对方').fill('我在听')
      await administrator.desk.delete(`/staff/${guest.id}/sessions`)
      await page.getByRole('button', { name: '发送' }).click()
      await page.getByText('登录以后，会回到刚才那一页').waitFor()
      await page.getByLabel(/登录名/).fill(guest.name)
      await page.getByLabel('密码 *').fill(guest.password)
      await page.getByRole('button', { name: '登录' }).click()
      await page.getByText('我在听').first().waitFor()
      expect(page.url()).toContain(talkOf(escalation))
      await guest.desk.signIn(guest.name, guest.password)
      await guest.desk.post(`/escalations/${escalation.id}/release`)
    })

    test('When an account is made, then its link is shown once, works once, and sets a password', async () => {
      const page = await sit(administrator, '/staff/create')
      await page.getByRole('button', { name: '建账号' }).click()
      await page.getByText('至少选一个角色').waitFor()
      await page.getByLabel('登录名').fill('li.na')
      await page.getByLabel('称呼').fill('小李老师')
      await page.getByLabel(/^辅导员/).check()
      await page.getByRole('button', { name: '建账号' }).click()
      const link = await page.getByLabel('一次性链接').inputValue()
      expect(link.startsWith(`${url}/admin/#/welcome/`)).toBe(true)

      const guest = await sit(null, link.split('#')[1] ?? '')
      // Nobody is signed in here, and a password takes its time.
      await guest.clock.install()
      for (let i = 0; i < 8; i++) {
        await guest.clock.fastForward(10_000)
        await guest.waitForTimeout(300)
      }
      await guest.getByLabel('新密码', { exact: true }).fill('short')
      await guest.getByRole('button', { name: '设好并进入' }).click()
      await guest.getByText('密码至少 12 个字').waitFor()
      await guest.getByLabel('新密码', { exact: true }).fill(password())
      await guest.getByRole('button', { name: '设好并进入' }).click()
      await guest.getByText('小李老师，你好').waitFor()
      const second = await sit(null, link.split('#')[1] ?? '')
      await second.getByText('这个链接不能用').waitFor()
    })

    test.each<[Role[], string[]]>([
      [['counselor'], ['首页', '求助队列', '对话']],
      [['administrator'], ['首页', '工作人员', '操作记录']],
    ])('When somebody is %s, then the menu shows their pages and no other opens', async (roles, expected) => {
      const page = await sit(await member(server, administrator, roles), '/')
      const shown = await page.getByRole('menuitem').allInnerTexts()
      expect(shown).toEqual(expect.arrayContaining(expected))
      const foreign = roles.includes('counselor') ? '/staff' : '/escalations'
      expect(await page.locator(`a[href="#${foreign}"]`).count()).toBe(0)
      await go(page, url, foreign)
      await page.getByText('没有这个页面').first().waitFor()
    })
  })

  describe('the desk', () => {
    test('When everything is done by keyboard, then a talk is taken, answered, ended, and the bot goes on', async () => {
      await lin.desk.put('/desk/duty', { onDuty: true })
      const { person, escalation } = await someone('我不想活了')
      const page = await sit(lin, '/escalations')
      await page.getByRole('button', { name: '我来接' }).waitFor()
      await page.keyboard.press('j')
      await page.keyboard.press('Enter')
      const box = page.getByLabel('写给对方')
      await box.waitFor()
      expect(await box.inputValue()).toBe('我是小林老师，是真人。你前面写的我都看过了，不用再说一遍。')
      expect(await page.locator('mark').allInnerTexts()).toContain('我不想活了')
      await page.keyboard.press('End')
      await page.keyboard.type('你现在安全吗？')
      await page.keyboard.press('Control+Enter')
      await until(async () => (await fromHuman(person)).length === 1, 'the words of the counselor')
      expect(await fromHuman(person)).toEqual([
        '我是小林老师，是真人。你前面写的我都看过了，不用再说一遍。你现在安全吗？',
      ])
      await person.say('安全，我妈妈在')
      await page.getByText('安全，我妈妈在').waitFor()

      await tabTo(page, '谈完了')
      await page.keyboard.press('Enter')
      await tabTo(page, 'helped')
      await page.keyboard.press('Space')
      await tabTo(page, '主要是什么事')
      await page.keyboard.type('低落')
      await page.getByRole('option', { name: '低落' }).first().waitFor()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      await tabTo(page, 'urgent')
      await page.keyboard.press('ArrowDown')
      await tabTo(page, '交回 AI')
      await page.keyboard.press('Enter')
      await page.getByText('交回了').waitFor()
      const { body } = await wang.desk.get<Escalation>(`/escalations/${escalation.id}`)
      const { items } = (await wang.desk.get<{ items: { id: string; title: string }[] }>('/desk/topics')).body
      const topic = items.find(({ title }) => title.includes('低落'))?.id
      expect(topic).toBeDefined()
      expect(body).toMatchObject({ state: 'resolved', outcome: 'helped', topic })
      const last = (await person.messagesAfter(0)).at(-1)?.number ?? 0
      await person.say('你好')
      await until(
        async () => (await person.messagesAfter(last)).some(({ from }) => from === 'bot'),
        'the bot again',
      )
    })

    test('When two take the same one, then the second is told who has it', async () => {
      const { escalation } = await someone('我不想活了')
      const page = await sit(lin, '/escalations')
      await page.getByRole('button', { name: '我来接' }).waitFor()
      // The page does not hear of it in time.
      await page.route('**/api/escalations?*', (route) => route.abort())
      await take(wang, escalation)
      await page.getByRole('button', { name: '我来接' }).click()
      await page.getByRole('alert').filter({ hasText: '王督导' }).waitFor()
    })

    test('When somebody in danger comes while one is elsewhere, then title, sound and a sentence tell of it', async () => {
      await lin.desk.put('/desk/duty', { onDuty: true })
      const context = await signedIn(await screen(browser), url, lin.desk)
      // A page without a device to play on still makes its tones.
      await context.addInitScript(
        `window.tones = 0; const start = OscillatorNode.prototype.start; OscillatorNode.prototype.start = function (at) { window.tones++; return start.call(this, at) }`,
      )
      const page = await context.newPage()
      open.push(page)
      await go(page, url, '/account')
      // A slow finger: the sound is on before it lets go, and the trial is still heard.
      await page.getByRole('button', { name: '声音没开，点一下打开' }).hover()
      await page.mouse.down()
      await page.getByRole('button', { name: '提醒的声音开着，点一下试听' }).waitFor()
      await page.mouse.up()
      await until(() => page.evaluate('window.tones > 0'), 'the trial tone')
      const tried = await page.evaluate<number>('window.tones')
      await someone('我在楼顶了')
      await until(async () => /1 人等待/.test(await page.title()), 'the title')
      await page.getByRole('alert').filter({ hasText: '有人在等：生命危险' }).waitFor()
      expect(await page.evaluate<number>('window.tones')).toBeGreaterThan(tried)
    })

    test('When danger rises in one’s own talk, then the console says so until one has written', async () => {
      const { person, escalation } = await someone('找真人')
      await take(lin, escalation)
      const page = await sit(lin, '/account')
      await person.say('我吃了很多药')
      const alert = page.getByRole('alert').filter({ hasText: '危险升高了，还没有回' })
      await alert.waitFor()
      await alert.getByRole('link', { name: '去看' }).click()
      await page.getByLabel('写给对方').fill('我在。现在就打 120，好吗？')
      await page.getByRole('button', { name: '发送' }).click()
      await alert.waitFor({ state: 'detached' })
      await lin.desk.post(`/escalations/${escalation.id}/release`)
    })

    test('When danger rises while a talk is being ended, then the risk chosen before is chosen anew', async () => {
      const { person, escalation } = await someone('找真人')
      await take(lin, escalation)
      const page = await sit(lin, talkOf(escalation))
      await page.getByRole('button', { name: '谈完了' }).click()
      await page.getByLabel(/^没有危险了/).check()
      await person.say('我不想活了')
      await page
        .getByLabel(/^还有危险/)
        .and(page.locator(':checked'))
        .waitFor()
      await lin.desk.post(`/escalations/${escalation.id}/release`)
    })

    test('When the network is away, then a reply is kept, tried again, and arrives once', async () => {
      const { person, escalation } = await someone('我不想活了')
      await take(lin, escalation)
      const page = await sit(lin, talkOf(escalation))
      await page.getByLabel('写给对方').fill('我还在')
      await page.context().setOffline(true)
      await page.getByRole('button', { name: '发送' }).click()
      await page.getByText('还没发出去，正在再试：我还在').waitFor()
      await page.context().setOffline(false)
      await until(async () => (await fromHuman(person)).length > 0, 'the reply')
      await page.getByText('还没发出去').waitFor({ state: 'detached' })
      expect(await fromHuman(person)).toEqual(['我还在'])
      await lin.desk.post(`/escalations/${escalation.id}/release`)
    })

    test('When the stream of changes is down for five seconds, then the console says so, and when it is back', async () => {
      const page = await sit(lin, '/escalations')
      const banner = page.getByText('连接断了，正在重连')
      await page.context().setOffline(true)
      await banner.waitFor()
      await page.context().setOffline(false)
      await banner.waitFor({ state: 'detached' })
    })

    test('When a message holds a script, then it is text and nothing runs', async () => {
      const attack = '我不想活了<img src=x onerror="window.ran=1"><script>window.ran=1</script>'
      const { escalation } = await someone(attack)
      const page = await sit(lin, talkOf(escalation))
      await page.getByText('onerror').waitFor()
      expect(await page.evaluate('window.ran')).toBeUndefined()
      expect(await page.locator('main img, main script').count()).toBe(0)
    })

    test('When a colleague has the talk, then only they can write, and the page says why', async () => {
      const { escalation } = await someone('我不想活了')
      await take(lin, escalation)
      const page = await sit(wang, talkOf(escalation))
      await page.getByText('小林老师正在谈，只有接下的人能回').waitFor()
      expect(await page.getByLabel('写给对方').count()).toBe(0)
      await lin.desk.post(`/escalations/${escalation.id}/release`)
    })
  })

  describe('every page', () => {
    test('When looked at by axe in the light and in the dark, then nothing is wrong', async () => {
      const { escalation } = await someone('我不想活了', '老师打我')
      const other = await someone('找真人')
      await take(wang, other.escalation)
      const pages: [Member | null, string][] = [
        [null, '/login'],
        [null, `/welcome/${'x'.repeat(43)}`],
        [administrator, '/'],
        [administrator, '/staff'],
        [administrator, '/staff/create'],
        [administrator, `/staff/${lin.id}`],
        [administrator, '/audit'],
        [administrator, '/channels'],
        [wang, '/'],
        [wang, '/escalations'],
        [wang, '/conversations'],
        [wang, talkOf(escalation)],
        [wang, talkOf(other.escalation)],
        [wang, '/account'],
        [wang, '/nowhere'],
      ]
      const wrong: string[] = []
      // A button that fades in while it is looked at has every contrast on the way.
      const reducedMotion = 'reduce' as const
      let page = await sit(null, '/login', { reducedMotion })
      let sitting: Member | null = null
      const check = async (what: string) => {
        for (const colorScheme of ['dark', 'light'] as const) {
          await page.emulateMedia({ colorScheme })
          await until(async () => {
            const parts = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
            return colorScheme === 'dark' ? bright(parts) < 64 : bright(parts) > 192
          }, `the ${colorScheme} theme`)
          wrong.push(...(await axe(page)).map((fault) => `${what} in ${colorScheme}: ${fault}`))
        }
      }
      for (const [who, path] of pages) {
        if (who !== sitting) page = await sit((sitting = who), path, { reducedMotion })
        else await look(page, path)
        await check(path)
        if (path === talkOf(other.escalation)) {
          await page.getByRole('button', { name: '谈完了' }).click()
          await page.getByRole('dialog').waitFor()
          await check('resolve')
        }
        await page.setViewportSize({ width: 360, height: 740 })
        await settled(page)
        const wide = await page.evaluate<number>('document.documentElement.scrollWidth')
        if (wide > 360) wrong.push(`${path} is ${wide} px wide on a phone`)
        await page.setViewportSize({ width: 1440, height: 900 })
      }
      expect(wrong).toEqual([])
    })

    test('When the console is used, then it asks nobody but its own server', () => {
      expect([...strangers]).toEqual([])
    })
  })
})

/** The red of a colour as the browser tells it, 0 to 255: all its grounds are nearly grey. */
const bright = (colour: string) => Number(/\d+/.exec(colour)?.[0])

/** Presses Tab, at most sixty times, until what has the focus is this: its label, text or value. */
async function tabTo(page: Page, what: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab')
    const at = await page.evaluate<string[]>(`(() => {
      const at = document.activeElement
      return [at.getAttribute('aria-label'), at.innerText, at.value, ...[...(at.labels ?? [])].map((label) => label.innerText)]
        .map((text) => String(text ?? '').trim())
    })()`)
    if (at.some((text) => text === what || (what.length > 4 && text.startsWith(what)))) return
  }
  throw new Error(`no way to ${what} by Tab`)
}
