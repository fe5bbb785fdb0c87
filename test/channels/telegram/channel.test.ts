import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { gzipSync } from 'node:zlib'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { telegramApi } from '../../../bot/channels/telegram/api.js'
import { SendFailure } from '../../../bot/delivery/failure.js'
import type { Inbox } from '../../../bot/conversation/inbox.js'
import { until } from '../../until.js'
import { house, outgoing, SECRET, TOKEN, type House } from './house.js'

let own: House
beforeAll(async () => {
  own = await house()
  await until(() => calls(own).includes('setMyDescription'), 'the bot to be registered')
})
afterAll(() => own.close())

const calls = ({ simulator }: House) =>
  simulator.log
    .after()
    .filter(({ kind }) => kind === 'call')
    .map(({ what }) => what)
let made = 0
/** Somebody who has pressed Start. */
const user = () => String(810_000_000 + ++made)

let updates = 900_000_000
const update = (fields: object) => ({ update_id: ++updates, ...fields })
const message = (from: string, text: string) =>
  update({ message: { message_id: 1, date: 1, chat: { id: Number(from), type: 'private' }, text } })
const post = (body: string | Uint8Array, headers: Record<string, string> = {}, to = own) =>
  fetch(to.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-telegram-bot-api-secret-token': SECRET,
      ...headers,
    },
    body,
  })
const failure = async (work: Promise<unknown>): Promise<SendFailure> => {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(SendFailure)
  return error as SendFailure
}

describe('the webhook', () => {
  test('When the channel starts, then Telegram is told where to bring what, the menu, and what stands in the empty chat', async () => {
    const { call } = await telegramApi({ token: TOKEN, apiRoot: own.simulator.url })
    const info = await call('getWebhookInfo', {})
    expect(info.url).toBe(own.url)
    expect(info.allowed_updates).toEqual(['message', 'edited_message', 'callback_query', 'my_chat_member'])
    expect((await call('getMyCommands', {})).map(({ description }) => description)).toContain('找真人')
    expect((await call('getMyDescription', {})).description).toMatch('境外')
  })

  test('When somebody writes, presses and edits, then it is stored before Telegram is answered', async () => {
    const who = user()
    expect((await own.simulator.say(who, '在吗')).taken).toBe(true)
    expect(await own.kept(who)).toEqual(['在吗'])
    await own.adapter.channel.send(outgoing(who, '你现在安全吗？', ['安全', '不安全']))
    const [shown] = own.simulator.users.view(who)?.messages.filter(({ from }) => from === 'bot') ?? []
    await own.simulator.say(who, shown?.buttons?.[1]?.press as { press: { message: number; data: string } })
    await own.simulator.say(who, { edit: '在吗，我想死' })
    await own.simulator.say(who, { image: true, caption: '你看' })
    expect(await own.kept(who)).toEqual(['在吗', '不安全', '在吗，我想死', '(image)', '你看'])
    await until(() => calls(own).includes('answerCallbackQuery'), 'the press to be answered')
  })

  test('When Telegram repeats itself, side by side and later, then it is stored once', async () => {
    const who = user()
    const body = JSON.stringify(message(who, '在吗'))
    const answers = await Promise.all([post(body), post(body), post(body)])
    answers.push(await post(body))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(await own.kept(who)).toEqual(['在吗'])
  })

  test('When the secret is wrong or missing, then nothing is read, however long it is', async () => {
    const who = user()
    const body = JSON.stringify(message(who, '在吗'))
    const wrong = { 'x-telegram-bot-api-secret-token': 'another' }
    expect((await post(body, wrong)).status).toBe(401)
    expect((await fetch(own.url, { method: 'POST', body })).status).toBe(401)
    expect((await fetch(own.url)).status).toBe(404)
    expect(await own.inbox.find('telegram', who)).toBeNull()
  })

  test('When a body is huge, packed, broken or in a wrong encoding, then it is refused with a bare status', async () => {
    const who = user()
    const long = JSON.stringify(message(who, 'x'.repeat(300_000)))
    const answers = await Promise.all([
      post(long),
      post(gzipSync(JSON.stringify(message(who, '在吗'))), { 'content-encoding': 'gzip' }),
      post('{"update_id":'),
      post(Buffer.from(JSON.stringify(message(who, '在吗')), 'utf16le')),
      post(Buffer.concat([Buffer.from(JSON.stringify(message(who, 'é')), 'latin1')])),
      post('['.repeat(100_000)),
    ])
    expect(answers.map(({ status }) => status)).toEqual([413, 415, 400, 400, 400, 400])
    expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(['', '', '', '', '', ''])
    expect(await own.inbox.find('telegram', who)).toBeNull()
  })

  test('When an update is in a form we do not know, then Telegram does not bring it again', async () => {
    for (const body of ['{}', 'null', '[1]', JSON.stringify(update({ message: { chat: 'me' } }))])
      expect((await post(body)).status).toBe(200)
  })

  test('When it cannot be stored, then Telegram is told to bring it again', async () => {
    const broken = { accept: () => Promise.reject(new Error('no database')) } as unknown as Inbox
    const other = await house({ inbox: broken }, {}, { store: own.store })
    try {
      expect((await post(JSON.stringify(message(user(), '在吗')), {}, other)).status).toBe(500)
    } finally {
      await other.close()
    }
  })

  test('When the channel does not run, then it takes nothing', async () => {
    const other = await house({}, {}, { store: own.store })
    await other.adapter.stop()
    expect((await post(JSON.stringify(message(user(), '在吗')), {}, other)).status).toBe(503)
    expect((await failure(other.adapter.channel.send(outgoing('1', '在')))).kind).toBe('temporary')
    await other.close()
  })
})

