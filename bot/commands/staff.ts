import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Role } from '../../shared/staff.js'
import { SignInName } from '../../shared/staff.js'
import { readConfig, type Config } from '../config.js'
import { AppError } from '../errors.js'
import { createStaff, type StaffRoom } from '../staff/staff.js'
import { createVault, dataKey } from '../store/crypto.js'
import { openStore, type Store } from '../store/store.js'

const ROLES: Record<Role, string> = {
  administrator: '管理员',
  supervisor: '督导',
  counselor: '咨询员',
  editor: '内容编辑',
  campaigner: '预警编辑',
}

/** `qingan staff list` and `qingan staff reset NAME`: for whoever has the machine, when nobody can sign in any more. */
export async function staff(args: string[]): Promise<number> {
  const [verb, name, ...rest] = args
  const config = readConfig()
  if (verb === 'list' && name === undefined) return withStore(config, list)
  const known = SignInName.safeParse(name)
  if (verb !== 'reset' || !known.success || rest.length)
    throw new AppError('cli.usage', { why: 'qingan staff list, or qingan staff reset NAME' })
  return withStore(config, (store, room) => reset(store, room, known.data, config))
}

async function withStore(
  config: Config,
  work: (store: Store, room: StaffRoom) => Promise<number>,
): Promise<number> {
  const hasData = existsSync(join(config.DATA_DIR, 'database.sqlite'))
  if (!config.MONGODB_URI && !hasData)
    throw new AppError('store.unavailable', {
      why: `there is no data in ${config.DATA_DIR}: start the server first`,
    })
  const { key } = dataKey(config.DATA_KEY, config.DATA_DIR, hasData)
  // Beside a running server the command goes through it.
  const place = config.MONGODB_URI ? { uri: config.MONGODB_URI } : { dataDir: config.DATA_DIR, shared: true }
  const store = await openStore(place, createVault(key))
  try {
    return await work(store, createStaff(store))
  } finally {
    await store.close()
  }
}

async function list(_store: Store, { accounts }: StaffRoom): Promise<number> {
  for (let page = 1; ; page++) {
    const { items } = await accounts.list({}, { page, perPage: 100 })
    if (items.length === 0) return 0
    for (const { name, workName, roles, active, invited } of items) {
      const state = !active ? '已停用' : invited ? '还没设密码' : '正常'
      print([name, workName, roles.map((role) => ROLES[role]).join('、'), state].join('\t'))
    }
  }
}

async function reset(
  store: Store,
  { links, audit }: StaffRoom,
  name: string,
  config: Config,
): Promise<number> {
  const found = await store.staff.byName(name)
  if (!found)
    throw new AppError('record.unknown', { why: `没有叫 ${name} 的账号，用 qingan staff list 看看有哪些` })
  if (!found.active) throw new AppError('staff.inactive', { why: `账号 ${name} 停用了，要由管理员先恢复` })
  const now = new Date(Date.now() + config.CLOCK_OFFSET_MS)
  await audit.record({ staff: null, verb: 'staff.link', subject: found.id, at: now })
  const { link, expiresAt } = await links.forStaff(found, now)
  const minutes = Math.round((expiresAt.getTime() - now.getTime()) / 60_000)
  const url = config.PUBLIC_URL ?? `http://${config.HOST}:${config.PORT}`
  print(
    `${found.workName}（${name}）的新链接，${minutes} 分钟内用一次，用过后其他登录都会退出：\n${url}${link}`,
  )
  return 0
}

const print = (line: string) => void process.stdout.write(`${line}\n`)
