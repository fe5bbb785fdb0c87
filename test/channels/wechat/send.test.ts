import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { NO_ANSWER, SendFailure } from '../../../bot/delivery/failure.js'
import { createVault } from '../../../bot/store/crypto.js'
import { startEmbedded } from '../../../bot/store/embedded/start.js'
import { unknownRecipient } from '../../../bot/store/recipients.js'
import { openStore, type Store } from '../../../bot/store/store.js'
import { house, outgoing, type House } from './house.js'

let own: House

beforeAll(async () => {
  own = await house()
})
afterAll(() => own.close())

const user = () => `o${randomBytes(8).toString('hex')}`
const send = (to: string, text = '我在。') => own.adapter.channel.send(outgoing(to, text))
const failure = async (what: Promise<unknown>): Promise<Pick<SendFailure, 'kind' | 'code'>> => {
  const error = await what.then(() => null).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(SendFailure)
  const { kind, code } = error as SendFailure
  return { kind, code }
}
const read = (who: string) =>
  own.simulator.users
    .view(who)
    ?.messages.filter(({ from }) => from === 'bot')
    .map(({ text }) => text)
const tokensAsked = () =>
  own.simulator.log.after().filter(({ what, outcome }) => what === 'stable_token' && outcome === 'taken')
    .length

describe('a reply', () => {
  test('When somebody has written, then five messages reach them, and the sixth is told to be one too many', async () => {
    const who = user()
    expect(await failure(send(who))).toEqual({ kind: 'gone', code: '40003' })
    await own.simulator.say(who, '在吗')
    for (let i = 1; i <= 5; i++) await send(who, `第${i}句`)
    expect(await failure(send(who))).toEqual({ kind: 'closed', code: '45047' })
    expect(read(who)).toEqual(['第1句', '第2句', '第3句', '第4句', '第5句'])
    own.simulator.closeWindow(who)
    expect(await failure(send(who))).toEqual({ kind: 'closed', code: '45015' })
    await own.simulator.say(who, { event: 'unsubscribe' })
    expect(await failure(send(who))).toEqual({ kind: 'gone', code: '43004' })
  })

  test('When the longest message of Chinese is sent, then the platform takes it', async () => {
    const who = user()
    await own.simulator.say(who, '在吗')
    const { maxText } = own.adapter.channel.capabilities
    await send(who, '字'.repeat(maxText))
    expect(await failure(send(who, '字'.repeat(maxText + 20)))).toEqual({ kind: 'refused', code: '45002' })
  })

  test('When the token runs out or is replaced, then it is renewed once and the message arrives once', async () => {
    const who = user()
    await own.simulator.say(who, '在吗')
    await send(who, '一')
    own.simulator.expireTokens()
    await send(who, '二')
    own.simulator.revokeTokens()
    const before = tokensAsked()
    await Promise.all([send(who, '三'), send(who, '四')])
    expect(tokensAsked() - before).toBe(1)
    expect(read(who)?.sort()).toEqual(['一', '三', '二', '四'])
  })

  test('When the platform is too busy, away or breaks off, then the failure says what may have happened', async () => {
    const who = user()
    await own.simulator.say(who, '在吗')
    const only = 'custom/send'
    own.simulator.faults.limit({ times: 1, only, code: 45011 })
    expect(await failure(send(who))).toEqual({ kind: 'limited', code: '45011' })
    own.simulator.faults.limit({ times: 1, only })
    expect(await failure(send(who))).toEqual({ kind: 'limited', code: '45009' })
    own.simulator.faults.status({ times: 1, only, status: 503 })
    expect(await failure(send(who))).toEqual({ kind: 'temporary', code: 'http-503' })
    own.simulator.faults.drop({ times: 1, only })
    expect(await failure(send(who))).toEqual({ kind: 'temporary', code: NO_ANSWER })
    own.simulator.faults.lose({ times: 1, only })
    expect(await failure(send(who, '到了'))).toEqual({ kind: 'temporary', code: NO_ANSWER })
    await send(who, '好了')
    expect(read(who)).toEqual(['到了', '好了'])
  })
})

