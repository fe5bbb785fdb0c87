import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { telegramChannel } from '../../bot/channels/telegram/channel.js'
import { startTelegramSimulator } from '../../bot/simulators/telegram/simulator.js'
import { until } from '../until.js'
import type { Driver, Someone } from './contract.js'

const TOKEN = `7000000001:${randomBytes(24).toString('base64url')}`
const SECRET = randomBytes(24).toString('base64url')
const ONLY = { times: 1, only: 'sendMessage' }

/** Telegram by its webhook, against the simulated Bot API. */
export const telegram: Driver = {
  name: 'telegram',
  has: {
    handed: true,
    receipts: true,
    window: null,
    refuses: '',
    leaving: true,
    fails: ['limited', 'temporary', 'lost'],
    repeats: true,
    buttons: true,
    outside: true,
    abroad: true,
  },

  async open({ url, clock }) {
    const timing = { answerMs: 2_000, retryMs: 20, retryMaxMs: 100 }
    const simulator = await startTelegramSimulator({ port: 0, botToken: TOKEN, clock, timing })
    const { faults } = simulator
    const hook = `${url}/channels/telegram`
    let made = 0

    const someone = (): Promise<Someone> => {
      const address = String(820_000_000 + ++made)
      const shown = () => simulator.users.view(address)?.messages.filter(({ from }) => from === 'bot') ?? []
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
            shown().map(({ text, buttons }) => ({
              text,
              ...(buttons ? { buttons: buttons.map(({ label }) => label) } : {}),
            })),
          ),
        sends: {
          voice: () => simulator.say(address, { voice: true }),
          image: () => simulator.say(address, { image: true }),
          sticker: () => simulator.say(address, { sticker: true }),
        },
        presses: (label) => {
          const buttons = shown().flatMap((each) => each.buttons ?? [])
          const found = buttons.findLast((each) => each.label === label)
          return simulator.say(address, found?.press as { press: { message: number; data: string } })
        },
        leaves: () => simulator.say(address, { event: 'block' }),
        returns: () => simulator.say(address, { event: 'unblock' }),
      })
    }

    let updates = 900_000_000
    const update = (text: string) =>
      JSON.stringify({
        update_id: ++updates,
        message: { message_id: 1, date: 1, chat: { id: 830_000_000, type: 'private' }, text },
      })
    const post = (body: string | Uint8Array, headers: Record<string, string> = {}) =>
      fetch(hook, {
        method: 'POST',
        headers: { 'x-telegram-bot-api-secret-token': SECRET, ...headers },
        body,
      })

    return {
      make: (parts) =>
        telegramChannel({
          ...parts,
          token: TOKEN,
          secret: SECRET,
          apiRoot: simulator.url,
          topics: () => [],
          about: () => '我是 AI。',
        }),
      ready: ({ adapter }) =>
        until(async () => (await adapter.status()).state === 'ok', 'the webhook to be registered'),
      someone,
      stranger: () => Promise.resolve(String(simulator.numberOf('stranger'))),
      fail(how) {
        const fails = {
          limited: () => faults.limit({ ...ONLY, retryAfter: 30 }),
          temporary: () => faults.status({ ...ONLY, status: 502 }),
          lost: () => faults.lose(ONLY),
        }
        fails[how]()
      },
      hostile: () => {
        const body = update('在吗')
        return [
          {
            what: 'a wrong secret',
            send: () => post(body, { 'x-telegram-bot-api-secret-token': 'guess' }),
            status: 401,
          },
          { what: 'no secret', send: () => fetch(hook, { method: 'POST', body }), status: 401 },
          { what: 'another method', send: () => fetch(hook), status: 404 },
          { what: 'a huge body', send: () => post(update('字'.repeat(200_000))), status: 413 },
          {
            what: 'a packed bomb',
            send: () => post(gzipSync(Buffer.alloc(1_000_000)), { 'content-encoding': 'gzip' }),
            status: 415,
          },
          { what: 'deep nesting', send: () => post('['.repeat(100_000)), status: 400 },
          { what: 'another encoding', send: () => post(Buffer.from(body, 'utf16le')), status: 400 },
          { what: 'bytes that are no text', send: () => post(Buffer.from([0xff, 0xfe, 0x7b])), status: 400 },
          // Telegram itself would bring it again and again.
          { what: 'an update of another form', send: () => post('{"update_id":{"$ne":1}}'), status: 200 },
        ]
      },
      stop: () => simulator.stop(),
    }
  },
}
