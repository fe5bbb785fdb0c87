import { createHash, randomBytes } from 'node:crypto'
import { encrypt, getSignature } from '@wecom/crypto'
import { wechatChannel } from '../../bot/channels/wechat/channel.js'
import { startWechatSimulator } from '../../bot/simulators/wechat/simulator.js'
import type { Driver, Someone } from './contract.js'

const AES_KEY = randomBytes(32).toString('base64').replace(/[+/=]/g, 'A').slice(0, 43)
const ACCOUNT = {
  appId: 'wx00c0ffee00c0ffee',
  secret: randomBytes(16).toString('hex'),
  token: randomBytes(8).toString('hex'),
}
const ONLY = { times: 1, only: 'custom/send' }

/** The 公众号 in safe mode, against the simulated platform. */
export const wechat: Driver = {
  name: 'wechat',
  has: {
    handed: true,
    receipts: false,
    window: { most: 5, bot: 2, ms: 48 * 3_600_000 },
    refuses: '',
    leaving: true,
    fails: ['limited', 'temporary', 'lost'],
    repeats: true,
    buttons: false,
    outside: true,
    abroad: false,
  },

  async open({ url, clock }) {
    const hook = `${url}/channels/wechat`
    const simulator = await startWechatSimulator({
      ...ACCOUNT,
      port: 0,
      aesKey: AES_KEY,
      webhook: hook,
      clock,
      timing: { answerMs: 4_000, retryMs: 20 },
    })
    const { faults } = simulator

    const someone = (): Promise<Someone> => {
      const address = `o${randomBytes(13).toString('hex')}`
      return Promise.resolve({
        address,
        says: (text) => simulator.say(address, text),
        repeats: async (text) => {
          faults.lose({ on: 'pushes', times: 1 })
          faults.repeat({ times: 1 })
          await simulator.say(address, text)
        },
        reads: () =>
          Promise.resolve(
            (simulator.users.view(address)?.messages ?? [])
              .filter(({ from }) => from === 'bot')
              .map(({ text }) => ({ text })),
          ),
        sends: {
          voice: () => simulator.say(address, { voice: '' }),
          image: () => simulator.say(address, { image: true }),
          sticker: () => simulator.say(address, { sticker: true }),
          video: () => simulator.say(address, { video: true }),
        },
        leaves: () => simulator.say(address, { event: 'unsubscribe' }),
        returns: () => simulator.say(address, { event: 'subscribe' }),
      })
    }

    const now = (ms = 0) => String(Math.floor((clock.now().getTime() + ms) / 1000))
    const xmlOf = (content: string) =>
      `<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[ohostile]]></FromUserName>` +
      `<CreateTime>${now()}</CreateTime><MsgType><![CDATA[text]]></MsgType>` +
      `<Content><![CDATA[${content}]]></Content><MsgId>${randomBytes(6).readUIntBE(0, 6)}</MsgId></xml>`
    const post = (query: Record<string, string>, body: string | Uint8Array) =>
      fetch(`${hook}?${new URLSearchParams(query)}`, {
        method: 'POST',
        headers: { 'content-type': 'text/xml' },
        body,
      })
    /** A request as the platform makes it, by an independent codec, with one thing wrong. */
    const send = (
      inner: string,
      {
        word = ACCOUNT.token,
        to = ACCOUNT.appId,
        key = AES_KEY,
        at = now(),
        as = (body: string): string | Uint8Array => body,
      } = {},
    ) => {
      const nonce = randomBytes(4).toString('hex')
      const Encrypt = encrypt(key, inner, to)
      return post(
        { timestamp: at, nonce, encrypt_type: 'aes', msg_signature: getSignature(word, at, nonce, Encrypt) },
        as(`<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[${Encrypt}]]></Encrypt></xml>`),
      )
    }
    const bomb = (root: string) =>
      `<!DOCTYPE xml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>${root}`

    return {
      make: (parts) => wechatChannel({ ...parts, ...ACCOUNT, aesKey: AES_KEY, apiRoot: simulator.url }),
      someone,
      stranger: () => Promise.resolve(`o${randomBytes(13).toString('hex')}`),
      fail(how) {
        const fails = {
          limited: () => faults.limit({ ...ONLY, code: 45011 }),
          temporary: () => faults.status({ ...ONLY, status: 503 }),
          lost: () => faults.lose(ONLY),
        }
        fails[how]()
      },
      hostile: () => [
        { what: 'no signature', send: () => post({}, xmlOf('在吗')), status: 403 },
        { what: 'another token', send: () => send(xmlOf('在吗'), { word: 'guess' }), status: 403 },
        {
          what: 'another account',
          send: () => send(xmlOf('在吗'), { to: 'wxffffffffffffffff' }),
          status: 403,
        },
        { what: 'an old request', send: () => send(xmlOf('在吗'), { at: now(-360_000) }), status: 403 },
        {
          what: 'a request from the future',
          send: () => send(xmlOf('在吗'), { at: now(360_000) }),
          status: 403,
        },
        {
          what: 'a plain message with a good signature',
          send: () => {
            const [timestamp, nonce] = [now(), randomBytes(4).toString('hex')]
            const signature = createHash('sha1')
              .update([ACCOUNT.token, timestamp, nonce].sort().join(''))
              .digest('hex')
            return post({ timestamp, nonce, signature }, xmlOf('在吗'))
          },
          status: 403,
        },
        { what: 'an entity bomb', send: () => send(xmlOf('在吗'), { as: bomb }), status: 400 },
        { what: 'an entity bomb inside', send: () => send(bomb(xmlOf('&b;'))), status: 400 },
        { what: 'a huge body', send: () => send(xmlOf('字'.repeat(60_000))), status: 413 },
        {
          what: 'another encoding',
          send: () => send(xmlOf('在吗'), { as: (body) => Buffer.from(body, 'utf16le') }),
          status: 400,
        },
        { what: 'no XML', send: () => send('{"text":"在吗"}'), status: 400 },
      ],
      stop: () => simulator.stop(),
    }
  },
}
