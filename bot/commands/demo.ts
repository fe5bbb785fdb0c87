import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readConfig } from '../config.js'
import { AppError } from '../errors.js'
import { start } from '../main.js'
import { seed } from './demo-seed.js'
import { quietStdout } from './knowledge.js'
import { simulateTelegram, simulateWechat } from './simulate.js'

const HOST = '127.0.0.1'
/** Where they listen if nothing else does. */
const PORTS = { server: 3000, wechat: 4001, telegram: 4002 }
const FIRST = '首位管理员：'

/**
 * `qingan demo`: an installation of its own with both platforms simulated and everything filled in, until a signal.
 * No setting of the environment counts: it never touches real data or a real account.
 */
export async function demo(args: string[]): Promise<number> {
  const { folder, keeps, remove } = folderOf(args)
  quietStdout()
  const stops: (() => unknown)[] = [remove]
  const ended = new Promise<void>((fulfil) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => fulfil())
  })
  try {
    print('青安演示正在准备，头一次要学一会儿……')
    const [port, wechatPort, telegramPort] = await Promise.all(Object.values(PORTS).map(freePort))
    const url = `http://${HOST}:${port}`
    const nothing = readConfig({})
    const wechat = await simulateWechat(nothing, wechatPort as number, `${url}/channels/wechat`)
    stops.push(wechat.stop)
    const telegram = await simulateTelegram(nothing, telegramPort as number)
    stops.push(telegram.stop)
    const config = readConfig({
      HOST,
      PORT: String(port),
      PUBLIC_URL: url,
      DATA_DIR: folder,
      LOG_LEVEL: 'error',
      ...wechat.settings,
      ...telegram.settings,
    })
    let first = ''
    const tell = (line: string) => void (line.startsWith(FIRST) && (first = line.slice(FIRST.length)))
    const running = await start(config, { tell })
    stops.push(running.stop)
    print(`青安 ${url}/ （网页聊天；演示内容正在填）`)
    const parts = { url, first, wechat: wechat.simulator, telegram: telegram.simulator }
    const seeding = seed(parts)
    const link = await Promise.race([seeding, ended])
    // Ended in the middle: what is not filled in yet has nobody to answer it.
    if (!link) seeding.catch(() => undefined)
    if (link) {
      print(`控制台 ${link} （什么都能做的演示账号，链接用一次：自己设密码，登录名 demo）`)
      print(`公众号模拟器 ${wechat.url}/`)
      print(`Telegram 模拟器 ${telegram.url}/`)
      print(keeps ? `按 Ctrl-C 结束，数据留在 ${folder}。` : '按 Ctrl-C 结束，数据随之删掉。')
    }
    await ended
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
  return 0
}

/** A folder in the system's temporary one, which is removed at the end; or the one that was named, which stays. */
function folderOf(args: string[]): { folder: string; keeps: boolean; remove(): unknown } {
  let data: string | undefined
  try {
    data = parseArgs({ args, options: { data: { type: 'string' } } }).values.data
  } catch (error) {
    throw new AppError('cli.usage', { why: (error as Error).message })
  }
  const folder = data === undefined ? mkdtempSync(join(tmpdir(), 'qingan-demo-')) : resolve(data)
  if (existsSync(join(folder, 'database.sqlite')))
    throw new AppError('cli.usage', {
      why: `there are data in ${folder}: the demonstration wants a folder of its own`,
    })
  const keeps = data !== undefined
  return { folder, keeps, remove: () => keeps || rmSync(folder, { recursive: true, force: true }) }
}

/** This port, or a free one when somebody has it. */
function freePort(port: number): Promise<number> {
  return new Promise((fulfil, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' && port !== 0 ? fulfil(freePort(0)) : reject(error),
    )
    probe.listen(port, HOST, () => {
      const taken = (probe.address() as AddressInfo).port
      probe.close(() => fulfil(taken))
    })
  })
}

const print = (line: string) => void process.stdout.write(`${line}\n`)
