import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { AppError } from '../errors.js'
import { startTelegramSimulator } from '../simulators/telegram/simulator.js'
import { startWechatSimulator } from '../simulators/wechat/simulator.js'
import { createVault, dataKey } from '../store/crypto.js'
import { openStore } from '../store/store.js'
import { openNursery, type Nursery } from './bench-children.js'
import { loadRequests, loadTurns, type Bounds, type RequestLoad } from './bench-load.js'
import { loadPeople, loadWechaty } from './bench-people.js'
import { columns, rateOf, rateRow, type Rate } from './bench-report.js'

const Options = z.object({
  seconds: z.coerce.number().int().min(1).max(300),
  people: z.coerce.number().int().min(1).max(256),
  json: z.boolean(),
})

/** Messages of one phase, however fast the machine; for compilers and caches, before anything is counted. */
const MOST = 200_000
const WARM_SECONDS = 2

/** What is measured; each channel stands before the bare frameworks it is held against. */
const NAMES = {
  web: 'web',
  express: 'bare express, JSON echo',
  wechat: 'wechat',
  customer: 'bare express, customer-service call',
  wechaty: 'bare wechaty, mock, no network',
  telegram: 'telegram',
  telegraf: 'bare telegraf, webhook and sendMessage',
} as const
type Name = keyof typeof NAMES

/**
 * `qingan bench channels [--seconds 10] [--people 32] [--json]`: per channel messages a second, and the time from the
 * webhook to the reply that was recorded and taken by the network, beside the bare framework that says everything back
 * against the same simulated network in the same run. On disk, in a temporary folder.
 */
export async function benchChannels(args: string[]): Promise<number> {
  const { seconds, people, json } = parse(args)
  const bounds: Bounds = { atOnce: people, seconds, most: MOST }
  const nursery = openNursery()
  const loads: Record<Name, () => Promise<RequestLoad>> = {
    web: () => measureWeb(nursery, bounds),
    express: () => measureExpress(nursery, bounds),
    wechat: () => measureWechat(nursery, bounds, 'qingan'),
    customer: () => measureWechat(nursery, bounds, 'bare'),
    wechaty: () => loadWechaty(bounds),
    telegram: () => measureTelegram(nursery, bounds, 'qingan'),
    telegraf: () => measureTelegram(nursery, bounds, 'bare'),
  }
  try {
    mkdirSync(join(nursery.folder, 'data'))
    const rates = {} as Record<Name, Rate>
    for (const name of Object.keys(loads) as Name[]) {
      process.stderr.write(`bench: ${NAMES[name]} …\n`)
      const { milliseconds, perSecond } = await loads[name]()
      rates[name] = rateOf(milliseconds, perSecond)
    }
    const text = json
      ? `${JSON.stringify({ seconds, people, rates }, null, 1)}\n`
      : report(rates, seconds, people)
    await new Promise<void>((fulfil) => process.stdout.write(text, () => fulfil()))
  } finally {
    await nursery.close()
  }
  return 0
}

function parse(args: string[]): z.infer<typeof Options> {
  const options = {
    seconds: { type: 'string', default: '10' },
    people: { type: 'string', default: '32' },
    json: { type: 'boolean', default: false },
  } as const
  try {
    return Options.parse(parseArgs({ args, options }).values)
  } catch (error) {
    const issues = error instanceof z.ZodError ? error.issues : []
    const why = issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('; ')
    throw new AppError('cli.usage', { why: why || (error as Error).message }, { cause: error })
  }
}

function report(rates: Record<Name, Rate>, seconds: number, people: number): string {
  const ratio = (own: Name, bare: Name) =>
    columns(`${own} ÷ ${NAMES[bare].split(',')[0]}`, [
      (rates[own].perSecond / rates[bare].perSecond).toFixed(3),
    ])
  return [
    `${people} people at once, ${seconds} s each; on WeChat and Telegram every message is a stranger's first; ${availableParallelism()} cores, Node ${process.version}`,
    '',
    columns('message in to reply out', ['per second', 'p50 ms', 'p99 ms']),
    ...(Object.keys(NAMES) as Name[]).map((name) => rateRow(NAMES[name], rates[name])),
    '',
    ratio('web', 'express'),
    ratio('wechat', 'customer'),
    ratio('wechat', 'wechaty'),
    ratio('telegram', 'telegraf'),
    '',
  ].join('\n')
}

/** Warmed up, then measured. */
async function warmed(load: (bounds: Bounds) => Promise<RequestLoad>, bounds: Bounds): Promise<RequestLoad> {
  await load({ ...bounds, seconds: WARM_SECONDS })
  return load(bounds)
}

