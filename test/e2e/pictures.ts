import { mkdirSync, mkdtempSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launch, freePort, phone, startApp } from './browser.js'

const out = process.argv[2] ?? mkdtempSync(join(tmpdir(), 'qingan-pictures-'))
mkdirSync(out, { recursive: true })
const dataDir = '/tmp/qa-pictures-data'
if (!existsSync(dataDir)) mkdirSync(dataDir)
const noon = new Date()
const app = await startApp({ DATA_DIR: dataDir, PORT: String(await freePort()), EXIT_URL: 'https://www.baidu.com/', BURST_MS: '300' })
const browser = await launch()
for (const colorScheme of ['light', 'dark'] as const) {
  const context = await phone(browser, { deviceScaleFactor: 2, colorScheme })
  const page = await context.newPage()
  let n = 0
  const shot = async (name: string) => {
    await page.waitForTimeout(300)
    await page.screenshot({ path: join(out, `${colorScheme}-${++n}-${name}.png`) })
  }
  await page.goto(app.url)
  await page.waitForLoadState('networkidle')
  await shot('first')
  const box = page.locator('#box')
  const say = async (text: string) => {
    await box.fill(text)
    await page.locator('#send').click()
    await page.locator('#log .msg.person').last().waitFor()
    const before = await page.locator('#log .msg.bot').count()
    await page.waitForFunction((n) => document.querySelectorAll('#log .msg.bot').length > n, before)
    await page.waitForTimeout(500)
  }
  await say('同学天天打我还拍视频发群里，我不敢告诉老师')
  await shot('bully')
  await page.locator('.cite button').first().click()
  await page.locator('.cite .more').first().scrollIntoViewIfNeeded()
  await shot('cite')
  await page.locator('#log .choices button').first().scrollIntoViewIfNeeded()
  await shot('buttons')
  await page.locator('#log .choices button').first().click()
  await page.waitForTimeout(1500)
  await shot('followup')
  await say('我真的撑不下去了 不想活了')
  await shot('distress')
  await page.locator('#main').evaluate((m) => { m.scrollTop = m.scrollHeight })
  await shot('distress-end')
  await page.locator('#log .choices button').first().click()
  await page.waitForTimeout(1500)
  await shot('distress-yes')
  await page.locator('#phones').click()
  await shot('phones')
  await page.locator('#phones').click()
  await page.locator('#more').click()
  await shot('more')
  await page.locator('#m-notice').click()
  await shot('notice')
  await context.close()
}
await browser.close()
await app.kill()
console.log(out, noon)
