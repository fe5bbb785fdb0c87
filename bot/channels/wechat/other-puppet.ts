import type { Puppet } from 'wechaty-puppet'
import type { ChannelStatus } from '../../../shared/channel.js'
import type { ChannelParts } from '../../conversation/inbox.js'
import type { Adapter, OutgoingMessage } from '../../delivery/channel.js'
import { NO_ANSWER, SendFailure } from '../../delivery/failure.js'
import type { Bot } from './bot.js'

export interface WechatyParts extends ChannelParts {
  /** The package of the puppet, as installed; or, in tests, the puppet itself. Never a default. */
  puppet?: string | Puppet
  /** What its gateway knows us by (wechaty-puppet-service). */
  token?: string
}

const NAME = 'wechaty'
/** WeChat itself takes 2,048 bytes or more, whatever the puppet. */
const MAX_TEXT = 680

/**
 * Any other wechaty puppet behind the same bot. There are no windows, and nothing is sent twice by the network: what
 * comes in while this process is dead is the gateway's to keep. Personal accounts are not supported: WeChat bans them.
 */
export function wechatyChannel({ puppet: given, token, inbox, clock, log }: WechatyParts): Adapter {
  const needsToken = given === 'wechaty-puppet-service' && !token
  const missing = needsToken ? ['WECHATY_TOKEN'] : []
  const on = given !== undefined && missing.length === 0
  let bot: Bot | null = null

  const channel = {
    name: NAME,
    fetches: false,
    capabilities: { maxText: MAX_TEXT, buttons: 0, cards: false },

    async send({ address, bubble }: OutgoingMessage): Promise<void> {
      if (!bot?.state().loggedIn) throw new SendFailure('temporary', undefined, 'logged-out')
      try {
        await bot.say(address, bubble.text)
      } catch (error) {
        // A gateway says no why that could be told apart: tried again, and what it may have sent is marked.
        throw new SendFailure('temporary', undefined, NO_ANSWER, { cause: error })
      }
    },
  }

  const stateNow = (): Pick<ChannelStatus, 'state' | 'why'> => {
    const state = bot?.state()
    if (!state) return { state: 'failing', why: '还没有启动。' }
    if (state.loggedIn) return { state: 'ok' }
    if (state.fault === 'error')
      return {
        state: 'dead',
        why: '连不上 WECHATY_PUPPET 的网关。请核对 WECHATY_TOKEN，再看网关是否在运行。',
      }
    return { state: 'dead', why: '微信会话已经断了。请在网关上重新登录。' }
  }

  return {
    channel,
    missing,
    register: [],
    router: null,

    async status() {
      const since = clock.now().toISOString()
      const base = { name: NAME, missing, register: [], since }
      return on ? { ...base, on, ...stateNow() } : { ...base, on, state: 'off' }
    },

    async start() {
      if (!on || bot || given === undefined) return
      const { wechatyBot } = await import('./bot.js')
      const puppet = typeof given === 'string' ? await load(given, token) : given
      bot = wechatyBot({ puppet, log, accept: (arrival) => inbox.accept({ ...arrival, channel: NAME }) })
      await bot.start()
    },

    async stop() {
      const was = bot
      bot = null
      await was?.stop()
    },
  }
}

/** The puppet of an installed package. */
async function load(name: string, token?: string): Promise<Puppet> {
  const { helpers } = await import('wechaty-puppet')
  const puppet = name as `wechaty-puppet-${string}`
  return (await helpers.resolvePuppet({ puppet, puppetOptions: token ? { token } : {} })) as Puppet
}
