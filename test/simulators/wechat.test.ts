import { createHash } from 'node:crypto'
import { decrypt as independentDecrypt, getSignature } from '@wecom/crypto'
import { afterEach, describe, expect, test } from '@jest/globals'
import { encrypt, signatureOf } from '../../bot/simulators/wechat/codec.js'
import { startWechatSimulator, type WechatOptions } from '../../bot/simulators/wechat/simulator.js'
import { botServer, handClock, type Bot, type Got } from './bot.js'

const appId = 'wx0123456789abcdef'
const secret = 'a-secret-of-the-account'
const token = 'token4signatures'
const aesKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
const HOUR = 3_600_000

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

type Answer = (got: Got) => { status?: number; body?: string } | null

/** A simulator and a bot's server; null leaves a push without an answer. */
async function platform(more: Partial<WechatOptions> = {}, answer: Answer = () => ({ body: 'success' })) {
  const bot: Bot = await botServer((got, res) => {
    const given = answer(got)
    if (given) res.writeHead(given.status ?? 200).end(given.body ?? '')
  })
  const clock = handClock()
  const simulator = await startWechatSimulator({
    port: 0,
    appId,
    secret,
    token,
    webhook: bot.url,
    clock,
    timing: { answerMs: 5_000, retryMs: 0 },
    ...more,
  })
  open.push(
    () => bot.close(),
    () => simulator.stop(),
  )

  const ask = async (path: string, body?: unknown, init: RequestInit = {}) => {
    const response = await fetch(`${simulator.url}/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...init,
    })
    const answer = (await response.json()) as Record<string, unknown>
    return { ...answer, status: response.status } as Record<string, unknown> & { status: number }
  }
  const grant = async (more: object = {}) =>
    (await ask('cgi-bin/stable_token', {
      grant_type: 'client_credential',
      appid: appId,
      secret,
      ...more,
    })) as unknown as { access_token: string; expires_in: number; errcode?: number }
  const { access_token: first } = await grant()
  const send = (touser: string, content: string, accessToken = first) =>
    ask(`cgi-bin/message/custom/send?access_token=${accessToken}`, {
      touser,
      msgtype: 'text',
      text: { content },
    })
  const calls = () => simulator.log.after().filter(({ kind }) => kind === 'call')
  const pushes = () => simulator.log.after().filter(({ kind }) => kind === 'push')
  return { bot, clock, simulator, ask, grant, send, first, calls, pushes }
}

const field = (xml: string, name: string) =>
  new RegExp(`<${name}>(?:<!\\[CDATA\\[(.*?)\\]\\]>|([^<]*))</${name}>`, 's')
    .exec(xml)
    ?.slice(1)
    .find((each) => each !== undefined)

describe('what a user writes', () => {
  test('When the account is in plain mode, then the XML comes as the document shows it, signed', async () => {
    const { bot, simulator } = await platform()
    expect(await simulator.say('u1', '你好]]>')).toMatchObject({ taken: true, attempts: 1 })
    const [{ body, query, headers }] = bot.got as [Got]
    expect(headers['content-type']).toBe('text/xml')
    expect(query.openid).toBe('u1')
    expect(query.signature).toBe(
      createHash('sha1').update([token, query.timestamp, query.nonce].sort().join('')).digest('hex'),
    )
    expect(body).toMatch(/^<xml><ToUserName><!\[CDATA\[gh_[0-9a-f]{12}\]\]><\/ToUserName>/)
    expect(field(body, 'FromUserName')).toBe('u1')
    expect(field(body, 'CreateTime')).toBe('1772416800')
    expect(field(body, 'MsgType')).toBe('text')
    expect(body).toContain('<Content><![CDATA[你好]]]]><![CDATA[>]]></Content>')
    expect(Number(field(body, 'MsgId'))).toBeGreaterThan(Number.MAX_SAFE_INTEGER)
  })

  test('When it is in safe mode, then only an independent codec with the key reads the message', async () => {
    const { bot, simulator } = await platform({ aesKey })
    await simulator.say('u1', '我想问问')
    const [{ body, query }] = bot.got as [Got]
    expect(query.encrypt_type).toBe('aes')
    expect(body).not.toContain('我想问问')
    expect(body).not.toContain('MsgType')
    const sealed = field(body, 'Encrypt') as string
    expect(query.msg_signature).toBe(getSignature(token, query.timestamp ?? '', query.nonce ?? '', sealed))
    const { message, id } = independentDecrypt(aesKey, sealed)
    expect(id).toBe(appId)
    expect(field(message, 'Content')).toBe('我想问问')
  })

  test('When it is in compatible mode, then the plain fields stand beside the encrypted ones', async () => {
    const { bot, simulator } = await platform({ aesKey, mode: 'compatible' })
    await simulator.say('u1', '我想问问')
    const [{ body }] = bot.got as [Got]
    expect(field(body, 'Content')).toBe('我想问问')
    expect(independentDecrypt(aesKey, field(body, 'Encrypt') as string).message).toContain('我想问问')
  })

  test('When it is no text, then each kind has its own fields, and a sticker comes as the words of the platform', async () => {
    const { bot, simulator } = await platform()
    await simulator.say('u1', { voice: '我害怕' })
    await simulator.say('u1', { voice: '' })
    await simulator.say('u1', { image: true })
    await simulator.say('u1', { video: true })
    await simulator.say('u1', { sticker: true })
    await simulator.say('u1', { location: { x: 40.842, y: 111.749, label: '呼和浩特' } })
    await simulator.say('u1', { link: { title: '题', description: '', url: 'https://example.org/' } })
    const bodies = bot.got.map(({ body }) => body)
    expect(bodies.map((body) => field(body, 'MsgType'))).toEqual([
      'voice',
      'voice',
      'image',
      'video',
      'text',
      'location',
      'link',
    ])
    expect(field(bodies[0] as string, 'Recognition')).toBe('我害怕')
    expect(bodies[1]).not.toContain('Recognition')
    expect(field(bodies[2] as string, 'PicUrl')).toMatch(/^http/)
    expect(field(bodies[4] as string, 'Content')).toBe('【收到不支持的消息类型，暂无法显示】')
    expect(field(bodies[5] as string, 'Location_X')).toBe('40.842000')
    expect(field(bodies[6] as string, 'Url')).toBe('https://example.org/')
  })

  test('When it is an event, then it has no MsgId', async () => {
    const { bot, simulator } = await platform()
    await simulator.say('u1', { event: 'subscribe', key: 'school' })
    await simulator.say('u1', { event: 'CLICK', key: 'help' })
    await simulator.say('u1', { event: 'VIEW', key: 'https://example.org/' })
    await simulator.say('u1', { event: 'SCAN', key: '7' })
    await simulator.say('u1', { event: 'unsubscribe' })
    const bodies = bot.got.map(({ body }) => body)
    expect(
      bodies.map((body) => [field(body, 'MsgType'), field(body, 'Event'), field(body, 'EventKey')]),
    ).toEqual([
      ['event', 'subscribe', 'qrscene_school'],
      ['event', 'CLICK', 'help'],
      ['event', 'VIEW', 'https://example.org/'],
      ['event', 'SCAN', '7'],
      ['event', 'unsubscribe', ''],
    ])
    expect(bodies.join('')).not.toContain('<MsgId>')
  })
})

describe('what the account answers', () => {
  test('When it does not answer, then the platform asks three times more and gives up, always with one MsgId', async () => {
    const { bot, simulator, pushes } = await platform({ timing: { answerMs: 50, retryMs: 0 } }, () => null)
    expect(await simulator.say('u1', '在吗')).toMatchObject({ taken: false, attempts: 4 })
    expect(new Set(bot.got.map(({ body }) => field(body, 'MsgId'))).size).toBe(1)
    expect(pushes().map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [1, 'timeout'],
      [2, 'timeout'],
      [3, 'timeout'],
      [4, 'timeout'],
    ])
    const shown = simulator.users.view('u1')?.messages.map(({ from, text }) => `${from}: ${text}`)
    expect(shown).toEqual(['person: 在吗', 'platform: 该公众号提供的服务出现故障，请稍后再试'])
  })

  test('When it fails once and then answers, then the message is taken at the second attempt', async () => {
    let times = 0
    const { simulator } = await platform({}, () => (++times === 1 ? { status: 500 } : { body: 'success' }))
    expect(await simulator.say('u1', '在吗')).toMatchObject({ taken: true, attempts: 2 })
  })

  test('When it replies in the answer, sealed in safe mode, then the user sees it', async () => {
    const reply = (content: string) =>
      `<xml><ToUserName><![CDATA[u1]]></ToUserName><FromUserName><![CDATA[gh_1]]></FromUserName><CreateTime>1</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${content}]]></Content></xml>`
    const sealed = encrypt(reply('收到'), appId, aesKey)
    const msgSignature = signatureOf(token, '1', '2', sealed)
    const answers = [
      `<xml><Encrypt><![CDATA[${sealed}]]></Encrypt><MsgSignature>${msgSignature}</MsgSignature><TimeStamp>1</TimeStamp><Nonce>2</Nonce></xml>`,
      reply('没有封好'),
      `<xml><Encrypt><![CDATA[${sealed}]]></Encrypt><MsgSignature>${'0'.repeat(40)}</MsgSignature><TimeStamp>1</TimeStamp><Nonce>2</Nonce></xml>`,
      '<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>',
    ]
    const { simulator } = await platform({ aesKey, timing: { retries: 0 } }, () => ({
      body: answers.shift() ?? '',
    }))
    const taken = []
    for (let i = 0; i < 4; i++) taken.push((await simulator.say('u1', '在吗')).taken)
    expect(taken).toEqual([true, false, false, false])
    const fromBot = simulator.users.view('u1')?.messages.filter(({ from }) => from === 'bot')
    expect(fromBot?.map(({ text }) => text)).toEqual(['收到'])
  })

  test('When the address is verified, then only the echo counts', async () => {
    const echoing = await platform({}, ({ query }) => ({ body: query.echostr ?? '' }))
    expect(await echoing.simulator.verify()).toBe(true)
    expect(echoing.bot.got[0]).toMatchObject({ method: 'GET', body: '' })
    expect(await (await platform()).simulator.verify()).toBe(false)
  })
})

describe('what the account may send', () => {
  test('When a user has written, then five messages go out within 48 hours, and the sixth does not', async () => {
    const { simulator, send, clock, grant } = await platform()
    await simulator.say('u1', '你好')
    const codes = []
    for (let i = 0; i < 6; i++) codes.push(await send('u1', `第 ${i} 条`))
    expect(codes.map(({ status, errcode }) => [status, errcode])).toEqual([
      ...Array.from({ length: 5 }, () => [200, 0]),
      [200, 45047],
    ])
    await simulator.say('u1', '还在吗')
    expect(simulator.users.view('u1')).toMatchObject({ left: 5 })
    clock.later(48 * HOUR - 1)
    const { access_token: later } = await grant()
    expect(await send('u1', '快到了', later)).toMatchObject({ errcode: 0 })
    clock.later(1)
    expect(await send('u1', '到了', later)).toMatchObject({ errcode: 45015 })
    expect(simulator.users.view('u1')).toMatchObject({ left: 0, until: null })
  })

  test('When a user only follows, clicks or scans, then three go out within a minute', async () => {
    const { simulator, send, clock } = await platform()
    for (const event of ['subscribe', 'CLICK', 'SCAN'] as const) {
      await simulator.say('u1', { event, key: 'help' })
      for (let i = 0; i < 3; i++) expect(await send('u1', '你好')).toMatchObject({ errcode: 0 })
      expect(await send('u1', '你好')).toMatchObject({ errcode: 45047 })
      clock.later(60_000)
      expect(await send('u1', '你好')).toMatchObject({ errcode: 45015 })
    }
    await simulator.say('u1', { event: 'VIEW', key: 'https://example.org/' })
    expect(await send('u1', '你好')).toMatchObject({ errcode: 45015 })
  })

  test('When a line of a menu message is pressed, then it comes as its words, and opens the minute of a click', async () => {
    const { simulator, ask, first, bot, send, clock, grant } = await platform()
    await simulator.say('u1', '你好')
    const list = [
      { id: '1', content: '是' },
      { id: '2', content: '不是' },
    ]
    const sent = await ask(`cgi-bin/message/custom/send?access_token=${first}`, {
      touser: 'u1',
      msgtype: 'msgmenu',
      msgmenu: { head_content: '现在安全吗？', list, tail_content: '' },
    })
    expect(sent).toMatchObject({ errcode: 0 })
    const shown = simulator.users.view('u1')?.messages.at(-1)
    expect(shown).toMatchObject({ text: '现在安全吗？\n是\n不是' })
    clock.later(49 * HOUR)
    await simulator.say('u1', shown?.buttons?.[0]?.press as { press: { id: string; content: string } })
    expect(field(bot.got[1]?.body ?? '', 'bizmsgmenuid')).toBe('1')
    expect(field(bot.got[1]?.body ?? '', 'Content')).toBe('是')
    expect(simulator.users.view('u1')).toMatchObject({ left: 3 })
    clock.later(60_000)
    expect(await send('u1', '你好', (await grant()).access_token)).toMatchObject({ errcode: 45015 })
  })

  test('When the user has left, is not known, or the text is empty or too long, then the code says so', async () => {
    const { simulator, send } = await platform()
    await simulator.say('u1', '你好')
    expect(await send('nobody', '你好')).toMatchObject({ errcode: 40003 })
    expect(await send('u1', '')).toMatchObject({ errcode: 44004 })
    expect(await send('u1', '字'.repeat(682))).toMatchObject({ errcode: 0 })
    expect(await send('u1', '字'.repeat(683))).toMatchObject({ errcode: 45002 })
    await simulator.say('u1', { event: 'unsubscribe' })
    expect(await send('u1', '你好')).toMatchObject({ errcode: 43004 })
  })

  test('When the token is missing, wrong, run out or replaced, then the code says which', async () => {
    const { simulator, ask, send, grant, clock, first } = await platform()
    await simulator.say('u1', '你好')
    expect(await ask('cgi-bin/message/custom/send', {})).toMatchObject({ errcode: 41001 })
    expect(await send('u1', '你好', 'nonsense')).toMatchObject({ errcode: 40001 })
    clock.later(7_000_000)
    const next = await grant()
    expect(next.access_token).not.toBe(first)
    expect([await send('u1', '旧', first), await send('u1', '新', next.access_token)]).toMatchObject([
      { errcode: 0 },
      { errcode: 0 },
    ])
    clock.later(300_000)
    expect(await send('u1', '旧', first)).toMatchObject({ errcode: 42001 })
    simulator.expireTokens()
    expect(await send('u1', '新', next.access_token)).toMatchObject({ errcode: 42001 })
    const { access_token: third } = await grant()
    simulator.revokeTokens()
    expect(await send('u1', '新', third)).toMatchObject({ errcode: 40001 })
  })

  test('When a token is asked for again, then it is the same; by force another, not twice in 30 seconds', async () => {
    const { grant, ask, first, clock } = await platform()
    expect((await grant()).access_token).toBe(first)
    const forced = await grant({ force_refresh: true })
    expect(forced.access_token).not.toBe(first)
    expect((await grant({ force_refresh: true })).access_token).toBe(forced.access_token)
    for (let i = 0; i < 19; i++) {
      clock.later(30_000)
      await grant({ force_refresh: true })
    }
    clock.later(30_000)
    expect(await grant({ force_refresh: true })).toMatchObject({ errcode: 45009 })
    const wrong = (more: object) =>
      ask('cgi-bin/stable_token', { grant_type: 'client_credential', appid: appId, secret, ...more })
    expect(await wrong({ secret: 'x' })).toMatchObject({ errcode: 40125 })
    expect(await wrong({ appid: 'x' })).toMatchObject({ errcode: 40013 })
    expect(await wrong({ grant_type: 'x' })).toMatchObject({ errcode: 40002 })
  })

  test('When a template is sent, then a receipt follows; a notice needs an agreement each time', async () => {
    const { simulator, ask, first, bot } = await platform()
    const [lasting, once] = simulator.templates as unknown as [{ id: string }, { id: string }]
    const data = {
      thing1: { value: '今天风大' },
      time2: { value: '2026-03-02 10:00' },
      thing3: { value: '早点回家' },
    }
    const template = (more: object = {}) =>
      ask(`cgi-bin/message/template/send?access_token=${first}`, {
        touser: 'u1',
        template_id: lasting.id,
        data,
        ...more,
      })
    const notice = () =>
      ask(`cgi-bin/message/subscribe/bizsend?access_token=${first}`, {
        touser: 'u1',
        template_id: once.id,
        data,
      })
    await simulator.say('u1', { event: 'subscribe' })
    const sent = await template({ client_msg_id: 'one' })
    expect(sent).toMatchObject({ errcode: 0, msgid: expect.any(Number) })
    expect(await template({ client_msg_id: 'one' })).toMatchObject({ msgid: sent.msgid })
    expect(await template({ template_id: 'x' })).toMatchObject({ errcode: 40037 })
    expect(await template({ data: { ...data, thing1: { value: '很长'.repeat(11) } } })).toMatchObject({
      errcode: 47003,
    })
    expect(await notice()).toMatchObject({ errcode: 43101 })
    await simulator.say('u1', { event: 'subscribe_msg_popup_event', template: once.id, answer: 'accept' })
    expect(await notice()).toMatchObject({ errcode: 0 })
    expect(await notice()).toMatchObject({ errcode: 43101 })
    simulator.reject('u1', true)
    expect(await template()).toMatchObject({ errcode: 0 })
    while (bot.got.length < 5) await new Promise((fulfil) => setTimeout(fulfil, 5))
    const receipts = bot.got
      .map(({ body }) => [
        field(body, 'Event'),
        field(body, 'MsgID'),
        field(body, 'Status') ?? field(body, 'ErrorStatus'),
      ])
      .filter(([event]) => event === 'TEMPLATESENDJOBFINISH' || event === 'subscribe_msg_sent_event')
    expect(receipts).toEqual([
      ['TEMPLATESENDJOBFINISH', String(sent.msgid), 'success'],
      ['subscribe_msg_sent_event', expect.any(String), 'success'],
      ['TEMPLATESENDJOBFINISH', expect.any(String), 'failed:user block'],
    ])
    const seen = simulator.users.view('u1')?.messages.filter(({ from }) => from === 'bot')
    expect(seen).toHaveLength(2)
    expect(seen?.[0]?.text).toContain('今天风大')
  })

  test('When a menu is made, then users can press it; one that is too long is refused by its code', async () => {
    const { simulator, ask, first } = await platform()
    const create = (button: unknown) => ask(`cgi-bin/menu/create?access_token=${first}`, { button })
    const leaf = { type: 'click', name: '找真人', key: 'human' }
    expect(await create([])).toMatchObject({ errcode: 40016 })
    expect(await create([{ ...leaf, type: 'dance' }])).toMatchObject({ errcode: 40017 })
    expect(await create([{ ...leaf, name: '一个太长的名字' }])).toMatchObject({ errcode: 40018 })
    expect(await create([{ ...leaf, key: 'k'.repeat(129) }])).toMatchObject({ errcode: 40019 })
    expect(await create([{ name: '更多', sub_button: Array.from({ length: 6 }, () => leaf) }])).toMatchObject(
      {
        errcode: 40023,
      },
    )
    expect(await ask(`cgi-bin/menu/get?access_token=${first}`)).toMatchObject({ errcode: 46003 })
    const menu = [
      leaf,
      { name: '更多', sub_button: [{ type: 'view', name: '网页', url: 'https://example.org/' }] },
    ]
    expect(await create(menu)).toMatchObject({ errcode: 0 })
    expect(await ask(`cgi-bin/menu/get?access_token=${first}`)).toMatchObject({
      menu: { button: [{ ...leaf, sub_button: [] }, menu[1]] },
    })
    await simulator.say('u1', '你好')
    expect(simulator.users.view('u1')?.menu.map(({ label }) => label)).toEqual(['找真人', '网页'])
  })

  test('When a call is malformed or hostile, then the platform answers with its own code and stays', async () => {
    const { simulator, ask, first, send } = await platform()
    await simulator.say('u1', '你好')
    const path = `cgi-bin/message/custom/send?access_token=${first}`
    expect(await ask(path)).toMatchObject({ errcode: 43002 })
    expect(await ask(path, '')).toMatchObject({ errcode: 44002 })
    for (const body of ['{', '[]', 'null', '"x"', '{"touser":1}', '{"touser":"u1","msgtype":"text"}'])
      expect(await ask(path, body)).toMatchObject({ status: 200, errcode: 47001 })
    expect(await ask(path, undefined, { method: 'POST', body: new Uint8Array([0x7b, 0xff]) })).toMatchObject({
      errcode: 47001,
    })
    expect(await ask(path, 'x'.repeat(300_000))).toMatchObject({ errcode: 45002 })
    expect(await ask(path, { touser: 'u1', msgtype: 'image', image: { media_id: 'x' } })).toMatchObject({
      errcode: 40007,
    })
    expect(await ask(path, { touser: 'u1', msgtype: 'dance' })).toMatchObject({ errcode: 40008 })
    expect(await ask('cgi-bin/nothing?access_token=x', {})).toMatchObject({ errcode: 40066 })
    expect(await send('u1', '还好吗')).toMatchObject({ errcode: 0 })
  })
})

describe('faults on command', () => {
  test('When calls are struck, then each fault is what it says, and the log says which message was taken', async () => {
    const { simulator, send, calls } = await platform()
    await simulator.say('u1', '你好')
    simulator.faults.limit({ times: 1, only: 'custom/send' })
    expect(await send('u1', '太多')).toMatchObject({ status: 200, errcode: 45009 })
    simulator.faults.status({ times: 1, status: 503 })
    await expect(send('u1', '坏了')).rejects.toThrow() // No JSON.
    simulator.faults.drop({ times: 1 })
    await expect(send('u1', '断了')).rejects.toThrow()
    simulator.faults.lose({ times: 1 })
    await expect(send('u1', '没有回音')).rejects.toThrow()
    simulator.faults.silence({ times: 1 })
    const silent = fetch(`${simulator.url}/cgi-bin/menu/get`, { signal: AbortSignal.timeout(100) })
    await expect(silent).rejects.toThrow()
    expect(await send('u1', '好了')).toMatchObject({ errcode: 0 })
    const seen = simulator.users.view('u1')?.messages.filter(({ from }) => from === 'bot')
    expect(seen?.map(({ text }) => text)).toEqual(['没有回音', '好了'])
    expect(
      calls()
        .slice(1)
        .map(({ outcome, fault }) => [outcome, fault]),
    ).toEqual([
      ['refused', 'limit'],
      ['failed', 'status'],
      ['dropped', 'drop'],
      ['taken', 'lose'],
      ['timeout', 'silence'],
      ['taken', undefined],
    ])
    expect(simulator.faults.list()).toEqual([])
  })

  test('When pushes are struck, then they come twice, late, cut, or without an answer that is read', async () => {
    const { simulator, bot, pushes } = await platform()
    simulator.faults.repeat({ times: 1 })
    await simulator.say('u1', '一')
    simulator.faults.reorder({ times: 1 })
    await Promise.all([simulator.say('u1', '二'), simulator.say('u1', '三')])
    simulator.faults.drop({ on: 'pushes', times: 1 })
    await simulator.say('u1', '四')
    simulator.faults.lose({ on: 'pushes', times: 1 })
    await simulator.say('u1', '五')
    expect(bot.got.map(({ body }) => field(body, 'Content')).join('')).toBe('一一三二四五五')
    expect(pushes().map(({ text, outcome, fault }) => [text, outcome, fault])).toEqual([
      ['一', 'taken', undefined],
      ['一', 'taken', 'repeat'],
      ['三', 'taken', undefined],
      ['二', 'taken', undefined],
      ['四', 'dropped', 'drop'],
      ['四', 'taken', undefined],
      ['五', 'lost', 'lose'],
      ['五', 'taken', undefined],
    ])
  })
})
