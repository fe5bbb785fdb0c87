// Run by hand: npx tsx test/e2e/console-pictures.ts [FOLDER]. Takes a picture of every page of the console to look at.
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import type { Escalation } from '../../shared/desk.js'
import { realKnowledge } from '../brain.js'
import { firstAdministrator, member, type Member } from '../console.js'
import { testServer } from '../server.js'
import { until } from '../until.js'
import { launch } from './browser.js'
import { buildConsole, go, screen, settled, signedIn } from './console.js'

const folder = process.argv[2] ?? mkdtempSync(join(tmpdir(), 'qingan-console-'))
mkdirSync(folder, { recursive: true })
buildConsole()
const server = await testServer({}, { knowledge: await realKnowledge({ talk: false }) })
const { url } = server
const administrator = await firstAdministrator(server)
const lin = await member(server, administrator, ['counselor'], '小林老师')
const wang = await member(server, administrator, ['supervisor', 'counselor'], '王督导')
const zhang = await member(server, administrator, ['editor', 'campaigner'], '小张')
await administrator.desk.post('/staff', { name: 'new.person', workName: '小李老师', roles: ['counselor'] })

const waiting = async () =>
  (await wang.desk.get<{ items: Escalation[] }>('/escalations?state=waiting')).body.items
const talks = [
  ['老师打我，还不让我告诉别人'],
  ['我不想活了', '没有人在意我'],
  ['找真人'],
  ['我在楼顶了'],
  ['ᠪᠢ ᠠᠶᠤᠵᠤ ᠪᠠᠢᠨ᠎ᠠ'],
]
for (const lines of talks) {
  const person = await server.client()
  for (const line of lines) {
    const before = await person.messagesAfter(0)
    await person.say(line)
    await person.waitForReply(before.at(-1)?.number ?? 0)
  }
}
await until(async () => (await waiting()).length >= 4, 'the queue')
const distressed = (await waiting()).find(({ kinds }) => kinds.includes('self-harm'))
const claimed = (await waiting()).find(({ grade }) => grade === 'asked')
if (!distressed || !claimed) throw new Error('the queue is not as it was meant')
await wang.desk.put('/desk/duty', { onDuty: true })
await wang.desk.post(`/escalations/${claimed.id}/claim`)

const browser = await launch()
const places: [name: string, who: Member | null, path: string][] = [
  ['sign-in', null, '/login'],
  ['welcome-void', null, '/welcome/' + 'x'.repeat(43)],
  ['home-administrator', administrator, '/'],
  ['home-counselor', lin, '/'],
  ['queue', lin, '/escalations'],
  ['conversation-waiting', lin, `/conversations/${distressed.conversation}/show`],
  ['conversations', wang, '/conversations'],
  ['conversation-mine', wang, `/conversations/${claimed.conversation}/show`],
  ['account', wang, '/account'],
  ['staff', administrator, '/staff'],
  ['staff-create', administrator, '/staff/create'],
  ['staff-edit', administrator, `/staff/${lin.id}`],
  ['audit', wang, '/audit'],
  ['intents', zhang, '/intents'],
  ['intent', zhang, '/intents/sch.bully_victim'],
  ['wording', zhang, '/wording'],
  ['release', zhang, '/release'],
  ['lines', zhang, '/lines'],
  ['line', zhang, '/lines/12355'],
  ['warnings', zhang, '/campaigns'],
  ['warning-new', zhang, '/campaigns/create'],
  ['people', zhang, '/people'],
  ['laws', zhang, '/laws'],
  ['law-reviews', zhang, '/law-reviews'],
  ['go-live', administrator, '/go-live'],
  ['nowhere', wang, '/nowhere'],
]

async function shoot(page: Page, name: string): Promise<void> {
  await settled(page)
  await page.waitForTimeout(500)
  await page.screenshot({ path: join(folder, `${name}.png`) })
}

async function round(browser: Browser, kind: string, options: Parameters<typeof screen>[1]): Promise<void> {
  for (const [name, who, path] of places) {
    const context = await screen(browser, options)
    if (who) await signedIn(context, url, who.desk)
    const page = await context.newPage()
    await page.goto(`${url}/admin/#${path}`)
    await shoot(page, `${kind}-${name}`)
    await context.close()
  }
}
await round(browser, 'light', { colorScheme: 'light' })
await round(browser, 'phone', {
  colorScheme: 'light',
  viewport: { width: 360, height: 740 },
  isMobile: true,
  hasTouch: true,
})
await round(browser, 'dark', { colorScheme: 'dark' })

const context = await signedIn(await screen(browser), url, wang.desk)
const page = await context.newPage()
await go(page, url, `/conversations/${claimed.conversation}/show`)
await page.getByRole('button', { name: '谈完了' }).click()
await shoot(page, 'light-resolve')
await browser.close()
await server.stop()
process.stdout.write(`${folder}\n`)
process.exit(0)
