import { afterEach, expect, jest, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createVault } from '../../bot/store/crypto.js'
import { openStore } from '../../bot/store/store.js'
import { killChildren, prepare, qingan, urlOf, type Child } from '../child.js'
import { client } from '../server.js'
import { until } from '../until.js'

jest.setTimeout(180_000)

const homes: string[] = []
const newFolder = (...parts: string[]): string => {
  const home = mkdtempSync(join(tmpdir(), 'qingan-shared-'))
  homes.push(home)
  return join(home, 'data', ...parts)
}
afterEach(() => {
  killChildren()
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true })
})

/** The line `qingan database serve` prints. */
const uriOf = (child: Child): Promise<string> =>
  until(() => /^(mongodb:\S+)\n/m.exec(child.out())?.[1] ?? null, `a URI: ${child.err()}`)

test('When two servers share one `database serve`, then a person may write to either and is answered once, in order', async () => {
  const dataDir = newFolder()
  await prepare(dataDir)
  const database = qingan(['database', 'serve'], { DATA_DIR: dataDir })
  const uri = await uriOf(database)
  expect(database.out()).toBe(`${uri}\n`)
  const settings = { PORT: '0', DATA_DIR: dataDir, MONGODB_URI: uri, BURST_MS: '50' }
  const servers = [qingan(['start'], settings), qingan(['start'], settings)]
  const urls = (await Promise.all(servers.map(urlOf))) as string[]
  const first = await client(urls[0] as string)
  const second = await client(urls[1] as string, first.token)
  for (const [i, text] of ['同学天天打我怎么办', '老板不给我发工资', '我想退学', '你好'].entries()) {
    expect((await (i % 2 ? second : first).say(text)).status).toBe(202)
    await until(async () => {
      const said = await (i % 2 ? first : second).history()
      const persons = said.filter(({ from }) => from === 'person').length
      return persons === i + 1 && said.at(-1)?.from !== 'person'
    }, `an answer to ${text}`)
  }
  const history = await second.history()
  expect(await first.history()).toEqual(history)
  expect(history.map(({ number }) => number)).toEqual(history.map((_, i) => i + 1))
  expect(history.filter(({ from }) => from === 'person')).toHaveLength(4)
  expect(history.filter(({ from }) => from === 'system')).toHaveLength(1)

  // One of them dies; the other goes on with what it was told.
  servers[0]?.process.kill('SIGKILL')
  await servers[0]?.ended
  expect((await second.say('他们还抢我的钱')).status).toBe(202)
  await until(async () => (await second.history()).at(-1)?.from !== 'person', 'an answer of the other server')

  servers[1]?.process.kill('SIGTERM')
  expect(await servers[1]?.ended).toBe(0)
  database.process.kill('SIGTERM')
  expect(await database.ended).toBe(0)
  expect(existsSync(join(dataDir, 'database.json'))).toBe(false)
})

test('When a folder is served, then a start on it says how to share it, and a command goes through it', async () => {
  const dataDir = newFolder()
  const vault = createVault(randomBytes(32))
  const database = qingan(['database', 'serve'], { DATA_DIR: dataDir })
  const uri = await uriOf(database)
  expect(statSync(join(dataDir, 'database.json')).mode & 0o777).toBe(0o600)
  await expect(openStore({ dataDir }, vault)).rejects.toThrow(
    `store.unavailable: The data folder ${dataDir} is served by \`qingan database serve\`. To work on it too, set MONGODB_URI='${uri}' and start again.`,
  )
  const again = qingan(['database', 'serve'], { DATA_DIR: dataDir })
  expect(await again.ended).toBe(1)
  expect(again.err()).toContain(`The data folder ${dataDir} is already in use by another running process`)

  const beside = await openStore({ dataDir, shared: true }, vault)
  await beside.contents.put({ path: 'a.yml', text: 'a', fileHash: 'h' }, null)
  await beside.close()

  // A killed one leaves its files; nobody believes them.
  database.process.kill('SIGKILL')
  await database.ended
  expect(existsSync(join(dataDir, 'database.json'))).toBe(true)
  const alone = await openStore({ dataDir, shared: true }, vault)
  expect(await alone.contents.all()).toEqual([{ path: 'a.yml', text: 'a', fileHash: 'h' }])
  const inside = await openStore({ dataDir, shared: true }, vault)
  expect(await inside.contents.all()).toHaveLength(1)
  await inside.close()
  await expect(openStore({ dataDir }, vault)).rejects.toThrow('is already in use by another running process')
  await alone.close()
})

test('When the path of the socket would be too long, then it listens on loopback and asks for its password', async () => {
  const dataDir = newFolder('d'.repeat(120))
  const vault = createVault(randomBytes(32))
  const database = qingan(['database', 'serve'], { DATA_DIR: dataDir })
  const uri = await uriOf(database)
  expect(uri).toMatch(/^mongodb:\/\/qingan:[\w-]{32}@127\.0\.0\.1:\d+\/qingan\?/)
  const beside = await openStore({ dataDir, shared: true }, vault)
  expect(await beside.contents.all()).toEqual([])
  await beside.close()
  for (const wrong of [
    uri.replace(/:[\w-]{32}@/, `:${'x'.repeat(32)}@`),
    uri.replace(/\/\/.*@/, '//').replace(/&auth.*/, ''),
  ])
    await expect(openStore({ uri: wrong }, vault)).rejects.toThrow()
  database.process.kill('SIGTERM')
  expect(await database.ended).toBe(0)
})
