import { afterEach, expect, test } from '@jest/globals'
import { simulate } from '../../bot/commands/simulate.js'
import { killChildren, qingan } from '../child.js'
import { until } from '../until.js'

afterEach(killChildren)

test.each([
  ['wechat', ['WECHAT_APP_ID', 'WECHAT_APP_SECRET', 'WECHAT_TOKEN', 'WECHAT_AES_KEY', 'WECHAT_API_ROOT']],
  ['telegram', ['TELEGRAM_BOT_TOKEN', 'TELEGRAM_WEBHOOK_SECRET', 'TELEGRAM_API_ROOT']],
])(
  'When qingan simulate %s runs, then it says with which settings the bot finds it',
  async (platform, names) => {
    const child = qingan(['simulate', platform, '--port', '0'], {})
    await until(() => child.out().includes(`\n${names.at(-1)}=`), 'the settings')
    const url = /^模拟器 (http:\S+)$/m.exec(child.out())?.[1] ?? ''
    expect([...child.out().matchAll(/^([A-Z_]+)=\S+$/gm)].map(([, name]) => name)).toEqual(names)
    expect(child.out()).toContain(`${names.at(-1)}=${url}\n`)
    expect((await fetch(`${url}/`)).status).toBe(200)
    child.process.kill('SIGINT')
    expect(await child.ended).toBe(0)
  },
)

test('When the settings name an account, then it is that one', async () => {
  const child = qingan(['simulate', 'wechat', '--port', '0'], { WECHAT_APP_ID: 'wx0000000000000001' })
  await until(() => child.out().includes('WECHAT_API_ROOT'), 'the settings')
  expect(child.out()).toContain('WECHAT_APP_ID=wx0000000000000001\n')
})

const wrong = [
  [],
  ['sms'],
  ['telegram', '--port', 'x'],
  ['telegram', '--webhook', 'http://x/'],
  ['wechat', '--webhook', 'x'],
]
test.each(wrong.map((args) => [args]))('When the arguments are %j, then the usage is told', async (args) => {
  await expect(simulate(args)).rejects.toMatchObject({ code: 'cli.usage' })
})
