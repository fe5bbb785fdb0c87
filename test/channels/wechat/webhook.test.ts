import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { encrypt, getSignature } from '@wecom/crypto'
import { createHash } from 'node:crypto'
import { ACCOUNT, AES_KEY, house, type House } from './house.js'

const { appId, token } = ACCOUNT
let own: House

beforeAll(async () => {
  own = await house()
})
afterAll(() => own.close())

const user = () => `o${randomBytes(12).toString('hex')}`
const at = (ms = 0) => String(Math.floor((own.clock.now().getTime() + ms) / 1000))
const textOf = (from: string, content: string, id = String(Math.floor(Math.random() * 1e15))) =>
  `<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[${from}]]></FromUserName>` +
  `<CreateTime>${at()}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${content}]]></Content>` +
  `<MsgId>${id}</MsgId></xml>`

/** What the platform would send in safe mode, by an independent codec. */
function sealed(xml: string, { to = appId, key = AES_KEY, word = token, time = at() } = {}) {
  const nonce = randomBytes(4).toString('hex')
  const Encrypt = encrypt(key, xml, to)
  const query = new URLSearchParams({
    timestamp: time,
    nonce,
    encrypt_type: 'aes',
    msg_signature: getSignature(word, time, nonce, Encrypt),
  })
  return {
    query,
    body: `<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[${Encrypt}]]></Encrypt></xml>`,
  }
}

const post = (
  { query, body }: { query: URLSearchParams; body: string | Uint8Array },
  headers: Record<string, string> = { 'content-type': 'text/xml' },
  to = own,
) => fetch(`${to.url}?${query}`, { method: 'POST', headers, body })

const nothing = async (from: string) => expect(await own.inbox.find('wechat', from)).toBeNull()

