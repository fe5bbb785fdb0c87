import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, expect, jest, test } from '@jest/globals'
import { LEARNING_MS } from '../brain.js'
import { killChildren, prepare, qingan, urlOf } from '../child.js'
import { browser, password, tokenOf } from '../console.js'
import { until } from '../until.js'

jest.setTimeout(LEARNING_MS)

let data: string
beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'qingan-demo-test-'))
  await prepare(data)
  // The trained model stays, so that nothing is learnt here; the demonstration wants no data but its own.
  for (const name of readdirSync(data)) if (name.startsWith('database')) rmSync(join(data, name))
}, LEARNING_MS)
afterEach(killChildren)

const get = async (url: string): Promise<number | null> => {
  try {
    return (await fetch(url)).status
  } catch {
    return null // Nobody listens any more.
  }
}

test('When the demonstration runs, then staff, conversations, a warning and both platforms are there, and Ctrl-C ends it all', async () => {
  const child = qingan(['demo', '--data', data], {})
  const url = await urlOf(child)
  if (!url) throw new Error(child.err())
  await until(() => child.out().includes('按 Ctrl-C 结束'), 'the last line', 120_000)
  const said = child.out()
  const [wechat, telegram] = ['公众号模拟器', 'Telegram 模拟器'].map(
    (name) => new RegExp(`^${name} (http:\\S+)$`, 'm').exec(said)?.[1] ?? '',
  ) as [string, string]
  const link = /^控制台 (\S+)/m.exec(said)?.[1] ?? ''

  const desk = browser(url.replace(/\/$/, ''))
  expect((await desk.post('/welcome', { token: tokenOf(link), password: password() })).status).toBe(200)
  const list = async <T>(path: string) => (await desk.get<{ items: T[] }>(path)).body.items
  const staff = await list<{ name: string }>('/staff')
  expect(staff.map(({ name }) => name).sort()).toEqual(['demo', 'keeper', 'lin', 'zhou'])
  const waiting = await list<{ channel: string }>('/escalations?state=waiting')
  expect(waiting.map(({ channel }) => channel)).toContain('telegram')
  const campaigns = await list<{ state: string; channels: string[] }>('/campaigns')
  expect(campaigns).toMatchObject([{ state: 'submitted', channels: ['web', 'wechat', 'telegram'] }])
  const channels = await list<{ name: string; on: boolean; state: string }>('/channels')
  expect(channels.map(({ name, on, state }) => [name, on, state])).toEqual([
    ['web', true, 'ok'],
    ['wechat', true, 'ok'],
    ['telegram', true, 'ok'],
  ])
  for (const [simulator, people] of [
    [wechat, ['小明', '小雨']],
    [telegram, ['小海', '阿娜']],
  ] as const) {
    expect(await get(simulator)).toBe(200)
    const state = await fetch(new URL('/control/state', simulator))
    const { users } = (await state.json()) as { users: { name: string }[] }
    expect(users.map(({ name }) => name)).toEqual(people)
  }

  child.process.kill('SIGINT')
  expect(await child.ended).toBe(0)
  expect(child.err()).toBe('')
  expect([await get(url), await get(wechat), await get(telegram)]).toEqual([null, null, null])
  expect(existsSync(data)).toBe(true)

  const again = qingan(['demo', '--data', data], {})
  expect(await again.ended).toBe(2)
  expect(again.err()).toContain('the demonstration wants a folder of its own')
})
