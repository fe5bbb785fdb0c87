import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startTelegramSimulator, type TelegramSimulator } from '../../../bot/simulators/telegram/simulator.js'
import { LEARNING_MS } from '../../brain.js'
import { firstAdministrator, type Desk } from '../../console.js'
import { testServer } from '../../server.js'
import { until } from '../../until.js'
import { TOKEN } from './house.js'

let simulator: TelegramSimulator
let server: Awaited<ReturnType<typeof testServer>>
let admin: Desk

beforeAll(async () => {
  simulator = await startTelegramSimulator({ port: 0, botToken: TOKEN })
  server = await testServer({ TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: simulator.url })
  admin = (await firstAdministrator(server)).desk
}, LEARNING_MS)
afterAll(async () => {
  await server.stop()
  await simulator.stop()
})

const calls = () => simulator.log.after().filter(({ kind }) => kind === 'call')
const read = (who: string) => simulator.users.view(who)?.messages.filter(({ from }) => from === 'bot') ?? []
const state = async () => {
  const { body } = await admin.get<{ items: { name: string; on: boolean; state: string }[] }>('/channels')
  const { on, state: is } = body.items.find(({ name }) => name === 'telegram') ?? {}
  return [on, is]
}

test('When no ruling is recorded, then nothing goes abroad: not a message, not a test, not the menu', async () => {
  void simulator.say('early', '在吗')
  expect(await state()).toEqual([false, 'off'])
  await admin.post('/channels/telegram/test')
  expect(calls()).toEqual([])
})

test('When the ruling is recorded, then what waited is answered, and the first words say where the data go', async () => {
  const ruled = await admin.put('/channels/telegram/ruling', { text: '已做个人信息出境影响评估，法务同意' })
  expect(ruled.status).toBe(200)
  await until(() => read('early').length, 'an answer')
  expect(read('early')[0]?.text).toMatch(/国外/)
  await admin.post('/channels/telegram/test')
  expect(await state()).toEqual([true, 'ok'])
})

test('When somebody comes by a link to a warning, then they are asked first, and subscribed when they say so', async () => {
  const who = 'by-link'
  void simulator.say(who, { start: 'fraud' })
  const asked = await until(() => read(who).find(({ buttons }) => buttons), 'the question')
  expect(read(who)[0]?.text).toMatch(/国外/)
  expect([asked.text, asked.buttons?.map(({ label }) => label)]).toEqual([
    expect.stringContaining('防骗提醒'),
    ['要', '不要'],
  ])
  void simulator.say(who, asked.buttons?.[0]?.press as { press: { message: number; data: string } })
  await until(() => read(who).some(({ text }) => text.includes('订上了')), 'the confirmation')
})

test('When somebody presses Start, then they are greeted with the ways in', async () => {
  void simulator.say('newcomer', { start: '' })
  const hello = await until(() => read('newcomer').find(({ buttons }) => buttons), 'the greeting')
  expect(hello.buttons?.map(({ label }) => label)).toEqual(['我有危险', '我想问问', '找真人'])
  expect(read('newcomer')[0]?.text).toMatch(/国外/)
})

test('When the ruling is taken back, then nothing more is asked of Telegram', async () => {
  await admin.delete('/channels/telegram/ruling')
  expect(await state()).toEqual([false, 'off'])
  const before = calls().length
  void simulator.say('late', '在吗')
  await admin.post('/channels/telegram/test')
  expect(calls()).toHaveLength(before)
  expect(read('late')).toEqual([])
})