describe('the token', () => {
  test('When two processes need it at once, then one fetches it and both use it; early before its end the next is fetched', async () => {
    const database = await startEmbedded({ memory: true })
    const vault = createVault(randomBytes(32))
    const stores = await Promise.all([1, 2].map(() => openStore({ uri: database.uri }, vault)))
    const first = await house({}, {}, { store: stores[0] as Store })
    const { simulator } = first
    const second = await house({ clock: first.clock }, {}, { store: stores[1] as Store, simulator })
    const asked = () => simulator.log.after().filter(({ what }) => what === 'stable_token').length
    await simulator.say('o1', '在吗')
    await Promise.all(
      [first, second, first, second].map(({ adapter }) => adapter.channel.send(outgoing('o1', '好'))),
    )
    expect(asked()).toBe(1)
    // Seven minutes before its end it still serves, three minutes before it the next does.
    first.clock.move(7_200_000 - 420_000)
    await simulator.say('o1', '在吗')
    await second.adapter.channel.send(outgoing('o1', '好'))
    expect(asked()).toBe(1)
    first.clock.move(240_000)
    await Promise.all([first, second].map(({ adapter }) => adapter.channel.send(outgoing('o1', '好'))))
    expect(asked()).toBe(2)
    // No token stands readable in the store.
    const [lease] = await (stores[0] as Store).leases.model.find({ _id: /^wechat\.token/ }).lean()
    expect(lease?.value?.toString('latin1')).not.toContain('token')
    await second.close()
    await first.close()
    await Promise.all(stores.map((store) => store.close()))
    await database.stop()
  })
})

describe('windows', () => {
  const now = new Date('2026-03-01T12:00:00+08:00')
  const ago = (ms: number) => new Date(now.getTime() - ms)
  const of = (facts: Partial<typeof unknownRecipient>) =>
    own.adapter.channel.allowance?.({ ...unknownRecipient, ...facts }, now)

  test('When somebody wrote, then five may be sent for 48 hours, of which the machine has two', () => {
    expect(of({ lastInboundAt: ago(60_000) })).toMatchObject({
      state: 'open',
      window: 'message',
      left: 5,
      bot: 2,
    })
    expect(of({ lastInboundAt: ago(60_000), sentSince: 2, botSince: 2 })).toMatchObject({ left: 3, bot: 0 })
    expect(of({ lastInboundAt: ago(60_000), sentSince: 4, botSince: 1 })).toMatchObject({ left: 1, bot: 1 })
    expect(of({ lastInboundAt: ago(60_000), sentSince: 5, botSince: 2 })).toMatchObject({
      state: 'closed',
      left: 0,
    })
    expect(of({ lastInboundAt: ago(47.9 * 3_600_000) })).toMatchObject({ state: 'open' })
    expect(of({ lastInboundAt: ago(48 * 3_600_000) })).toMatchObject({ state: 'closed' })
  })

  test('When somebody follows, presses the menu or scans, then three may be sent within the minute', () => {
    expect(of({ lastEventAt: ago(10_000), lastEvent: 'subscribe' })).toMatchObject({
      window: 'event',
      left: 3,
      bot: 3,
    })
    expect(of({ lastEventAt: ago(10_000), lastEvent: 'subscribe', eventSince: 3 })).toMatchObject({
      state: 'closed',
    })
    expect(of({ lastEventAt: ago(60_000), lastEvent: 'subscribe' })).toMatchObject({ state: 'closed' })
    expect(of({})).toMatchObject({ state: 'closed' })
    expect(of({ lastInboundAt: ago(1), reachable: false })).toMatchObject({ state: 'gone' })
  })
})