describe('what is believed', () => {
  test('When the address is entered at the platform, then its word is said back; a wrong token gets nothing', async () => {
    expect(await own.simulator.verify()).toBe(true)
    const query = new URLSearchParams({
      timestamp: at(),
      nonce: '1',
      echostr: '42',
      signature: 'f'.repeat(40),
    })
    const wrong = await fetch(`${own.url}?${query}`)
    expect([wrong.status, await wrong.text()]).toEqual([403, ''])
  })

  test('When somebody writes, then it is stored before the answer, and the answer is the word success', async () => {
    const from = user()
    const answer = await post(sealed(textOf(from, '同学打我怎么办')))
    const conversation = await own.inbox.find('wechat', from)
    expect([answer.status, await answer.text()]).toEqual([200, 'success'])
    expect(own.woken.at(-1)).toBe(conversation)
    expect((await own.store.messages.waiting(conversation as string)).map(({ text }) => text)).toEqual([
      '同学打我怎么办',
    ])
  })

  test('When the platform repeats itself, side by side and later, then it is stored once', async () => {
    const from = user()
    const [first, again] = [sealed(textOf(from, '在吗', '77')), sealed(textOf(from, '在吗', '77'))]
    const answers = await Promise.all([first, first, again, again].map((each) => post(each)))
    answers.push(await post(first))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    const conversation = (await own.inbox.find('wechat', from)) as string
    expect(await own.store.messages.waiting(conversation)).toHaveLength(1)
  })

  test('When an event comes twice, then it is told apart by who, when and what', async () => {
    const from = user()
    const event = (name: string, key = '') =>
      `<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[${from}]]></FromUserName>` +
      `<CreateTime>1700000000</CreateTime><MsgType><![CDATA[event]]></MsgType>` +
      `<Event><![CDATA[${name}]]></Event><EventKey><![CDATA[${key}]]></EventKey></xml>`
    for (const xml of [
      event('subscribe'),
      event('subscribe'),
      event('CLICK', '找真人'),
      event('CLICK', '我有危险'),
    ])
      expect((await post(sealed(xml))).status).toBe(200)
    const conversation = (await own.inbox.find('wechat', from)) as string
    const waiting = await own.store.messages.waiting(conversation)
    expect(waiting.map(({ event: name, text }) => [name, text])).toEqual([
      ['subscribe', ''],
      ['menu', '找真人'],
      ['menu', '我有危险'],
    ])
  })

  test('When voices, pictures and all the rest come, then what can be read is, and the rest is handed on by its kind', async () => {
    const from = user()
    await own.simulator.say(from, { event: 'subscribe', key: 'school' })
    await own.simulator.say(from, { voice: '我想问打工的事' })
    await own.simulator.say(from, { voice: '' })
    await own.simulator.say(from, { image: true })
    await own.simulator.say(from, { sticker: true })
    await own.simulator.say(from, { video: true })
    await own.simulator.say(from, { location: { x: 40, y: 111, label: '家' } })
    await own.simulator.say(from, { link: { title: '新闻', description: '', url: 'https://example.org/' } })
    await own.simulator.say(from, { event: 'SCAN', key: '1' })
    await own.simulator.say(from, { event: 'CLICK', key: '找真人' })
    // Nobody has said anything by opening a link, and nothing is kept of it.
    await own.simulator.say(from, { event: 'VIEW', key: 'https://example.org/' })
    await own.simulator.say(from, { event: 'unsubscribe' })
    const conversation = (await own.inbox.find('wechat', from)) as string
    const waiting = await own.store.messages.waiting(conversation)
    expect(waiting.map(({ text, unreadable, event }) => event ?? unreadable ?? text)).toEqual([
      'subscribe',
      '我想问打工的事',
      'voice',
      'image',
      'sticker',
      'video',
      'location',
      'other',
      'scan',
      'menu',
      'unsubscribe',
    ])
    expect(
      own.simulator.log.after().filter(({ kind, outcome }) => kind === 'push' && outcome !== 'taken'),
    ).toEqual([])
  })

  test.each(['plain', 'compatible', 'safe'] as const)(
    'When the account is in %s mode, then it is understood',
    async (mode) => {
      const other = await house(mode === 'plain' ? { aesKey: undefined } : {}, {
        mode,
        ...(mode === 'plain' ? { aesKey: undefined } : {}),
      })
      expect(await other.simulator.verify()).toBe(true)
      expect((await other.simulator.say('o1', ' <b>我&amp;你</b> ]]> 007 ')).taken).toBe(true)
      expect(await other.stored()).toEqual([{ text: ' <b>我&amp;你</b> ]]> 007 ' }])
      await other.close()
    },
  )
})

