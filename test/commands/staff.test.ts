import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { staff } from '../../bot/commands/staff.js'
import { createStaff } from '../../bot/staff/staff.js'
import { createVault, dataKey } from '../../bot/store/crypto.js'
import { openStore } from '../../bot/store/store.js'
import { killChildren, qingan } from '../child.js'
import { password, tokenOf } from '../console.js'

const folder = mkdtempSync(join(tmpdir(), 'qingan-staff-command-'))
const dataDir = join(folder, 'data')
const env = { DATA_DIR: dataDir, PUBLIC_URL: 'https://console.example.org', LOG_LEVEL: 'silent' }

/** The store of the folder, for as long as `work` takes: the command wants it for itself. */
async function within<T>(work: (room: ReturnType<typeof createStaff>) => Promise<T>): Promise<T> {
  const store = await openStore({ dataDir }, createVault(dataKey(undefined, dataDir, false).key))
  try {
    return await work(createStaff(store))
  } finally {
    await store.close()
  }
}
async function run(...args: string[]) {
  const child = qingan(args, env)
  const code = await child.ended
  return { code, out: child.out(), err: child.err() }
}

beforeAll(() =>
  within(async ({ links, accounts }) => {
    const now = new Date()
    const first = await links.first(now)
    const given = { name: 'zhou', workName: '老周', password: password() }
    const zhou = await links.acceptFirst({ token: tokenOf(first?.link ?? ''), ...given }, now)
    await accounts.create({ name: 'lin', workName: '小林老师', roles: ['counselor', 'editor'] }, zhou, now)
  }),
)
afterAll(() => {
  killChildren()
  rmSync(folder, { recursive: true, force: true })
})

describe('qingan staff', () => {
  test('When accounts are listed, then each is one line with name, roles and state', async () => {
    const { code, out } = await run('staff', 'list')
    expect(code).toBe(0)
    expect(out).toBe('zhou\t老周\t管理员\t正常\nlin\t小林老师\t咨询员、内容编辑\t还没设密码\n')
  })

  test('When a password is reset, then the printed link sets another one, once', async () => {
    const { code, out } = await run('staff', 'reset', 'zhou')
    expect(code).toBe(0)
    expect(out).toContain('老周（zhou）')
    expect(out).toContain('https://console.example.org/admin/#/welcome/')
    const token = tokenOf(out.trim())
    await within(async ({ links, signIn }) => {
      const fresh = password()
      await links.accept({ token, password: fresh }, new Date())
      expect((await signIn.signIn('zhou', fresh, new Date())).workName).toBe('老周')
      await expect(links.accept({ token, password: password() }, new Date())).rejects.toThrow(/^link\.void/)
    })
  })

  test('When a name is unknown or the words are wrong, then a sentence says so and nothing changes', async () => {
    const unknown = await run('staff', 'reset', 'nobody')
    expect([unknown.code, unknown.out]).toEqual([1, ''])
    expect(unknown.err).toContain('nobody')
    for (const args of [[], ['reset'], ['reset', '{"$gt":""}'], ['list', 'x'], ['reset', 'zhou', 'lin']])
      await expect(staff(args)).rejects.toThrow(/^cli\.usage/)
  })
})
