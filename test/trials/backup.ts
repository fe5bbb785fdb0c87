import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { Types } from 'mongoose'
import { verifyBackup } from '../../bot/store/backup.js'
import { openStore } from '../../bot/store/store.js'
import { prepare, qingan, urlOf, type Child } from '../child.js'
import { client, type Client } from '../server.js'
import type { Verdict } from './run.js'

/** Chat turns while a backup runs may take at most so many times as long (p99) as while none does. */
const MOST = 3
const PASSPHRASE = 'a passphrase for the trial'
/** Between two messages of one person, so that the limits of requests do not bind. */
const PAUSE_MS = 150
const PEOPLE = 4

interface Options {
  rounds: number
  print: (line: string) => void
  documents?: number
  turns?: number
  /** False in the suite, where nothing is judged by time. */
  judge?: boolean
}

/** People chat with the real server; then again while a backup of many documents runs beside it, as often as it takes. */
export async function backupBesideChat(options: Options): Promise<Verdict> {
  const { rounds, print, documents = 50_000, turns = 60, judge = true } = options
  const home = mkdtempSync(join(tmpdir(), 'qingan-backup-trial-'))
  const dataDir = join(home, 'data')
  const violations: string[] = []
  let server: Child | undefined
  try {
    await fill(dataDir, documents)
    server = qingan(['start'], { PORT: '0', DATA_DIR: dataDir, BURST_MS: '0', LOG_LEVEL: 'silent', TRUST_PROXY: '1' }) // prettier-ignore
    const url = (await urlOf(server)) as string
    const people = await Promise.all(Array.from({ length: PEOPLE }, () => client(url)))
    await chat(people, (begun) => begun < 12) // the first turns warm caches
    const [idle, busy]: [number[], number[]] = [[], []]
    for (let round = 1; round <= rounds; round++) {
      idle.push(...(await chat(people, (begun) => begun < turns)))
      const file = join(home, `${round}.backup`)
      const backup = qingan(['backup', file], { DATA_DIR: dataDir, BACKUP_PASSPHRASE: PASSPHRASE })
      const started = performance.now()
      let running = true
      void backup.ended.then(() => (running = false))
      busy.push(...(await chat(people, () => running)))
      const seconds = (performance.now() - started) / 1000
      if ((await backup.ended) !== 0) violations.push(`the backup failed: ${backup.err()}`)
      const counts = await verifyBackup(file, PASSPHRASE)
      if ((counts.messages ?? 0) < documents) violations.push(`${counts.messages} messages are in the backup`)
      print(`round ${round}/${rounds}: a backup of ${documents} documents took ${seconds.toFixed(1)} s`)
    }
    const [calm, beside] = [p99(idle), p99(busy)]
    const ratio = beside / calm
    if (judge && ratio > MOST) violations.push(`p99 beside a backup is ${ratio.toFixed(2)} × that without`)
    const summary = `${violations.length ? 'FAILED' : 'passed'}: p99 of a turn ${calm.toFixed(0)} ms (${idle.length} turns), beside a backup ${beside.toFixed(0)} ms (${busy.length} turns): × ${ratio.toFixed(2)}, at most × ${MOST}`
    return { violations, summary }
  } finally {
    server?.process.kill('SIGKILL')
    await server?.ended
    rmSync(home, { recursive: true, force: true })
  }
}

/** Messages of other people, as many as a busy month leaves. */
async function fill(dataDir: string, count: number): Promise<void> {
  const vault = await prepare(dataDir)
  const store = await openStore({ dataDir }, vault)
  const expiresAt = new Date(Date.now() + 30 * 86_400_000)
  const rest = { from: 'person', at: new Date(), waiting: false, sending: false, attempts: 0, expiresAt }
  for (let from = 0; from < count; from += 1_000)
    await store.messages.model.insertMany(
      Array.from({ length: Math.min(1_000, count - from) }, (_, i) => ({
        ...rest,
        conversation: new Types.ObjectId(),
        number: i,
        key: `fill-${from + i}`,
        body: randomBytes(250),
      })),
    )
  await store.close()
}

/** Each person writes and waits for the reply, while `goesOn` (told how many turns began). Milliseconds of every turn. */
async function chat(people: Client[], goesOn: (begun: number) => boolean): Promise<number[]> {
  const times: number[] = []
  let begun = 0
  await Promise.all(
    people.map(async (person) => {
      let seen = (await person.history()).at(-1)?.number ?? 0
      while (goesOn(begun)) {
        begun++
        const started = performance.now()
        await person.say('同学天天打我怎么办')
        const messages = await person.waitForReply(seen)
        times.push(performance.now() - started)
        seen = messages.at(-1)?.number ?? seen
        await new Promise((fulfil) => setTimeout(fulfil, PAUSE_MS))
      }
    }),
  )
  return times
}

function p99(times: number[]): number {
  const sorted = [...times].sort((a, b) => a - b)
  return sorted[Math.ceil(0.99 * sorted.length) - 1] ?? NaN
}