describe('what is not believed', () => {
  test('When a request is forged, old, for another account or under another key, then it is refused and nothing is kept', async () => {
    const cases: [string, ReturnType<typeof sealed>][] = [
      ['another token', sealed(textOf('x1', '你好'), { word: 'guess' })],
      ['another account', sealed(textOf('x2', '你好'), { to: 'wxffffffffffffffff' })],
      [
        'another key',
        sealed(textOf('x3', '你好'), {
          key: AES_KEY.replace(/./g, (c) => (c === 'A' ? 'B' : c)).replace(/^./, 'Z'),
        }),
      ],
      ['six minutes old', sealed(textOf('x4', '你好'), { time: at(-360_000) })],
      ['six minutes ahead', sealed(textOf('x5', '你好'), { time: at(360_000) })],
      ['no time', sealed(textOf('x6', '你好'), { time: 'NaN' })],
    ]
    for (const [name, request] of cases) {
      const answer = await post(request)
      expect([name, answer.status, await answer.text()]).toEqual([name, 403, ''])
    }
    const bare = await fetch(own.url, { method: 'POST', body: textOf('x7', '你好') })
    expect(bare.status).toBe(403)
    for (let i = 1; i < 8; i++) await nothing(`x${i}`)
  })

  test('When a believed request is replayed after five minutes, then it is refused', async () => {
    const request = sealed(textOf(user(), '你好'))
    expect((await post(request)).status).toBe(200)
    own.clock.move(301_000)
    expect((await post(request)).status).toBe(403)
  })

  test('When the signature of one body is put to another, then it is refused, in plain mode too', async () => {
    const stolen = { ...sealed(textOf('x1', '你好')), body: sealed(textOf('x1', '骗人')).body }
    expect((await post(stolen)).status).toBe(403)
    const plain = await house({ aesKey: undefined }, { aesKey: undefined })
    const signed = () => {
      const [timestamp, nonce] = [
        String(Math.floor(plain.clock.now().getTime() / 1000)),
        randomBytes(4).toString('hex'),
      ]
      const signature = createHash('sha1').update([token, timestamp, nonce].sort().join('')).digest('hex')
      return new URLSearchParams({ timestamp, nonce, signature })
    }
    const query = signed()
    expect((await post({ query, body: textOf('p1', '你好') }, undefined, plain)).status).toBe(200)
    expect((await post({ query, body: textOf('p2', '骗人') }, undefined, plain)).status).toBe(403)
    expect(await plain.inbox.find('wechat', 'p2')).toBeNull()
    // Encrypted where nothing can be opened, and plain where everything must be encrypted.
    expect((await post(sealed(textOf('p3', '你好')), undefined, plain)).status).toBe(403)
    expect((await post({ query: signed(), body: textOf('p4', '你好') })).status).toBe(403)
    await plain.close()
  })

  test('When it is huge, a bomb, packed, in another encoding or no message, then it is refused and the server lives on', async () => {
    const from = user()
    const bomb = `<!DOCTYPE xml [<!ENTITY a "哈"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>${textOf(from, '&b;')}`
    const gbk = Buffer.from([0xc4, 0xe3, 0xba, 0xc3])
    const cases: [string, number, Promise<Response>][] = [
      ['huge', 413, post({ ...sealed(''), body: 'x'.repeat(70_000) })],
      ['a bomb outside', 400, post({ ...sealed(''), body: bomb })],
      ['a bomb inside', 400, post(sealed(bomb))],
      ['deep', 400, post(sealed(`<xml>${'<a>'.repeat(2_000)}${'</a>'.repeat(2_000)}</xml>`))],
      [
        'twice a sender',
        400,
        post(sealed(textOf(from, '你好').replace('</xml>', '<FromUserName>y</FromUserName></xml>'))),
      ],
      ['no sender', 400, post(sealed('<xml><MsgType>text</MsgType></xml>'))],
      ['a strange sender', 400, post(sealed(textOf('a b$c', '你好')))],
      ['GBK', 400, post({ ...sealed(''), body: gbk })],
      ['UTF-16', 400, post({ ...sealed(''), body: Buffer.from(textOf(from, '你好'), 'utf16le') })],
      [
        'packed',
        415,
        post({ ...sealed(''), body: gzipSync(textOf(from, '你好')) }, { 'content-encoding': 'gzip' }),
      ],
      ['JSON', 400, post({ ...sealed(''), body: '{"a":1}' }, { 'content-type': 'application/json' })],
      ['nothing', 400, post({ ...sealed(''), body: '' })],
    ]
    for (const [name, status, answer] of cases) expect([name, (await answer).status]).toEqual([name, status])
    await nothing(from)
    expect((await post(sealed(textOf(from, '你好')))).status).toBe(200)
  })

  test('When it cannot be stored, then the platform is not told success and sends it again', async () => {
    const broken = await house({}, { timing: { answerMs: 2_000, retryMs: 20, retries: 3 } })
    const { open } = broken.store.conversations
    let times = 0
    broken.store.conversations.open = (...args) =>
      times++ < 2 ? Promise.reject(new Error('away')) : open.apply(broken.store.conversations, args)
    const said = await broken.simulator.say('o1', '我不想活了')
    expect(said).toMatchObject({ taken: true, attempts: 3 })
    expect(await broken.stored()).toEqual([{ text: '我不想活了' }])
    await broken.close()
  })

  test('When the channel is not running, then the platform keeps the message', async () => {
    const off = await house({}, { timing: { answerMs: 2_000, retryMs: 20, retries: 1 } })
    await off.adapter.stop()
    expect(await off.simulator.say('o1', '在吗')).toMatchObject({ taken: false })
    await off.adapter.start()
    expect(await off.simulator.say('o1', '在吗')).toMatchObject({ taken: true })
    await off.close()
  })
})