describe('what we send', () => {
  test('When Telegram takes a message, then its number is the receipt, and the buttons stand under it', async () => {
    const who = user()
    await own.simulator.say(who, '在吗')
    const taken = await own.adapter.channel.send(outgoing(who, '我在。', ['安全', '不安全']))
    const shown = own.simulator.users.view(who)?.messages.at(-1)
    expect(taken).toEqual({ receipt: expect.stringMatching(/^\d+$/) })
    expect([shown?.text, shown?.buttons?.map(({ label }) => label)]).toEqual(['我在。', ['安全', '不安全']])
  })

  test('When Telegram does not take it, then the failure says whose fault it is', async () => {
    const who = user()
    await own.simulator.say(who, '在吗')
    const send = (text = '我在。', to = who) => failure(own.adapter.channel.send(outgoing(to, text)))
    const { faults } = own.simulator
    faults.limit({ times: 1, only: 'sendMessage', retryAfter: 7 })
    expect(await send()).toMatchObject({ kind: 'limited', retryAfterMs: 7_000, code: 'http-429' })
    faults.status({ times: 1, only: 'sendMessage', status: 502 })
    expect(await send()).toMatchObject({ kind: 'temporary', code: 'http-502' })
    faults.lose({ times: 1, only: 'sendMessage' })
    expect(await send()).toMatchObject({ kind: 'temporary', code: 'no-answer' })
    expect(await send('x'.repeat(5_000))).toMatchObject({ kind: 'refused', code: 'http-400' })
    await own.simulator.say(who, { event: 'block' })
    expect(await send()).toMatchObject({ kind: 'gone', code: 'http-403' })
  })

  test('When a call fails, then no word, no address and no token are in what is thrown', async () => {
    const who = user()
    const { call } = await telegramApi({ token: TOKEN, apiRoot: 'http://127.0.0.1:9' })
    const thrown = await failure(call('sendMessage', { chat_id: who, text: '秘密' }))
    expect(thrown).toMatchObject({ kind: 'temporary', code: 'unreachable-ECONNREFUSED' })
    expect(thrown.cause).toBeUndefined()
    expect(`${thrown.stack} ${JSON.stringify(thrown)}`).not.toMatch(new RegExp(`秘密|${who}|${TOKEN}`))
  })
})

