import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConnection, Types } from 'mongoose'
import { backUp, restore, verifyBackup } from '../../bot/store/backup.js'
import { createVault, type Vault } from '../../bot/store/crypto.js'
import { startEmbedded } from '../../bot/store/embedded/start.js'
import { openStore } from '../../bot/store/store.js'
import { killChildren, qingan } from '../child.js'
import { until } from '../until.js'

jest.setTimeout(180_000)

const PASSPHRASE = 'a long passphrase for trials'
let home: string
let vault: Vault
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'qingan-backup-'))
  vault = createVault(randomBytes(32))
})
afterEach(() => killChildren())
afterAll(() => rmSync(home, { recursive: true, force: true }))
const folder = (name: string) => join(home, name)
const soon = new Date(Date.now() + 86_400_000)

/** A data folder with the app's own documents in it: `count` messages of one conversation. */
async function filled(name: string, count: number): Promise<string> {
  const store = await openStore({ dataDir: folder(name) }, vault)
  const conversation = await store.conversations.open('web', 'somebody', new Date(), soon)
  const one = { conversation: new Types.ObjectId(conversation), number: null, from: 'person', at: new Date() }
  const rest = { waiting: false, sending: false, attempts: 0, expiresAt: soon }
  await store.messages.model.insertMany(
    Array.from({ length: count }, (_, i) => ({ ...one, ...rest, key: `k${i}`, body: randomBytes(80) })),
  )
  await store.close()
  return folder(name)
}

test('When a backup is made while others write, then it holds one moment, restores into an empty folder, and the app runs on it', async () => {
  const dataDir = await filled('live', 3_000)
  const store = await openStore({ dataDir }, vault)
  const database = JSON.parse(readFileSync(join(dataDir, 'database.json'), 'utf8')) as { uri: string }
  const db = await createConnection(database.uri).asPromise()
  // Each writer counts in one collection before it writes in another: no moment has the second without the first.
  let busy = true
  let written = 0
  const writers = Array.from({ length: 4 }, async (_, writer) => {
    for (let n = 1; busy; n++) {
      await db.collection('aaa').insertOne({ writer, n })
      await db.collection('zzz').insertOne({ writer, n })
      written++
    }
  })
  await until(() => written > 20, 'some writes')
  const file = folder('live.backup')
  const counts = await backUp({ dataDir, shared: true }, file, PASSPHRASE, false)
  expect(counts.messages).toBe(3_000)
  busy = false
  await Promise.all(writers)
  await db.close()
  await store.close()
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file).includes('somebody')).toBe(false)

  const target = folder('restored')
  expect(await restore({ dataDir: target }, file, PASSPHRASE, false)).toEqual(counts)
  expect(readdirSync(target)).toEqual(['database.sqlite'])
  const server = await startEmbedded({ dataDir: target })
  const after = await createConnection(server.uri).asPromise()
  const found = await after.db?.listCollections().toArray()
  const stored = await Promise.all(
    (found ?? []).map(async ({ name }) => [name, await after.collection(name).countDocuments()] as const),
  )
  expect(Object.fromEntries(stored)).toEqual(counts)
  for (let writer = 0; writer < 4; writer++) {
    const [first, second] = await Promise.all(
      ['aaa', 'zzz'].map((name) => after.collection(name).countDocuments({ writer })),
    )
    expect((first as number) - (second as number)).toBeGreaterThanOrEqual(0)
    expect((first as number) - (second as number)).toBeLessThanOrEqual(1)
  }
  expect((await after.collection('messages').indexes()).map(({ name }) => name)).toContain('expiresAt_1')
  await after.close()
  await server.stop()

  const again = await openStore({ dataDir: target }, vault)
  const id = (await again.conversations.find('web', 'somebody')) as string
  expect((await again.conversations.lease(id, 'me', new Date(), soon))?.address).toBe('somebody')
  expect(await again.messages.receive({ conversation: id, key: 'k1', text: '', at: new Date(), expiresAt: soon })).toBe(false) // prettier-ignore
  await again.close()
})

test('When a byte is flipped anywhere, or the end is missing, or the passphrase is another, then nothing is restored', async () => {
  const dataDir = await filled('small', 1_500)
  const file = folder('small.backup')
  await backUp({ dataDir }, file, PASSPHRASE, false)
  const whole = readFileSync(file)
  const target = folder('refused')
  const spoilt = folder('spoilt.backup')
  const places = [0, 20, 33, 40, 1_000, Math.floor(whole.length / 2), whole.length - 1]
  for (const at of places) {
    const bytes = Buffer.from(whole)
    bytes[at] = (bytes[at] as number) ^ 1
    writeFileSync(spoilt, bytes)
    await expect(restore({ dataDir: target }, spoilt, PASSPHRASE, false)).rejects.toMatchObject({
      code: 'backup.invalid',
    })
  }
  const first = 36 + whole.readUInt32BE(32)
  for (const length of [0, 10, 33, first, whole.length - 1]) {
    writeFileSync(spoilt, whole.subarray(0, length))
    await expect(verifyBackup(spoilt, PASSPHRASE)).rejects.toMatchObject({ code: 'backup.invalid' })
  }
  await expect(verifyBackup(file, `${PASSPHRASE}!`)).rejects.toThrow('the passphrase is wrong')
  await expect(verifyBackup(folder('nothing'), PASSPHRASE)).rejects.toThrow('cannot be opened')
  expect(existsSync(target)).toBe(false)
})

