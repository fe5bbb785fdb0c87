import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { createVault, dataKey } from '../../bot/store/crypto.js'
import { LEARNING_MS } from '../brain.js'
import { knowledge, testServer } from '../server.js'
import { until } from '../until.js'

const folders: string[] = []
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'qingan-secrecy-'))
  folders.push(path)
  return path
}
afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true })
})

describe('the vault', () => {
  const vault = createVault(randomBytes(32))
  const text = '我家住在青山路七号 🌧 \u0000 end'

  test('When a text is sealed, then it opens to the same text, and its bytes do not hold it', () => {
    const sealed = vault.seal(text, 'message:1')
    expect(vault.open(sealed, 'message:1')).toBe(text)
    expect(sealed.includes('青山路')).toBe(false)
  })

  test('When the empty text is sealed, then it opens to the empty text', () => {
    expect(vault.open(vault.seal('', 'x'), 'x')).toBe('')
  })

  test('When the same text is sealed twice, then nobody sees that it is the same', () => {
    expect(vault.seal(text, 'message:1').equals(vault.seal(text, 'message:1'))).toBe(false)
  })

  test('When another key, another place or any flipped bit meets a sealed text, then it does not open', () => {
    const sealed = vault.seal('短', 'message:1')
    const refused = /^store\.key-wrong/
    expect(() => createVault(randomBytes(32)).open(sealed, 'message:1')).toThrow(refused)
    expect(() => vault.open(sealed, 'message:2')).toThrow(refused)
    for (let i = 0; i < sealed.length; i++) {
      const changed = Buffer.from(sealed)
      changed[i] = (changed[i] as number) ^ 1
      expect(() => vault.open(changed, 'message:1')).toThrow(refused)
    }
    for (let i = 0; i < sealed.length; i++) {
      expect(() => vault.open(sealed.subarray(0, i), 'message:1')).toThrow(refused)
    }
  })

  test('When a sealed text does not open, then the error quotes nothing of it', () => {
    try {
      vault.open(Buffer.from('这里有一句原话'), 'message:1')
    } catch (error) {
      expect(JSON.stringify([(error as Error).message, error])).not.toContain('原话')
    }
    expect.assertions(1)
  })

  test('When an address is hashed, then the same key gives the same hash and another key another one', () => {
    expect(vault.hash('web:a')).toBe(vault.hash('web:a'))
    expect(vault.hash('web:a')).not.toBe(vault.hash('web:b'))
    expect(vault.hash('web:a')).not.toBe(createVault(randomBytes(32)).hash('web:a'))
  })
})

describe('the key', () => {
  test('When there is none, then one is made once beside the data folder, readable by its owner alone', () => {
    const data = join(folder(), 'data')
    const first = dataKey(undefined, data, false)
    expect(first.made).toBe(`${data}.key`)
    expect(statSync(`${data}.key`).mode & 0o777).toBe(0o600)
    const second = dataKey(undefined, data, true)
    expect(second.made).toBeUndefined()
    expect(second.key.equals(first.key)).toBe(true)
  })

  test('When there are data but their key is missing, then no second key is made', () => {
    const data = join(folder(), 'data')
    expect(() => dataKey(undefined, data, true)).toThrow(/^store\.key-wrong/)
    expect(existsSync(`${data}.key`)).toBe(false)
  })

  test('When the key file is damaged, then the start says so and leaves it alone', () => {
    const data = join(folder(), 'data')
    for (const damaged of ['', 'not hexadecimal', 'ab'.repeat(31)]) {
      writeFileSync(`${data}.key`, damaged)
      expect(() => dataKey(undefined, data, true)).toThrow(/holds no key/)
      expect(readFileSync(`${data}.key`, 'utf8')).toBe(damaged)
    }
  })

  test('When the environment gives a key, then no file is made', () => {
    const data = join(folder(), 'data')
    const given = randomBytes(32)
    expect(dataKey(given.toString('hex'), data, false)).toEqual({ key: given })
    expect(existsSync(`${data}.key`)).toBe(false)
  })
})

describe('the data folder', () => {
  beforeAll(() => knowledge(), LEARNING_MS)

  test('When people have talked, then no word, address or token of theirs stands in any file or log line', async () => {
    const dataDir = join(folder(), 'data')
    const lines: string[] = []
    const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
    const server = await testServer({ DATA_KEY: '', DATA_DIR: dataDir }, { place: { dataDir }, log })
    const secrets: string[] = []
    for (let i = 0; i < 5; i++) {
      const browser = await server.client()
      const tag = randomBytes(8).toString('hex')
      const id = `id-${randomBytes(8).toString('hex')}`
      await browser.say(`门牌${tag}，我不想活了`, id)
      const said = await browser.waitForReply()
      expect(said[0]).toMatchObject({ id, text: `门牌${tag}，我不想活了` })
      secrets.push(tag, id, browser.token, browser.token.split('.')[0] as string)
    }
    // What the bot says is somebody's story too: which danger, which law.
    const spoken = '我不想活了'
    const everywhere = () => {
      const files = readdirSync(dataDir, { withFileTypes: true }).filter((entry) => entry.isFile())
      const bytes = files.map(({ name }) => readFileSync(join(dataDir, name)))
      expect(files.map(({ name }) => name)).toContain('database.sqlite')
      const found = secrets.filter((secret) =>
        bytes.some((each) => each.includes(secret) || each.includes(Buffer.from(secret, 'utf16le'))),
      )
      return { found, names: files.map(({ name }) => name) }
    }
    const running = everywhere()
    expect(running.found).toEqual([])
    expect(running.names).toContain('database.sqlite-wal')
    await server.stop()
    expect(everywhere().found).toEqual([])
    expect(lines.length).toBeGreaterThan(5)
    const written = lines.join('')
    expect([...secrets, spoken].filter((secret) => written.includes(secret))).toEqual([])
  }, 60_000)

  test('When the data folder is opened with another key, then the start is refused and nothing is destroyed', async () => {
    const dataDir = join(folder(), 'data')
    const [right, wrong] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')]
    const first = await testServer({ DATA_KEY: right }, { place: { dataDir } })
    const browser = await first.client()
    await browser.say('我不想活了')
    const said = await browser.waitForReply()
    await first.stop()

    await expect(testServer({ DATA_KEY: wrong }, { place: { dataDir } })).rejects.toThrow(/^store\.key-wrong/)

    const again = await testServer({ DATA_KEY: right }, { place: { dataDir } })
    const same = await again.client(browser.token)
    expect(await until(() => same.history(), 'the history')).toEqual(said)
    await again.stop()
  }, 60_000)
})
