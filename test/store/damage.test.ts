import { afterAll, describe, expect, jest, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConnection, type Connection } from 'mongoose'
import type { Notice } from '../../bot/store/embedded/notice.js'
import { startEmbedded } from '../../bot/store/embedded/start.js'

jest.setTimeout(120_000)

const home = mkdtempSync(join(tmpdir(), 'qingan-damage-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

let copies = 0
const WRITES = 12

/** A folder as a kill would leave it after numbered writes, each its own transaction in the log. */
async function killed(): Promise<string> {
  const dataDir = join(home, `live-${++copies}`)
  const server = await startEmbedded({ dataDir, inline: true })
  const db = await createConnection(server.uri).asPromise()
  await db.collection('log').createIndex({ n: 1 }, { unique: true })
  for (let n = 1; n <= WRITES; n++) await db.collection('log').insertOne({ n, text: 'x'.repeat(200) })
  const left = join(home, `left-${++copies}`)
  cpSync(dataDir, left, { recursive: true, filter: (path) => !path.endsWith('.sock') })
  await db.close()
  await server.stop()
  return left
}

/** What opens from a copy of `folder` whose log was changed by `spoil`. */
async function opened(folder: string, spoil: (log: string) => void) {
  const dataDir = join(home, `copy-${++copies}`)
  cpSync(folder, dataDir, { recursive: true })
  spoil(join(dataDir, 'database.sqlite-wal'))
  const notices: Notice[] = []
  const server = await startEmbedded({ dataDir, inline: true, onNotice: (notice) => notices.push(notice) })
  let db: Connection | undefined
  try {
    db = await createConnection(server.uri).asPromise()
    const found = await db.collection<{ n: number }>('log').find().sort({ n: 1 }).toArray()
    return { numbers: found.map(({ n }) => n), events: notices.map(({ event }) => event), notices }
  } finally {
    await db?.close()
    await server.stop()
  }
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

describe('a log that was cut or garbled', () => {
  test('When the process was killed, then all is there and the recovery says what it took over', async () => {
    const left = await killed()
    const { numbers, events, notices } = await opened(left, () => undefined)
    expect(numbers).toEqual(upTo(WRITES))
    expect(events).toEqual(['database.recovered'])
    expect(Number(/(\d+) transactions/.exec(notices[0]?.text ?? '')?.[1])).toBeGreaterThanOrEqual(WRITES)
  })

  test('When the tail of the log is cut at any place, then an unbroken prefix opens, with a warning', async () => {
    const left = await killed()
    const size = readFileSync(join(left, 'database.sqlite-wal')).length
    for (const lost of [1, 100, 4095, 4119, 5000, 9000, 20_000, size - 40, size - 10]) {
      const { numbers, events } = await opened(left, (log) => truncateSync(log, size - lost))
      expect(numbers).toEqual(upTo(numbers.length))
      expect(numbers.length).toBeLessThan(WRITES)
      expect(events).toContain('database.log-cut')
    }
  })

  test('When bytes of the log are garbled, then what stands before them opens, with a warning', async () => {
    const left = await killed()
    const whole = readFileSync(join(left, 'database.sqlite-wal'))
    for (const [from, length] of [
      [whole.length - 1, 1],
      [whole.length - 4120, 24],
      [whole.length - 5000, 5000],
      [Math.floor(whole.length / 2), 3],
      [4, 8],
    ] as [number, number][]) {
      const garbled = Buffer.from(whole)
      const noise = randomBytes(length)
      for (let i = 0; i < length; i++)
        garbled[from + i] = (garbled[from + i] as number) ^ (noise[i] as number | 1)
      const { numbers, events } = await opened(left, (log) => writeFileSync(log, garbled))
      expect(numbers).toEqual(upTo(numbers.length))
      expect(numbers.length).toBeLessThan(WRITES)
      expect(events).toContain('database.log-cut')
    }
  })

  test('When the database itself is no database any more, then a sentence says to restore a backup', async () => {
    const dataDir = join(home, 'broken')
    cpSync(await killed(), dataDir, { recursive: true })
    rmSync(join(dataDir, 'database.sqlite-wal'))
    writeFileSync(join(dataDir, 'database.sqlite'), randomBytes(8192))
    await expect(startEmbedded({ dataDir })).rejects.toThrow(/cannot be read; restore a backup/)
  })
})

describe('the size limit', () => {
  test('When four fifths are taken, then it warns once; when all is taken, then only what grows is refused', async () => {
    const notices: Notice[] = []
    const onNotice = (notice: Notice) => void notices.push(notice)
    const dataDir = join(home, 'full')
    const server = await startEmbedded({ dataDir, onNotice, maxBytes: 100_000 })
    const db = await createConnection(server.uri).asPromise()
    const log = db.collection<{ _id: number; text: string; n?: number }>('log')
    const put = (_id: number) => log.insertOne({ _id, text: 'x'.repeat(9_970) })
    for (let i = 1; i <= 7; i++) await put(i)
    expect(notices).toEqual([])
    for (let i = 8; i <= 9; i++) await put(i)
    expect(notices.map(({ event }) => event)).toEqual(['database.filling'])
    await put(10)
    await expect(put(11)).rejects.toMatchObject({ code: 12501, message: expect.stringContaining('is full') })
    await expect(log.updateOne({ _id: 1 }, { $set: { text: 'y'.repeat(12_000) } })).rejects.toMatchObject({
      code: 12501,
    })
    expect(await log.updateOne({ _id: 1 }, { $set: { text: 'short' } })).toMatchObject({ modifiedCount: 1 })
    expect(await log.deleteMany({ _id: { $lte: 2 } })).toMatchObject({ deletedCount: 2 })
    await put(11)
    expect(await log.countDocuments()).toBe(9)
    await db.close()
    await server.stop()
    const again = await startEmbedded({ dataDir, inline: true, onNotice, maxBytes: 100_000 })
    expect(notices.map(({ event }) => event)).toEqual(['database.filling', 'database.filling'])
    await again.stop()
  })
})
