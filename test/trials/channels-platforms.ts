import { randomBytes } from 'node:crypto'
import type { LogLine } from '../../bot/simulators/log.js'
import { startTelegramSimulator } from '../../bot/simulators/telegram/simulator.js'
import { startWechatSimulator } from '../../bot/simulators/wechat/simulator.js'

export type Platform = 'wechat' | 'telegram'

/** A simulated platform as the trial uses it. */
export interface Simulated {
  /** The bot's settings that belong to it. */
  settings: Record<string, string>
  person(index: number): string
  say(who: string, text: string): Promise<{ taken: boolean }>
  /** Faults by chance from now on; more kinds in a long trial. */
  trouble(rounds: number): void
  calm(): void
  /** Messages the platform took for people: all, and one person's. */
  delivered(): number
  deliveredTo(who: string): number
  /** Faults that struck. */
  struck(): number
  lines(): LogLine[]
  stop(): Promise<void>
}

/** From here on "too fast" is part of a trial: the platform wants a minute's pause. */
const LONG = 200

const SEND: Record<Platform, string> = { wechat: 'message/custom/send', telegram: 'sendMessage' }

/** Whether a line says that the platform took a message for somebody, whether or not the bot heard of it. */
export const isDelivery = (platform: Platform, { kind, what, outcome }: LogLine): boolean =>
  kind === 'call' && what === SEND[platform] && outcome === 'taken'

export async function simulated(platform: Platform, serverUrl: string): Promise<Simulated> {
  const made = platform === 'wechat' ? await wechat(serverUrl) : await telegram()
  const { simulator, settings, person } = made
  const { log, faults } = simulator
  const perPerson = new Map<string, number>()
  let read = 0
  let all = 0
  /** Lines end after they were written: what is open is looked at again. */
  const open = new Set<LogLine>()
  const look = () => {
    for (const line of [...open, ...log.after(read)]) {
      read = Math.max(read, line.n)
      if (line.outcome === 'open') open.add(line)
      else open.delete(line)
      if (!isDelivery(platform, line) || !line.user) continue
      all++
      perPerson.set(line.user, (perPerson.get(line.user) ?? 0) + 1)
    }
  }

  return {
    settings,
    person,
    say: (who, text) => simulator.say(who, text),

    trouble(rounds) {
      const only = SEND[platform]
      faults.drop({ only, share: 0.03 })
      faults.lose({ only, share: 0.02 })
      faults.status({ only, share: 0.05 })
      faults.silence({ only, share: 0.005 })
      if (rounds >= LONG)
        faults.limit({ only, share: 0.01, ...(platform === 'wechat' ? { code: 45011 } : { retryAfter: 2 }) })
      faults.drop({ on: 'pushes', share: 0.03 })
      faults.lose({ on: 'pushes', share: 0.03 })
      faults.repeat({ on: 'pushes', share: 0.05 })
      faults.reorder({ on: 'pushes', share: 0.05 })
    },

    calm: () => faults.clear(),
    delivered: () => (look(), all),
    deliveredTo: (who) => (look(), perPerson.get(who) ?? 0),
    struck: () => log.after().filter(({ fault }) => fault).length,
    lines: () => log.after(),
    stop: () => simulator.stop(),
  }
}

async function wechat(serverUrl: string) {
  const account = {
    appId: `wx${randomBytes(8).toString('hex')}`,
    secret: randomBytes(16).toString('hex'),
    token: randomBytes(12).toString('hex'),
    aesKey: randomBytes(22).toString('hex').slice(0, 43),
  }
  const simulator = await startWechatSimulator({
    port: 0,
    ...account,
    webhook: `${serverUrl}/channels/wechat`,
  })
  const settings = {
    WECHAT_APP_ID: account.appId,
    WECHAT_APP_SECRET: account.secret,
    WECHAT_TOKEN: account.token,
    WECHAT_AES_KEY: account.aesKey,
    WECHAT_API_ROOT: simulator.url,
  }
  return { simulator, settings, person: (index: number) => `o${String(index).padStart(27, '0')}` }
}

async function telegram() {
  const botToken = `7000000001:${randomBytes(24).toString('base64url')}`
  const simulator = await startTelegramSimulator({ port: 0, botToken })
  const settings = {
    TELEGRAM_BOT_TOKEN: botToken,
    TELEGRAM_WEBHOOK_SECRET: randomBytes(24).toString('base64url'),
    TELEGRAM_API_ROOT: simulator.url,
  }
  return { simulator, settings, person: (index: number) => String(820_000_000 + index) }
}