test('When there are files or data already, then only --force replaces them, and never under a running server', async () => {
  const dataDir = await filled('one', 10)
  const file = folder('one.backup')
  await backUp({ dataDir }, file, PASSPHRASE, false)
  await expect(backUp({ dataDir }, file, PASSPHRASE, false)).rejects.toMatchObject({
    code: 'store.not-empty',
  })
  await backUp({ dataDir }, file, PASSPHRASE, true)
  const other = await filled('two', 20)
  await expect(restore({ dataDir: other }, file, PASSPHRASE, false)).rejects.toMatchObject({
    code: 'store.not-empty',
  })
  const running = await startEmbedded({ dataDir: other })
  await expect(restore({ dataDir: other }, file, PASSPHRASE, true)).rejects.toThrow('already in use')
  const db = await createConnection(running.uri).asPromise()
  expect(await db.collection('messages').countDocuments()).toBe(20)
  await expect(restore({ uri: running.uri }, file, PASSPHRASE, false)).rejects.toMatchObject({
    code: 'store.not-empty',
  })
  await restore({ uri: running.uri }, file, PASSPHRASE, true)
  expect(await db.collection('messages').countDocuments()).toBe(10)
  await db.close()
  await running.stop()
  await restore({ dataDir: other }, file, PASSPHRASE, true)
  const store = await openStore({ dataDir: other }, vault)
  expect(await store.messages.model.countDocuments()).toBe(10)
  await store.close()
})

test('When the commands are used, then the passphrase comes from a file or the environment, and its lack is said', async () => {
  const dataDir = await filled('commands', 5)
  const [file, passphrase] = [folder('c.backup'), folder('passphrase')]
  writeFileSync(passphrase, `${PASSPHRASE}\n`)
  const run = async (args: string[], env: Record<string, string> = {}) => {
    const child = qingan(args, { DATA_DIR: dataDir, ...env })
    return { code: await child.ended, out: child.out(), err: child.err() }
  }
  expect(await run(['backup', file])).toMatchObject({ code: 2, err: expect.stringContaining('passphrase') })
  expect(await run(['backup', file], { BACKUP_PASSPHRASE: 'short' })).toMatchObject({ code: 2 })
  expect(await run(['backup', file, '--passphrase-file', passphrase])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/messages +5\n/),
  })
  expect(
    await run(['restore', file], { DATA_DIR: folder('c2'), BACKUP_PASSPHRASE: PASSPHRASE }),
  ).toMatchObject({ code: 0, out: expect.stringMatching(/messages +5\n/) })
  expect(await run(['restore', file], { BACKUP_PASSPHRASE: PASSPHRASE })).toMatchObject({
    code: 1,
    err: expect.stringContaining('--force'),
  })
})

test('When a migration is killed halfway, then the second run finishes it, and all is there once', async () => {
  const dataDir = await filled('old', 6_000)
  const bytes = readFileSync(join(dataDir, 'database.sqlite'))
  const target = await startEmbedded({ dataDir: folder('new') })
  const db = await createConnection(target.uri).asPromise()
  const first = qingan(['migrate', '--to', target.uri], { DATA_DIR: dataDir })
  await until(async () => (await db.collection('messages').countDocuments()) >= 500, 'the first messages')
  first.process.kill('SIGKILL')
  expect(await first.ended).toBeNull()
  const halfway = await db.collection('messages').countDocuments()
  expect(halfway).toBeLessThan(6_000)

  // Meanwhile the old folder was used: what had been copied is no longer the same.
  const store = await openStore({ dataDir }, vault)
  await store.messages.model.updateOne({ key: 'k3' }, { $set: { attempts: 2 } })
  await store.messages.model.deleteOne({ key: 'k4' })
  await store.close()

  const second = qingan(['migrate', '--to', target.uri], { DATA_DIR: dataDir })
  expect({ code: await second.ended, err: second.err() }).toEqual({ code: 0, err: '' })
  expect(second.out()).toMatch(/messages 5999\n/)
  expect(await db.collection('messages').countDocuments()).toBe(5_999)
  expect(await db.collection('messages').findOne({ key: 'k3' })).toMatchObject({ attempts: 2 })
  expect(await db.collection('messages').findOne({ key: 'k4' })).toBeNull()
  expect((await db.db?.listCollections().toArray())?.map(({ name }) => name)).not.toContain('migrations')
  expect(bytes.length).toBeGreaterThan(0)
  expect(existsSync(join(dataDir, 'database.sqlite'))).toBe(true)

  // The app runs on the new database, and other data are never mixed in.
  const moved = await openStore({ uri: target.uri }, vault)
  expect(await moved.conversations.find('web', 'somebody')).toEqual(expect.any(String))
  await moved.close()
  const other = await filled('other', 5)
  const third = qingan(['migrate', '--to', target.uri], { DATA_DIR: other })
  expect({ code: await third.ended, err: third.err() }).toMatchObject({
    code: 1,
    err: expect.stringContaining('the target holds data of its own'),
  })
  await db.close()
  await target.stop()
})