const startServer = (nursery: Nursery, port: number, settings: Record<string, string>) =>
  nursery.start(['start'], {
    PORT: String(port),
    DATA_DIR: join(nursery.folder, 'data'),
    BURST_MS: '0',
    LOG_LEVEL: 'silent',
    TRUST_PROXY: '1',
    ...settings,
  })

async function measureWeb(nursery: Nursery, bounds: Bounds): Promise<RequestLoad> {
  const child = await startServer(nursery, 0, {})
  try {
    return await warmed(async (each) => {
      const { turns, perSecond } = await loadTurns(child.url, each)
      return { milliseconds: turns.map(({ visible }) => visible), perSecond }
    }, bounds)
  } finally {
    await child.stop()
  }
}

async function measureExpress(nursery: Nursery, bounds: Bounds): Promise<RequestLoad> {
  const child = await nursery.start(['bench', 'baseline', 'echo', nursery.folder])
  try {
    return await warmed((each) => loadRequests(child.url, each), bounds)
  } finally {
    await child.stop()
  }
}

type Who = 'qingan' | 'bare'

async function measureWechat(nursery: Nursery, bounds: Bounds, who: Who): Promise<RequestLoad> {
  const port = await freePort()
  const hex = (bytes: number) => randomBytes(bytes).toString('hex')
  const account = { appId: `wx${hex(8)}`, secret: hex(16), token: hex(12) }
  const aesKey = hex(22).slice(0, 43)
  const simulator = await startWechatSimulator({
    port: 0,
    ...account,
    ...(who === 'qingan' ? { aesKey } : {}),
    webhook: `http://127.0.0.1:${port}/${who === 'qingan' ? 'channels/wechat' : 'hook'}`,
  })
  const settings = {
    WECHAT_APP_ID: account.appId,
    WECHAT_APP_SECRET: account.secret,
    WECHAT_TOKEN: account.token,
    WECHAT_AES_KEY: aesKey,
    WECHAT_API_ROOT: simulator.url,
  }
  try {
    const child =
      who === 'qingan'
        ? await startServer(nursery, port, settings)
        : await startBare(
            nursery,
            'express-wechat',
            port,
            simulator.url,
            await tokenOf(simulator.url, account),
          )
    const person = (number: number) => `o${String(number).padStart(27, '0')}`
    try {
      return await warmed((each) => loadPeople(simulator, 'message/custom/send', person, each), bounds)
    } finally {
      await child.stop()
    }
  } finally {
    await simulator.stop()
  }
}

async function measureTelegram(nursery: Nursery, bounds: Bounds, who: Who): Promise<RequestLoad> {
  const port = await freePort()
  const botToken = `7000000001:${randomBytes(24).toString('base64url')}`
  const simulator = await startTelegramSimulator({ port: 0, botToken })
  const settings = {
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    TELEGRAM_BOT_TOKEN: botToken,
    TELEGRAM_WEBHOOK_SECRET: randomBytes(24).toString('base64url'),
    TELEGRAM_API_ROOT: simulator.url,
  }
  try {
    if (who === 'qingan') await allowAbroad(join(nursery.folder, 'data'))
    const child =
      who === 'qingan'
        ? await startServer(nursery, port, settings)
        : await startBare(nursery, 'telegraf', port, simulator.url, botToken)
    const person = (number: number) => String(820_000_000 + number)
    try {
      return await warmed((each) => loadPeople(simulator, 'sendMessage', person, each), bounds)
    } finally {
      await child.stop()
    }
  } finally {
    await simulator.stop()
  }
}

const startBare = (nursery: Nursery, kind: string, port: number, apiRoot: string, token: string) =>
  nursery.start(['bench', 'baseline', kind, String(port), apiRoot, token])

async function tokenOf(url: string, { appId, secret }: { appId: string; secret: string }): Promise<string> {
  const body = JSON.stringify({ grant_type: 'client_credential', appid: appId, secret })
  const response = await fetch(`${url}/cgi-bin/stable_token`, { method: 'POST', body })
  return z.object({ access_token: z.string() }).parse(await response.json()).access_token
}

/** Records, in the benchmark's own data, the ruling without which a channel abroad is off. */
async function allowAbroad(dataDir: string): Promise<void> {
  const store = await openStore({ dataDir }, createVault(dataKey(undefined, dataDir, true).key))
  try {
    const { version } = await store.settings.read('channels')
    const ruling = { text: 'benchmark', by: 'benchmark', at: new Date().toISOString() }
    await store.settings.write('channels', { telegram: { ruling, template: null } }, version)
  } finally {
    await store.close()
  }
}

/** A port nobody listens on now: the simulated network must know the address before the server is there. */
function freePort(): Promise<number> {
  return new Promise((fulfil) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => fulfil(port))
    })
  })
}
