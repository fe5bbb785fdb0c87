// Run by hand: npx tsx test/e2e/pictures.ts [FOLDER]. Takes the pictures of the README, and others into FOLDER to look at.
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { testServer } from '../server.js'
import { answered, ask, freePort, launch, open, phone, write } from './browser.js'

const docs = fileURLToPath(new URL('../../docs/images/', import.meta.url))
const others = process.argv[2] ?? mkdtempSync(join(tmpdir(), 'qingan-pictures-'))
for (const folder of [docs, others]) mkdirSync(folder, { recursive: true })

// A Wednesday at noon, for the server and for the phone.
const noon = new Date('2026-03-04T12:05:00+08:00')
const server = await testServer({
  PORT: await freePort(),
  CLOCK_OFFSET_MS: String(noon.getTime() - Date.now()),
})
const browser = await launch()

async function shoot(page: Page, path: string): Promise<void> {
  // Fonts and the last bubble.
  await page.waitForTimeout(400)
  await page.screenshot({ path })
}

for (const colorScheme of ['light', 'dark'] as const) {
  const context = await phone(browser, { deviceScaleFactor: 2, colorScheme })
  await context.clock.install({ time: noon })
  const page = await open(context, server.url)
  let count = 0
  const look = (name: string) =>
    shoot(page, join(others, `${colorScheme}-${String(++count).padStart(2, '0')}-${name}.png`))
  const readme = async (name: string) => {
    if (colorScheme === 'light') await shoot(page, join(docs, name))
  }
  const press = (label: string) =>
    answered(page, () => page.locator('#log .choices button', { hasText: label }).first().click())

  await readme('first-screen.png')
  await look('first-screen')
  await ask(page, '同学天天打我还拍视频发群里，我不敢告诉老师')
  await look('question')
  await page.locator('#log .cite button').first().click()
  await look('card')
  await page
    .locator('#log .msg')
    .first()
    .evaluate((message) => message.scrollIntoView())
  await readme('answer.png')
  await press('')
  await look('follow-up')
  await ask(page, '我真的撑不下去了 不想活了')
  await look('distress')
  await press('是的')
  await look('next-step')
  await page.locator('#phones').click()
  await look('phones')
  await page.locator('#more').click()
  await page.locator('#m-erase').click()
  await look('menu')
  await page.locator('#m-notice').click()
  await look('notice')
  await page.locator('#sheet-notice .close').click()
  await context.setOffline(true)
  await write(page, '你还在吗')
  await page.locator('#log .msg.person', { hasText: '没发出去' }).waitFor()
  await look('unsent')
  await context.setOffline(false)
  await page.locator('#more').click()
  for (let i = 0; i < 3; i++) await page.locator('#m-size').click()
  await look('large-menu')
  await page.locator('#more').click()
  await look('large')
  await page.setViewportSize({ width: 360, height: 330 })
  await page.locator('#box').focus()
  await look('large-keyboard')
  await context.close()
}
await browser.close()
await server.stop()
process.stdout.write(`${docs}\n${others}\n`)
process.exit(0)