describe('warnings outside the window', () => {
  const notify = (to: string, template: string, text: string, key = randomBytes(8).toString('hex')) =>
    own.adapter.channel.notify?.({ ...outgoing(to, text, key), template }) ??
    Promise.reject(new Error('none'))
  const idOf = (kind: string) => own.simulator.templates.find((each) => each.kind === kind)?.id as string

  test('When a follower is warned by a template, then it arrives filled, with a receipt, and once however often it is tried', async () => {
    const who = user()
    await own.simulator.say(who, { event: 'subscribe' })
    own.simulator.closeWindow(who)
    const text = '河面结冰了，不要上冰。看见有人落水，先打119，再找大人，不要自己下去救人。'
    expect(await notify(who, idOf('template'), text, 'push:1')).toEqual({
      receipt: expect.stringMatching(/^\d+$/),
    })
    await notify(who, idOf('template'), text, 'push:1')
    const seen = read(who)
    expect(seen).toHaveLength(1)
    expect(seen?.[0]).toContain('预警内容:河面结冰了，不要上冰。')
    expect(seen?.[0]).toContain('温馨提示:看见有人落水，先打119，再找大人，不…')
  })

  test('When somebody agreed to one notice, then one arrives, and the next is closed to us', async () => {
    const who = user()
    await own.simulator.say(who, {
      event: 'subscribe_msg_popup_event',
      template: idOf('once'),
      answer: 'accept',
    })
    await notify(who, idOf('once'), '暑假别去野外游泳。')
    expect(await failure(notify(who, idOf('once'), '暑假别去野外游泳。'))).toEqual({
      kind: 'closed',
      code: '43101',
    })
  })

  test('When the template is unknown, then the message is refused before it is sent', async () => {
    expect(await failure(notify(user(), 'nosuch', '你好'))).toEqual({
      kind: 'refused',
      code: 'template-unknown',
    })
  })
})

describe('the state of the channel', () => {
  const state = async (given: Parameters<typeof house>[0], platform: Parameters<typeof house>[1] = {}) => {
    const other = await house(given, platform)
    const status = await other.adapter.status()
    await other.close()
    return status
  }

  test('When all is well, then it says so, and what to register where, and no secret', async () => {
    const status = await state({ publicUrl: 'https://chat.example.org/' })
    expect(status).toMatchObject({ on: true, state: 'ok', missing: [] })
    expect(status.register[0]?.value).toBe('https://chat.example.org/channels/wechat')
    expect(status.why).toContain('还没有收到公众号的消息')
    expect(JSON.stringify(status)).not.toMatch(/QingAnTest|wx0123/)
  })

  test('When settings are missing, then it is off and names them', async () => {
    expect(await state({ secret: undefined, token: undefined })).toMatchObject({
      on: false,
      state: 'off',
      missing: ['WECHAT_APP_SECRET', 'WECHAT_TOKEN'],
    })
  })

  test('When the secret, the AppID, the address or the token is wrong, then it says in plain words what to do', async () => {
    expect(await state({ secret: 'wrong' })).toMatchObject({
      state: 'dead',
      why: expect.stringContaining('AppSecret 不对'),
    })
    expect(await state({ appId: 'wxwrong' })).toMatchObject({
      state: 'dead',
      why: expect.stringContaining('AppID 不对'),
    })
    expect(await state({ apiRoot: 'http://127.0.0.1:1024' })).toMatchObject({
      state: 'failing',
      why: expect.stringContaining('连不上 127.0.0.1:1024'),
    })
    const other = await house({ token: 'another' }, { timing: { retries: 0, answerMs: 2_000, retryMs: 1 } })
    await other.simulator.say('o1', '你好')
    expect(await other.adapter.status()).toMatchObject({
      state: 'failing',
      why: expect.stringContaining('WECHAT_TOKEN'),
    })
    await other.close()
  })

  test('When the account has no menu, then it gets ours; when it has one, then that stays', async () => {
    const other = await house()
    await other.simulator.say('o1', '你好')
    const labels = () => other.simulator.users.view('o1')?.menu?.map(({ label }) => label)
    for (let i = 0; i < 100 && !labels()?.length; i++) await new Promise((fulfil) => setTimeout(fulfil, 20))
    expect(labels()).toEqual(['我有危险', '我想问问', '找真人'])
    await other.close()
  })
})