describe('long polling', () => {
  test('When there is no public address, then the bot fetches; what it could not store comes again', async () => {
    let broken = true
    const other = await house({ polling: true })
    const real = other.inbox.accept.bind(other.inbox)
    other.inbox.accept = (inbound) => (broken ? Promise.reject(new Error('no database')) : real(inbound))
    try {
      expect(other.adapter.router).toBeNull()
      const who = user()
      const [first, second] = [other.simulator.say(who, '一'), other.simulator.say(who, '二')]
      await until(() => calls(other).filter((what) => what === 'getUpdates').length > 1, 'a second try')
      broken = false
      expect((await Promise.all([first, second])).map(({ taken }) => taken)).toEqual([true, true])
      expect(await other.kept(who)).toEqual(['一', '二'])
    } finally {
      await other.close()
    }
  })

  test('When two processes are there, then one fetches; when it stops, then the other does', async () => {
    const first = await house({ polling: true })
    await until(() => calls(first).includes('getUpdates'), 'the first to fetch')
    const second = await house({ polling: true }, {}, { simulator: first.simulator, store: first.store })
    const who = user()
    try {
      await first.simulator.say(who, '一')
      await first.adapter.stop()
      await first.simulator.say(who, '二')
      expect(await second.kept(who)).toEqual(['一', '二'])
      const conflicts = first.simulator.log.after().filter(({ code }) => code === 409)
      expect(conflicts).toEqual([])
    } finally {
      await second.close()
      await first.close()
    }
  })

  test('When a webhook was registered before, then it is taken down and what waits there comes', async () => {
    const { simulator, store } = own
    const other = await house({ polling: true }, {}, { simulator, store })
    try {
      const who = user()
      expect((await simulator.say(who, '在吗')).taken).toBe(true)
      expect(await other.kept(who)).toEqual(['在吗'])
    } finally {
      await other.close()
      await own.adapter.stop()
      await own.adapter.start()
      await until(async () => (await own.adapter.status()).state === 'ok', 'the webhook to be back')
    }
  })
})

describe('the connection test', () => {
  test('When all is well, then it says so, and what to print on a poster', async () => {
    const status = await own.adapter.status()
    expect(status).toMatchObject({ name: 'telegram', on: true, missing: [], state: 'ok' })
    expect(own.adapter.register.map(({ value }) => value)).toContain(
      'https://t.me/qingan_demo_bot?start=drugs',
    )
  })

  test.each([
    [{ token: undefined }, ['TELEGRAM_BOT_TOKEN']],
    [{ secret: undefined }, ['TELEGRAM_WEBHOOK_SECRET']],
  ])('When %j, then it is off and names what is missing', async (given, missing) => {
    const other = await house(given, {}, { simulator: own.simulator, store: own.store })
    expect(other.adapter.missing).toEqual(missing)
    expect(await other.adapter.status()).toMatchObject({ on: false, state: 'off', missing })
    expect(other.adapter.router).toBeNull()
    await other.close()
  })

  test.each([
    ['a wrong token', { token: '7000000001:another' }, 'dead', '令牌不对'],
    ['no token at all', { token: 'nonsense' }, 'dead', '没有这个机器人'],
    ['a network that leads nowhere', { apiRoot: 'http://127.0.0.1:9' }, 'failing', '连不上 127.0.0.1:9'],
  ])('When there is %s, then it says so in plain words', async (_, given, state, why) => {
    const other = await house({ ...given, polling: true }, {}, { simulator: own.simulator, store: own.store })
    const status = await other.adapter.status()
    await other.close()
    expect(status.state).toBe(state)
    expect(status.why).toMatch(why)
  })

  test('When Telegram brings the messages elsewhere, or cannot bring them, then it says why', async () => {
    const other = await house({}, {}, { store: own.store })
    const { call } = await telegramApi({ token: TOKEN, apiRoot: other.simulator.url })
    try {
      await until(async () => (await other.adapter.status()).state === 'ok', 'the webhook')
      await call('setWebhook', { url: 'http://127.0.0.1:9/elsewhere', secret_token: 'another-secret' })
      expect((await other.adapter.status()).why).toMatch('别的服务器')
      await call('setWebhook', { url: other.url, secret_token: 'not-ours' })
      void other.simulator.say(user(), '在吗')
      const why = await until(async () => (await other.adapter.status()).why, 'a failed delivery')
      expect(why).toBe('有 1 条消息送不到这里：密钥对不上。请重启这台服务器，让它重新登记。')
    } finally {
      await other.close()
    }
  })
})

test('When a proxy is set, then calls go through it', async () => {
  const asked: string[] = []
  const proxy = createServer().on('connect', (req, socket) => {
    asked.push(String(req.url))
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
  })
  await new Promise<void>((fulfil) => proxy.listen(0, '127.0.0.1', () => fulfil()))
  const { port } = proxy.address() as AddressInfo
  const { call } = await telegramApi({
    token: TOKEN,
    apiRoot: 'https://api.telegram.org',
    proxy: `http://127.0.0.1:${port}`,
  })
  expect((await failure(call('getMe', {}))).kind).toBe('temporary')
  expect(asked).toEqual(['api.telegram.org:443'])
  await new Promise((fulfil) => proxy.close(fulfil))
})
