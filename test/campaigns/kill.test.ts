import { expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DateTime } from 'luxon'
import { ZONE } from '../../bot/content/lines.js'
import { campaignHouse, draftFor } from './house.js'

const script = fileURLToPath(new URL('runner-process.ts', import.meta.url))
const PEOPLE = 200
/** Warnings stored before each kill; the last process is left to finish. */
const KILLED_AFTER = [1, 37, 60]

/** Runs the sender at this time until it has stored so many warnings, or is done; the keys it printed. */
async function send(
  dataDir: string,
  key: Buffer,
  now: string,
  killedAfter: number | null,
): Promise<string[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', script, dataDir, key.toString('hex'), now], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    printed += piece
    if (killedAfter !== null && printed.split('\n').length > killedAfter) child.kill('SIGKILL')
  })
  await new Promise((fulfil) => child.on('close', fulfil))
  return printed.split('\n').slice(0, -1)
}

test('When the sender is killed again and again among two hundred people, then each gets the warning exactly once', async () => {
  const home = mkdtempSync(join(tmpdir(), 'qingan-warnings-'))
  const place = { dataDir: join(home, 'data') }
  const key = randomBytes(32)
  const people = Array.from({ length: PEOPLE }, (_, i) => `person-${i}`)
  try {
    const before = await campaignHouse('2026-11-26T09:00', place, key)
    await Promise.all(people.map((name) => before.subscribe(name)))
    const id = await before.launch(draftFor('2026-12-01T10:00'))
    await before.store.close()

    const start = DateTime.fromISO('2026-12-01T10:00', { zone: ZONE })
    // Each process begins two minutes after the last: by then the leases of the dead have run out.
    const times = KILLED_AFTER.map((_, i) => start.plus({ minutes: 2 * i }).toFormat("yyyy-MM-dd'T'HH:mm"))
    const seen: string[] = []
    for (const [i, time] of times.entries())
      seen.push(...(await send(place.dataDir, key, time, KILLED_AFTER[i] as number)))
    expect(seen.length).toBeLessThan(PEOPLE)
    const last = start.plus({ minutes: 2 * times.length }).toFormat("yyyy-MM-dd'T'HH:mm")
    seen.push(...(await send(place.dataDir, key, last, null)))
    expect(new Set(seen).size).toBeGreaterThan(PEOPLE - KILLED_AFTER.length * 25)

    const after = await campaignHouse(last, place, key)
    try {
      const counts = await Promise.all(people.map(async (name) => (await after.warnings(name)).length))
      expect(counts.filter((count) => count !== 1)).toEqual([])
      expect(await after.outcomes(id)).toMatchObject({ sent: PEOPLE, planned: 0, skipped: {}, failed: {} })
      expect((await after.campaigns.one(id)).state).toBe('done')
    } finally {
      await after.store.close()
    }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}, 120_000)
