import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { ChannelView } from '../../shared/api/channels.js'
import { firstAdministrator, member, type Member } from '../console.js'
import { testServer } from '../server.js'
import { until } from '../until.js'

let platform: Server
let asked: string[]
let server: Awaited<ReturnType<typeof testServer>>
let administrator: Member
let counselor: Member

/** Secrets of a made-up account: none of them may ever reach a console. */
const SECRETS = {
  WECHAT_APP_ID: 'wx0123456789abcdef',
  WECHAT_APP_SECRET: 'a-secret-of-the-account',
  WECHAT_TOKEN: 'a-token-of-the-account',
  TELEGRAM_BOT_TOKEN: '123456:a-token-of-the-bot',
}

beforeAll(async () => {
  asked = []
  // A platform that refuses everything: no secret is right.
  platform = createServer((req, res) => {
    asked.push(req.url ?? '')
    const telegram = req.url?.startsWith('/bot')
    res.writeHead(telegram ? 401 : 200, { 'content-type': 'application/json' })
    const refusal = { ok: false, error_code: 401, description: 'Unauthorized' }
    res.end(JSON.stringify(telegram ? refusal : { errcode: 40001, errmsg: 'invalid credential' }))
  }).listen(0, '127.0.0.1')
  await once(platform, 'listening')
  const root = `http://127.0.0.1:${(platform.address() as AddressInfo).port}`
  server = await testServer({ ...SECRETS, WECHAT_API_ROOT: root, TELEGRAM_API_ROOT: root })
  administrator = await firstAdministrator(server)
  counselor = await member(server, administrator, ['counselor'])
}, 120_000)
afterAll(async () => {
  await server.stop()
  platform.closeAllConnections()
  platform.close()
})

const list = async () => (await administrator.desk.get<{ items: ChannelView[] }>('/channels')).body.items
const channel = async (name: string) => (await list()).find((each) => each.name === name)

test('When an administrator opens the page, then every channel is there, what to register too, and no secret', async () => {
  const { status, body } = await administrator.desk.get<{ items: ChannelView[] }>('/channels')
  expect(status).toBe(200)
  expect(body.items.map(({ name }) => name)).toEqual(['web', 'wechat', 'telegram'])
  const wechat = body.items.find(({ name }) => name === 'wechat')
  expect(wechat?.register.length).toBeGreaterThan(2)
  const text = JSON.stringify(body)
  for (const secret of Object.values(SECRETS)) expect(text).not.toContain(secret)
})

test('When the connection is tested and the secret is wrong, then it says so in plain words, and everybody at the console is told', async () => {
  const { status, body } = await administrator.desk.post<ChannelView>('/channels/wechat/test')
  expect(status).toBe(200)
  expect(body.state).toBe('dead')
  expect(body.why).toMatch(/WECHAT_APP_SECRET|AppSecret/)
  const troubles = await counselor.desk.get<{ items: { name: string; state: string }[] }>(
    '/channels/troubles',
  )
  expect(troubles.body.items).toContainEqual(expect.objectContaining({ name: 'wechat', state: 'dead' }))
  expect(JSON.stringify(troubles.body)).not.toMatch(/SECRET/)
})

test('When the servers lie abroad, then the channel is off and silent until the ruling is recorded, and again when it is taken back', async () => {
  const before = asked.filter((url) => url.startsWith('/bot')).length
  expect(await channel('telegram')).toMatchObject({ on: false, state: 'off', abroad: true, ruling: null })
  await administrator.desk.post('/channels/telegram/test')
  expect(asked.filter((url) => url.startsWith('/bot'))).toHaveLength(before)
  const abroad = async () => {
    const { body } = await administrator.desk.get<{ abroad: unknown }>('/go-live')
    return body.abroad
  }
  expect(await abroad()).toEqual({ holds: false, channels: [{ name: 'telegram', ruled: false }] })

  expect((await administrator.desk.put('/channels/telegram/ruling', { text: '律' })).status).toBe(422)
  const text = '某律师事务所书面意见，2026-11-20'
  const ruled = await administrator.desk.put<ChannelView>('/channels/telegram/ruling', { text })
  expect(ruled.body).toMatchObject({ on: true, ruling: { text, by: { workName: '管理员' } } })
  expect(await abroad()).toEqual({ holds: true, channels: [{ name: 'telegram', ruled: true }] })
  await until(() => asked.some((url) => url.startsWith('/bot')), 'Telegram to be asked')

  const back = await administrator.desk.delete<ChannelView>('/channels/telegram/ruling')
  expect(back.body).toMatchObject({ on: false, ruling: null })
  const record = await administrator.desk.get<{ items: { verb: string; subject: string }[] }>(
    '/audit?verb=channels.changed',
  )
  expect(record.body.items.map(({ subject }) => subject)).toEqual(['telegram', 'telegram'])
})

test('When a channel at home is ruled on, or none of that name is there, then there is no such record', async () => {
  const ruling = { text: '某律师事务所书面意见' }
  expect((await administrator.desk.put('/channels/wechat/ruling', ruling)).status).toBe(404)
  expect((await administrator.desk.post('/channels/nowhere/test')).status).toBe(404)
  expect((await administrator.desk.put('/channels/web/template', { template: 'T-12345' })).status).toBe(404)
})

test('When a template is chosen, then it is kept, and can be taken away', async () => {
  const chosen = await administrator.desk.put<ChannelView>('/channels/wechat/template', {
    template: 'T-12345',
  })
  expect(chosen.body).toMatchObject({ notifies: true, template: 'T-12345' })
  const none = await administrator.desk.put<ChannelView>('/channels/wechat/template', { template: null })
  expect(none.body.template).toBeNull()
})

test('When a channel does not run, then there is nothing at its address', async () => {
  expect((await fetch(`${server.url}/channels/telegram`, { method: 'POST', body: '{}' })).status).toBe(404)
})
