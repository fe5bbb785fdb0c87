import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createConnection, type Connection } from 'mongoose'
import { startEmbedded } from '../../bot/store/embedded/start.js'
import type { Trial } from './run.js'

const writers = join(dirname(fileURLToPath(import.meta.url)), 'database-writers.ts')
/** How long the writers write before they are killed, in milliseconds. */
const LIFE_MS: [number, number] = [50, 900]

interface Acknowledged {
  kind: string
  writer: number
  n: number
}

/**
 * Kills (SIGKILL) a process with the embedded database under fourteen writers, again and again on one folder; after each
 * kill everything acknowledged must be there, once, and what an index finds must be what stands in the collection.
 */
export const database: Trial = async ({ rounds, print }) => {
  const home = mkdtempSync(join(tmpdir(), 'qingan-database-'))
  const dataDir = join(home, 'data')
  const violations: string[] = []
  let [all, recovered] = [0, 0]
  const increments = new Map<number, number>()
  try {
    for (let round = 1; round <= rounds; round++) {
      const lines = await writeUntilKilled(dataDir, round)
      all += lines.length
      if (lines.length === 0) violations.push(`round ${round}: nothing was written`)
      for (const { kind, writer } of lines)
        if (kind === 'increment') increments.set(writer, (increments.get(writer) ?? 0) + 1)
      const server = await startEmbedded({ dataDir, onNotice: () => recovered++ })
      const connection = await createConnection(server.uri).asPromise()
      const faults = await inspect(connection, round, lines, increments)
      violations.push(...faults.map((fault) => `round ${round}: ${fault}`))
      await connection.close()
      await server.stop()
      print(`round ${round}/${rounds}: ${lines.length} acknowledged writes, ${faults.length} violations`)
    }
    const summary = `${violations.length ? 'FAILED' : 'passed'}: ${rounds} kills, 14 writers, ${all} acknowledged writes, ${recovered} notices of recovery, ${violations.length} violations`
    return { violations, summary }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

async function writeUntilKilled(dataDir: string, round: number): Promise<Acknowledged[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', writers, dataDir, String(round)], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  let timer: NodeJS.Timeout | undefined
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    timer ??= setTimeout(() => child.kill('SIGKILL'), randomInt(...LIFE_MS))
  })
  await once(child, 'close')
  // The last line may be half written.
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split(' '))
    .map(([kind = '', writer, n]) => ({ kind, writer: Number(writer), n: Number(n) }))
}

/** What is wrong, in words. */
async function inspect(
  connection: Connection,
  round: number,
  lines: Acknowledged[],
  increments: Map<number, number>,
): Promise<string[]> {
  const faults: string[] = []
  const stored = await connection.collection<{ _id: string; kind: string }>('log').find().toArray()
  const ids = new Set(stored.map(({ _id }) => _id))
  const keys = await connection.collection<{ key: string; by: string }>('keys').find().toArray()
  const last = new Map(keys.map(({ key, by }) => [key, by.split('.').map(Number)]))
  for (const { kind, writer, n } of lines) {
    const id = `${round}.${writer}.${n}`
    if (kind === 'insert' && !ids.has(id)) faults.push(`the insert ${id} is lost`)
    if (kind === 'bulk' && [0, 1, 2, 3, 4].some((i) => !ids.has(`${id}.${i}`)))
      faults.push(`the bulk ${id} is lost in part`)
    if (kind === 'upsert') {
      const [by = 0, , at = 0] = last.get(`${writer}.${n % 40}`) ?? []
      if (by !== round || at < n) faults.push(`the upsert ${id} is lost`)
    }
  }
  for (const { _id, n } of await connection
    .collection<{ _id: number; n: number }>('counters')
    .find()
    .toArray()) {
    const surplus = n - (increments.get(_id) ?? 0)
    // At most one write of each round was done and could not be acknowledged any more.
    if (surplus < 0 || surplus > round) faults.push(`the counter ${_id} is ${surplus} off`)
  }
  if (ids.size !== stored.length) faults.push('an id stands twice')
  if (last.size !== keys.length) faults.push('a unique key stands twice')
  const counts = await Promise.all(
    ['insert', 'bulk'].map((kind) => connection.collection('log').countDocuments({ kind })),
  )
  if ((counts[0] as number) + (counts[1] as number) !== stored.length)
    faults.push('an index has lost documents')
  const again = await connection.collection('keys').insertOne({ key: keys[0]?.key }).then(() => true, () => false) // prettier-ignore
  if (keys.length && again) faults.push('a unique index let a second document in')
  return faults
}
