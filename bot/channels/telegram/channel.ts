import type { ChannelStatus } from '../../../shared/channel.js'
import type { ChannelParts } from '../../conversation/inbox.js'
import type { Adapter, Channel, OutgoingMessage, Taken } from '../../delivery/channel.js'
import { SendFailure } from '../../delivery/failure.js'
import { telegramApi, type Api } from './api.js'
import { failureOf } from './failure.js'
import { BUTTONS_MAX, keyboard } from './keyboard.js'
import { poll } from './polling.js'
import { introduce, registerHook } from './register.js'
import { hookStanding, standingOf, type Standing } from './standing.js'
import { readUpdate, type LinkedTopic, type Update } from './update.js'
import { webhook } from './webhook.js'

export interface TelegramParts extends ChannelParts {
  token?: string
  /** Secret of the webhook, which is used where there is a `publicUrl`. */
  secret?: string
  apiRoot: string
  /** An HTTP proxy on the way to Telegram. */
  proxy?: string
  /** The warnings that a link can lead to. */
  topics(): readonly LinkedTopic[]
  /** What stands in the empty chat before the first word: who this is, and where the data go. */
  about(): string
}

const NAME = 'telegram'
/** sendMessage takes 4,096 characters. */
const TEXT_MAX = 4_096
/** A call of the connection test, which makes two. Milliseconds. */
const TEST_MS = 4_000

interface Running {
  ending: AbortController
  api: Api
  work: Promise<unknown>
  /** What the newest round of receiving came to. */
  failure: SendFailure | null
}

/** Telegram at /channels/telegram where the outside reaches this server, else by long polling. */
export function telegramChannel(parts: TelegramParts): Adapter {
  const { token, secret, apiRoot, proxy, publicUrl, inbox, leases, clock, log, topics, about } = parts
  const hook = publicUrl ? `${publicUrl.replace(/\/$/, '')}/channels/${NAME}` : null
  const missing = [
    ...(token ? [] : ['TELEGRAM_BOT_TOKEN']),
    ...(hook && !secret ? ['TELEGRAM_WEBHOOK_SECRET'] : []),
  ]
  let connected: Promise<Api> | null = null
  /** The bot's name on Telegram. */
  let bot: string | null = null
  let running: Running | null = null

  const connect = (name: string): Promise<Api> => {
    connected ??= telegramApi({ token: name, apiRoot, proxy }).then((api) => {
      api.bot.use(({ update }) => store(api, update as Update))
      // Telegraf's own handler prints the update, and with it what somebody wrote.
      api.bot.catch((error) => {
        throw error
      })
      return api
    })
    return connected
  }

  /** Stores what an update says; the update may be forgotten once this resolves. */
  async function store({ call }: Api, update: Update): Promise<void> {
    const { arrivals, pressed, leave } = readUpdate(update, topics())
    for (const arrival of arrivals) await inbox.accept({ ...arrival, channel: NAME })
    // Whether these arrive changes nothing that was said.
    const warn = (error: unknown) => log.warn({ code: failureOf(error).code }, 'telegram.call-failed')
    if (pressed) call('answerCallbackQuery', { callback_query_id: pressed }).catch(warn)
    if (leave !== undefined) call('leaveChat', { chat_id: leave }).catch(warn)
  }

  const take = async (update: Update): Promise<void> => {
    const now = running
    if (!now) throw new Error('the channel does not run')
    await now.api.bot.handleUpdate(update as Parameters<Api['bot']['handleUpdate']>[0])
  }
  const onError = (error: unknown) => log.error({ err: error }, 'telegram.failed')
  const strange = (id: unknown) =>
    log.error({ update: typeof id === 'number' ? id : null }, 'telegram.not-understood')

  const router =
    hook && secret && token ? webhook({ secret, on: () => running !== null, take, strange }) : null

  const channel: Channel = {
    name: NAME,
    fetches: false,
    abroad: true,
    capabilities: { maxText: TEXT_MAX, buttons: BUTTONS_MAX, cards: false },

    async send({ address, bubble }: OutgoingMessage): Promise<Taken> {
      const now = running
      if (!now) throw new SendFailure('temporary', undefined, 'off')
      const sent = await now.api.call('sendMessage', {
        chat_id: address,
        text: bubble.text,
        // A preview of a link would be fetched by Telegram, and cover the words.
        link_preview_options: { is_disabled: true },
        ...keyboard(bubble.buttons),
      })
      return { receipt: String(sent.message_id) }
    },
  }

  /** Receiving and registering, until `signal` ends them. */
  function work(now: Running): Promise<unknown> {
    const { api, ending } = now
    const { signal } = ending
    const warn = ({ code }: SendFailure) => log.warn({ code }, 'telegram.call-failed')
    const heard = (failure: SendFailure | null) => {
      if (failure) warn(failure)
      now.failure = failure
    }
    const introducing = { api, signal, heard: (failure: SendFailure | null) => failure && warn(failure) }
    const receiving =
      hook && secret
        ? registerHook({ api, signal, heard }, hook, secret)
        : poll({ api, leases, clock, signal, take, strange, heard, onError })
    return Promise.all([receiving, introduce(introducing, about())]).catch(onError)
  }

  /** What Telegram says of the bot and of the way to us. */
  async function test(api: Api): Promise<Standing> {
    try {
      const { username } = await api.call('getMe', {}, { ms: TEST_MS })
      bot = username
      if (running?.failure) return standingOf(running.failure, apiRoot)
      if (!hook) return { state: 'ok' }
      return hookStanding(await api.call('getWebhookInfo', {}, { ms: TEST_MS }), hook, clock.now())
    } catch (error) {
      return standingOf(failureOf(error), apiRoot)
    }
  }

  return {
    channel,
    missing,
    router,
    get register() {
      return registerOf(hook, topics(), bot)
    },

    async start() {
      if (running || missing.length > 0 || !token) return
      const api = await connect(token)
      if (running) return
      running = { ending: new AbortController(), api, work: Promise.resolve(), failure: null }
      running.work = work(running)
    },

    async stop() {
      const was = running
      running = null
      was?.ending.abort()
      await was?.work
    },

    async status(): Promise<ChannelStatus> {
      const on = missing.length === 0 && token !== undefined
      const standing: Standing = on ? await test(await connect(token)) : { state: 'off' }
      const register = registerOf(hook, topics(), bot)
      return { name: NAME, on, missing, register, ...standing, since: clock.now().toISOString() }
    },
  }
}

const registerOf = (hook: string | null, topics: readonly LinkedTopic[], bot: string | null) => [
  { what: '机器人的令牌（在 BotFather 里发 /newbot 建一个）', value: '填进 TELEGRAM_BOT_TOKEN' },
  { what: '群（在 BotFather 里发 /setjoingroups）', value: 'Disable' },
  hook
    ? { what: '接收消息的地址（青安自己登记，不用填）', value: hook }
    : { what: '接收消息', value: '没有设 PUBLIC_URL，由这台服务器自己去取' },
  // The name is known once the connection was tested.
  ...(bot ? [{ what: '机器人的网址', value: `https://t.me/${bot}` }] : []),
  ...topics.flatMap(({ id, title }) =>
    bot ? [{ what: `订${title}的网址（点了会再问一次）`, value: `https://t.me/${bot}?start=${id}` }] : [],
  ),
]
