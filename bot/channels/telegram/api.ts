import type { Telegraf } from 'telegraf'
import type { Opts, Telegram } from 'telegraf/types'
import { failureOf } from './failure.js'

/** One call, in milliseconds: less than a send may take. */
const CALL_MS = 8_000

export interface ApiSettings {
  token: string
  /** Root of the Bot API, or of what stands in front of it. */
  apiRoot: string
  /** An HTTP proxy on the way to an https root. */
  proxy?: string
}

export interface Api {
  bot: Telegraf
  /** One call. Throws `SendFailure`, whatever went wrong. */
  call<M extends keyof Telegram>(
    method: M,
    payload: Opts<M>,
    options?: { ms?: number; signal?: AbortSignal },
  ): Promise<ReturnType<Telegram[M]>>
}

/** The bot as telegraf sees it. It makes no call before it is told to. */
export async function telegramApi({ token, apiRoot, proxy }: ApiSettings): Promise<Api> {
  // Telegraf takes a tenth of a second to load: only who uses it pays.
  const { Telegraf } = await import('telegraf')
  const agent = proxy ? new (await import('https-proxy-agent')).HttpsProxyAgent(proxy) : undefined
  const bot = new Telegraf(token, {
    telegram: {
      apiRoot: apiRoot.endsWith('/') ? apiRoot : `${apiRoot}/`,
      // A call hidden in the answer to a webhook never says whether it worked.
      webhookReply: false,
      ...(agent ? { agent } : {}),
    },
  })
  // Else the first message would wait for a call to Telegram.
  bot.botInfo = {
    id: Number.parseInt(token, 10),
    is_bot: true,
    first_name: '',
    username: '',
    can_join_groups: false,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
  }

  return {
    bot,
    async call(method, payload, { ms = CALL_MS, signal } = {}) {
      const late = AbortSignal.timeout(ms)
      const ending = signal ? AbortSignal.any([late, signal]) : late
      try {
        // Telegraf's type is that of a shim for runtimes without AbortSignal.
        return await bot.telegram.callApi(method, payload, { signal: ending as never })
      } catch (error) {
        throw failureOf(error)
      }
    },
  }
}
