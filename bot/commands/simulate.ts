import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { readConfig, type Config } from '../config.js'
import { AppError } from '../errors.js'
import { startTelegramSimulator } from '../simulators/telegram/simulator.js'
import { startWechatSimulator } from '../simulators/wechat/simulator.js'

const USAGE =
  'qingan simulate wechat [--port 4001] [--webhook URL], or qingan simulate telegram [--port 4002]'

/** A simulator that runs, and what the bot must be started with. */
export interface Simulated {
  url: string
  /** Settings of the bot that belong to it. */
  settings: Record<string, string>
  stop(): Promise<void>
}

/** `qingan simulate wechat | telegram`: prints the address and the bot's settings; runs until a signal. */
export async function simulate(args: string[]): Promise<number> {
  const [platform, ...rest] = args
  const { port, webhook } = read(rest)
  const config = readConfig()
  if ((platform !== 'wechat' && platform !== 'telegram') || (webhook && platform !== 'wechat'))
    throw new AppError('cli.usage', { why: USAGE })
  const simulator =
    platform === 'wechat'
      ? await simulateWechat(config, port ?? 4001, webhook ?? `${serverOf(config)}/channels/wechat`)
      : await simulateTelegram(config, port ?? 4002)
  print(`模拟器 ${simulator.url}`)
  print('在网页上打开它，就能当用户说话。青安用这些设置启动：')
  for (const [name, value] of Object.entries(simulator.settings)) print(`${name}=${value}`)
  await new Promise<void>((fulfil) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => fulfil())
  })
  await simulator.stop()
  return 0
}

/** The 公众号 platform with the account of the settings, or with one that is made up now. */
export async function simulateWechat(
  config: Config,
  port: number,
  webhook: string,
): Promise<Simulated & { simulator: Awaited<ReturnType<typeof startWechatSimulator>> }> {
  const appId = config.WECHAT_APP_ID ?? `wx${randomBytes(8).toString('hex')}`
  const secret = config.WECHAT_APP_SECRET ?? randomBytes(16).toString('hex')
  const token = config.WECHAT_TOKEN ?? randomBytes(12).toString('hex')
  const aesKey = config.WECHAT_AES_KEY ?? randomBytes(22).toString('hex').slice(0, 43)
  const simulator = await startWechatSimulator({ port, appId, secret, token, aesKey, webhook })
  const settings = {
    WECHAT_APP_ID: appId,
    WECHAT_APP_SECRET: secret,
    WECHAT_TOKEN: token,
    WECHAT_AES_KEY: aesKey,
    WECHAT_API_ROOT: simulator.url,
  }
  return { url: simulator.url, settings, stop: () => simulator.stop(), simulator }
}

/** The Bot API with the bot of the settings, or with one that is made up now. */
export async function simulateTelegram(
  config: Config,
  port: number,
): Promise<Simulated & { simulator: Awaited<ReturnType<typeof startTelegramSimulator>> }> {
  const botToken = config.TELEGRAM_BOT_TOKEN ?? `7100000000:AA${randomBytes(24).toString('base64url')}`
  const secret = config.TELEGRAM_WEBHOOK_SECRET ?? randomBytes(24).toString('base64url')
  const simulator = await startTelegramSimulator({ port, botToken })
  const settings = {
    TELEGRAM_BOT_TOKEN: botToken,
    TELEGRAM_WEBHOOK_SECRET: secret,
    TELEGRAM_API_ROOT: simulator.url,
  }
  return { url: simulator.url, settings, stop: () => simulator.stop(), simulator }
}

const serverOf = ({ HOST, PORT, PUBLIC_URL }: Config) => PUBLIC_URL ?? `http://${HOST}:${PORT}`

function read(args: string[]): { port?: number; webhook?: string } {
  const usage = (why: string) => new AppError('cli.usage', { why })
  let given: { port?: string; webhook?: string }
  try {
    given = parseArgs({ args, options: { port: { type: 'string' }, webhook: { type: 'string' } } }).values
  } catch (error) {
    throw usage((error as Error).message)
  }
  const { port, webhook } = given
  if (port !== undefined && (!/^\d{1,5}$/.test(port) || Number(port) > 65_535))
    throw usage(`--port wants a number from 0 to 65535, not ${JSON.stringify(port)}`)
  if (webhook !== undefined && !/^https?:/.test(URL.canParse(webhook) ? new URL(webhook).protocol : ''))
    throw usage('--webhook wants an address such as http://127.0.0.1:3000/channels/wechat')
  return {
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(webhook === undefined ? {} : { webhook }),
  }
}

const print = (line: string) => void process.stdout.write(`${line}\n`)
