import { afterEach, describe, expect, test } from '@jest/globals'
import { startTelegramSimulator, type TelegramOptions } from '../../bot/simulators/telegram/simulator.js'
import { until } from '../until.js'
import { botServer, handClock, type Got } from './bot.js'

const botToken = '123456789:AAF-a_token_of_the_form_that_BotFather_gives'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

interface ApiAnswer {
  status: number
  ok: boolean
  result?: unknown
  description?: string
  error_code?: number
  parameters?: { retry_after: number }
}
interface UpdateJson {
  update_id: number
  message?: {
    message_id: number
    text?: string
    chat: { id: number }
    entities?: unknown[]
    [more: string]: unknown
  }
  edited_message?: { text: string; edit_date: number }
  callback_query?: { id: string; data: string; message: { message_id: number } }
  my_chat_member?: { old_chat_member: { status: string }; new_chat_member: { status: string } }
}

async function platform(more: Partial<TelegramOptions> = {}) {
  const clock = handClock()
  const simulator = await startTelegramSimulator({
    port: 0,
    botToken,
    clock,
    timing: { retryMs: 5, retryMaxMs: 20 },
    ...more,
  })
  open.push(() => simulator.stop())
  const call = async (
    method: string,
    params: unknown = {},
    init: RequestInit = {},
    token = botToken,
  ): Promise<ApiAnswer> => {
    const response = await fetch(`${simulator.url}/bot${token}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof params === 'string' ? params : JSON.stringify(params),
      ...init,
    })
    return { ...((await response.json()) as ApiAnswer), status: response.status }
  }
  const fetchUpdates = async (params: object = {}) =>
    (await call('getUpdates', params)).result as UpdateJson[]
  const pushes = () => simulator.log.after().filter(({ kind }) => kind === 'push')
  return { simulator, clock, call, fetchUpdates, pushes }
}

/** A simulator whose updates go to a bot's server. */
async function hooked(
  more: Partial<TelegramOptions> = {},
  answer: (
    got: Got,
  ) => { status?: number; body?: string; headers?: Record<string, string> } | null = () => ({}),
) {
  const bot = await botServer((got, res) => {
    const given = answer(got)
    if (given) res.writeHead(given.status ?? 200, given.headers).end(given.body ?? '')
  })
  open.push(() => bot.close())
  const all = await platform(more)
  const { description } = await all.call('setWebhook', { url: bot.url, secret_token: 'a-secret_1' })
  expect(description).toBe('Webhook was set')
  const updates = () => bot.got.map(({ body }) => JSON.parse(body) as UpdateJson)
  return { ...all, bot, updates }
}

const texts = (updates: UpdateJson[]) => updates.map(({ message }) => message?.text)

describe('updates', () => {
  test('When the bot fetches, then it gets each update until the next offset says that it has it', async () => {
    const { simulator, fetchUpdates } = await platform()
    const said = [simulator.say('u1', '一'), simulator.say('u1', '二'), simulator.say('u2', '三')]
    const first = await fetchUpdates()
    expect(texts(first)).toEqual(['一', '二', '三'])
    expect(texts(await fetchUpdates({ limit: 1 }))).toEqual(['一'])
    const offset = (first[1]?.update_id ?? 0) + 1
    expect(texts(await fetchUpdates({ offset }))).toEqual(['三'])
    expect(await Promise.all(said.slice(0, 2))).toMatchObject([{ taken: true }, { taken: true }])
    expect(texts(await fetchUpdates({ offset: -1 }))).toEqual(['三'])
    expect(await fetchUpdates({ offset: (first[2]?.update_id ?? 0) + 1 })).toEqual([])
    expect(await said[2]).toMatchObject({ taken: true, key: String(first[2]?.update_id) })
  })

  test('When nothing is there, then the answer waits for what comes; another fetch ends it with 409', async () => {
    const { simulator, call, fetchUpdates } = await platform()
    const first = call('getUpdates', { timeout: 50 })
    await until(() => simulator.log.after().length === 1, 'the first fetch')
    const second = fetchUpdates({ timeout: 50 })
    expect(await first).toMatchObject({ status: 409, error_code: 409 })
    void simulator.say('u1', '在吗')
    expect(texts(await second)).toEqual(['在吗'])
    expect(await fetchUpdates({ timeout: 0, offset: -1 })).toHaveLength(1)
  })

  test('When the bot hangs up while it waits, then the next fetch stands alone and gets what comes', async () => {
    const { simulator, call, fetchUpdates, pushes } = await platform()
    const ending = new AbortController()
    const first = call('getUpdates', { timeout: 50 }, { signal: ending.signal })
    await until(() => simulator.log.after().length === 1, 'the first fetch')
    ending.abort()
    await expect(first).rejects.toThrow('aborted')
    await until(() => simulator.log.after()[0]?.outcome === 'timeout', 'the end of the first fetch')
    const second = fetchUpdates({ timeout: 50 })
    void simulator.say('u1', '在吗')
    expect(texts(await second)).toEqual(['在吗'])
    expect(pushes()).toHaveLength(1)
    expect(simulator.log.after().filter(({ code }) => code === 409)).toEqual([])
  })

  test('When a webhook is set, then updates come with the secret, and fetching is refused', async () => {
    const { simulator, call, bot, updates } = await hooked()
    expect(await simulator.say('u1', '/start drugs')).toMatchObject({ taken: true, attempts: 1 })
    expect(bot.got[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-telegram-bot-api-secret-token': 'a-secret_1',
    })
    expect(updates()[0]).toEqual({
      update_id: expect.any(Number),
      message: {
        message_id: expect.any(Number),
        from: { id: simulator.numberOf('u1'), is_bot: false, first_name: 'u1', language_code: 'zh-hans' },
        chat: { id: simulator.numberOf('u1'), first_name: 'u1', type: 'private' },
        date: 1772416800,
        text: '/start drugs',
        entities: [{ type: 'bot_command', offset: 0, length: 6 }],
      },
    })
    expect(await call('getUpdates')).toMatchObject({ status: 409 })
    expect((await call('deleteWebhook')).result).toBe(true)
    expect((await call('getUpdates')).result).toEqual([])
  })

  test('When the webhook fails, then the update comes again with the same id, and the chat waits in order', async () => {
    let times = 0
    const { simulator, updates, call } = await hooked({}, () => ({ status: ++times <= 2 ? 500 : 200 }))
    const said = await Promise.all([simulator.say('u1', '一'), simulator.say('u1', '二')])
    expect(said.map(({ attempts }) => attempts)).toEqual([3, 1])
    expect(texts(updates())).toEqual(['一', '一', '一', '二'])
    expect(new Set(updates().map(({ update_id }) => update_id)).size).toBe(2)
    expect((await call('getWebhookInfo')).result).toMatchObject({
      pending_update_count: 0,
      last_error_message: 'Wrong response from the webhook: 500',
    })
  })

  test('When one chat waits for its answer, then the others go on', async () => {
    const held: (() => void)[] = []
    const bot = await botServer(({ body }, res) => {
      if (body.includes('等')) held.push(() => void res.end())
      else res.end()
    })
    open.push(() => bot.close())
    const { simulator, call } = await platform()
    await call('setWebhook', { url: bot.url })
    const slow = simulator.say('u1', '等')
    expect(await simulator.say('u2', '快')).toMatchObject({ taken: true })
    await until(() => held[0], 'the held one')
    held[0]?.()
    expect(await slow).toMatchObject({ taken: true })
  })

  test('When the bot answers with a method, then it is done', async () => {
    const { simulator } = await hooked({}, ({ body }) => {
      const { message } = JSON.parse(body) as UpdateJson
      return { body: JSON.stringify({ method: 'sendMessage', chat_id: message?.chat.id, text: '收到' }) }
    })
    await simulator.say('u1', '在吗')
    await until(() => simulator.users.view('u1')?.messages.length === 2, 'the reply')
    expect(simulator.users.view('u1')?.messages.at(-1)).toMatchObject({ from: 'bot', text: '收到' })
  })

  test('When it is no text, then each kind has its own fields', async () => {
    const { simulator, updates, call } = await hooked()
    await simulator.say('u1', { start: '' })
    await simulator.say('u1', { voice: true })
    await simulator.say('u1', { image: true, caption: '看' })
    await simulator.say('u1', { sticker: '😭' })
    await simulator.say('u1', '打错')
    await simulator.say('u1', { edit: '打对了' })
    const keyboard = [
      [
        { text: '我有危险', callback_data: 'danger' },
        { text: '网页', url: 'https://example.org/' },
      ],
    ]
    const sent = await call('sendMessage', {
      chat_id: simulator.numberOf('u1'),
      text: '你好',
      reply_markup: { inline_keyboard: keyboard },
    })
    const { message_id: message } = sent.result as { message_id: number }
    const button = simulator.users.view('u1')?.messages.at(-1)?.buttons?.[0]
    expect(button).toEqual({ label: '我有危险', press: { press: { message, data: 'danger' } } })
    await simulator.say('u1', { press: { message, data: 'danger' } })
    await simulator.say('u1', { event: 'block' })
    await expect(simulator.say('u1', '还在')).rejects.toThrow('先重新启用机器人')
    await simulator.say('u1', { event: 'unblock' })

    const [start, voice, photo, sticker, typed, edited, pressed, blocked, unblocked] = updates()
    expect(start?.message).toMatchObject({ text: '/start' })
    expect(voice?.message?.voice).toMatchObject({ mime_type: 'audio/ogg', file_id: expect.any(String) })
    expect(photo?.message).toMatchObject({
      caption: '看',
      photo: [{ width: 90 }, { width: 320 }, { width: 800 }],
    })
    expect(sticker?.message?.sticker).toMatchObject({ emoji: '😭' })
    expect(edited?.edited_message).toMatchObject({
      text: '打对了',
      message_id: typed?.message?.message_id,
      edit_date: 1772416800,
    })
    expect(pressed?.callback_query).toMatchObject({ data: 'danger', message: { message_id: message } })
    expect(blocked?.my_chat_member).toMatchObject({
      old_chat_member: { status: 'member' },
      new_chat_member: { status: 'kicked' },
    })
    expect(unblocked?.my_chat_member?.new_chat_member.status).toBe('member')
    const answer = { callback_query_id: pressed?.callback_query?.id, text: '好' }
    expect(await call('answerCallbackQuery', answer)).toMatchObject({ ok: true })
    expect(await call('answerCallbackQuery', answer)).toMatchObject({ error_code: 400 })
  })

  test('When the bot has asked only for some kinds, then others never come', async () => {
    const { simulator, fetchUpdates } = await platform()
    await fetchUpdates({ allowed_updates: ['message'] })
    void simulator.say('u1', '一')
    expect(await simulator.say('u1', { edit: '二' })).toMatchObject({ taken: false, attempts: 0 })
    expect(await fetchUpdates()).toHaveLength(1)
  })
})

describe('calls', () => {
  test('When the bot writes, then the user reads it; the answer holds the message', async () => {
    const { simulator, call } = await platform()
    void simulator.say('42', '你好')
    const sent = await call('sendMessage', { chat_id: 42, text: ' 你好呀 ' })
    expect(sent).toMatchObject({
      ok: true,
      result: { text: '你好呀', chat: { id: 42, type: 'private' }, from: { is_bot: true } },
    })
    const { message_id } = sent.result as { message_id: number }
    expect(await call('editMessageText', { chat_id: 42, message_id, text: '改过' })).toMatchObject({
      result: { text: '改过' },
    })
    expect(await call('editMessageText', { chat_id: 42, message_id, text: '改过' })).toMatchObject({
      description: expect.stringContaining('message is not modified'),
    })
    expect(simulator.users.view('42')?.messages.at(-1)).toMatchObject({ text: '改过', edited: true })
    expect((await call('getme')).result).toMatchObject({ is_bot: true, id: 123456789 })
  })

  test('When parameters come by query, form or multipart, then they count the same', async () => {
    const { simulator, call } = await platform()
    void simulator.say('42', '你好')
    const form = new FormData()
    form.set('chat_id', '42')
    form.set('text', '多段')
    form.set('reply_markup', JSON.stringify({ keyboard: [['找真人']] }))
    const forms: [string, RequestInit][] = [
      [`sendMessage?chat_id=42&text=${encodeURIComponent('地址')}`, { method: 'GET', body: undefined }],
      ['sendMessage', { body: new URLSearchParams({ chat_id: '42', text: '表单' }), headers: {} }],
      ['sendMessage', { body: form, headers: {} }],
    ]
    for (const [method, init] of forms) expect(await call(method, {}, init)).toMatchObject({ ok: true })
    const shown = simulator.users.view('42')?.messages.slice(1)
    expect(shown?.map(({ text }) => text)).toEqual(['地址', '表单', '多段'])
    expect(shown?.[2]?.buttons).toEqual([{ label: '找真人', press: '找真人' }])
  })

  test('When a call is wrong or hostile, then the answer is the one of the Bot API', async () => {
    const { simulator, call } = await platform()
    void simulator.say('42', '你好')
    simulator.users.create('没点开始')
    const stranger = Number(simulator.users.list()[1])
    const send = (more: object) => call('sendMessage', { chat_id: 42, text: '你好', ...more })
    const inline = (button: object) => send({ reply_markup: { inline_keyboard: [[button]] } })
    const cases: [ApiAnswer, number, string][] = [
      [await send({ chat_id: undefined }), 400, 'Bad Request: chat_id is empty'],
      [await send({ chat_id: 7 }), 400, 'Bad Request: chat not found'],
      [await send({ chat_id: { $gt: 0 } }), 400, 'Bad Request: chat not found'],
      [await send({ chat_id: stranger }), 403, "Forbidden: bot can't initiate conversation with a user"],
      [await send({ text: ' \n' }), 400, 'Bad Request: message text is empty'],
      [await send({ text: '字'.repeat(4097) }), 400, 'Bad Request: message is too long'],
      [await send({ parse_mode: 'HTML' }), 400, 'Bad Request: unsupported parse_mode'],
      [await send({ reply_markup: '{' }), 400, 'Bad Request: object expected as reply markup'],
      [await inline({ text: '是', callback_data: '字'.repeat(22) }), 400, 'Bad Request: BUTTON_DATA_INVALID'],
      [
        await call('editMessageText', { chat_id: 42, message_id: 999, text: 'x' }),
        400,
        'Bad Request: message to edit not found',
      ],
      [
        await call('setMyCommands', { commands: [{ command: '帮助', description: 'x' }] }),
        400,
        'Bad Request: BOT_COMMAND_INVALID',
      ],
      [
        await call('setWebhook', { url: 'ftp://x' }),
        400,
        'Bad Request: bad webhook: An HTTPS URL must be provided for webhook',
      ],
      [
        await call('setWebhook', { url: 'http://127.0.0.1:1/', secret_token: 'a+b' }),
        400,
        'Bad Request: secret token contains unallowed characters',
      ],
      [await call('__proto__'), 404, 'Not Found: method not found'],
      [await call('toString'), 404, 'Not Found: method not found'],
      [await call('sendMessage', '{'), 400, "Bad Request: can't parse JSON object"],
      [await call('sendMessage', 'x'.repeat(300_000)), 413, 'Request Entity Too Large'],
      [await call('getMe', {}, {}, '1:wrong'), 401, 'Unauthorized'],
      [await call('getMe', {}, {}, 'nonsense'), 404, 'Not Found'],
    ]
    for (const [answer, status, description] of cases)
      expect({ ...answer, parameters: undefined }).toEqual({
        ok: false,
        status,
        error_code: status,
        description,
        parameters: undefined,
      })
    void simulator.say('42', { event: 'block' })
    expect(await send({})).toMatchObject({
      error_code: 403,
      description: 'Forbidden: bot was blocked by the user',
    })
  })

  test('When commands and a description are set, then they are there', async () => {
    const { simulator, call } = await platform()
    void simulator.say('42', '你好')
    await call('setMyCommands', { commands: [{ command: '/human', description: '找真人' }] })
    expect(simulator.users.view('42')?.menu).toEqual([{ label: '找真人', press: '/human' }])
    expect(await call('setMyDescription', { description: '介'.repeat(513) })).toMatchObject({
      error_code: 400,
    })
    expect(await call('setMyDescription', { description: '青安' })).toMatchObject({ ok: true })
    expect((await call('getMyDescription')).result).toEqual({ description: '青安' })
    expect((await call('getMyCommands')).result).toEqual([{ command: 'human', description: '找真人' }])
  })

  test('When more is sent in a second than allowed, then 429 says how long to wait', async () => {
    const { simulator, call, clock } = await platform({ perSecond: 2 })
    void simulator.say('42', '你好')
    const send = () => call('sendMessage', { chat_id: 42, text: '你好' })
    await send()
    await send()
    expect(await send()).toMatchObject({
      status: 429,
      description: 'Too Many Requests: retry after 1',
      parameters: { retry_after: 1 },
    })
    clock.later(1_000)
    expect(await send()).toMatchObject({ ok: true })
  })
})

describe('faults on command', () => {
  test('When calls are struck, then each fault is what it says', async () => {
    const { simulator, call } = await platform()
    void simulator.say('42', '你好')
    const send = (text: string) => call('sendMessage', { chat_id: 42, text })
    simulator.faults.limit({ times: 1, retryAfter: 7 })
    expect(await send('太多')).toMatchObject({ status: 429, parameters: { retry_after: 7 } })
    simulator.faults.status({ times: 1 })
    await expect(send('坏了')).rejects.toThrow()
    simulator.faults.drop({ times: 1, only: 'sendMessage' })
    expect(await call('getMe')).toMatchObject({ ok: true })
    await expect(send('断了')).rejects.toThrow()
    simulator.faults.lose({ times: 1 })
    await expect(send('没有回音')).rejects.toThrow()
    expect(await send('好了')).toMatchObject({ ok: true })
    const seen = simulator.users.view('42')?.messages.filter(({ from }) => from === 'bot')
    expect(seen?.map(({ text }) => text)).toEqual(['没有回音', '好了'])
    expect(() => simulator.faults.status({ on: 'pushes' })).toThrow('这种故障不能放在这一边')
  })

  test('When pushes are struck, then they come twice, late, cut, or without an answer that is read', async () => {
    const { simulator, updates } = await hooked()
    simulator.faults.repeat({ times: 1 })
    await simulator.say('u1', '一')
    simulator.faults.reorder({ times: 1 })
    await Promise.all([simulator.say('u1', '二'), simulator.say('u1', '三')])
    simulator.faults.drop({ on: 'pushes', times: 1 })
    await simulator.say('u1', '四')
    simulator.faults.lose({ on: 'pushes', times: 1 })
    await simulator.say('u1', '五')
    expect(texts(updates()).join('')).toBe('一一三二四五五')
  })

  test('When the bot fetches, then updates can come again after they were confirmed, and in another order', async () => {
    const { simulator, fetchUpdates } = await platform()
    for (const text of ['一', '二', '三']) void simulator.say('u1', text)
    simulator.faults.reorder({ times: 1 })
    const first = await fetchUpdates()
    expect(texts(first)).toEqual(['三', '二', '一'])
    simulator.faults.repeat({ times: 1 })
    expect(texts(await fetchUpdates({ offset: (first[0]?.update_id ?? 0) + 1 }))).toEqual(['三'])
    expect(await fetchUpdates({ offset: (first[0]?.update_id ?? 0) + 1 })).toEqual([])
  })
})
