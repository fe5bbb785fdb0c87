import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { calculateObjectSize, deserialize } from 'bson'
import Database from 'libsql'
import { z } from 'zod'
import { AppError } from '../errors.js'
import { benchConnection, type BenchModel } from '../store/bench-model.js'
import { startEmbedded } from '../store/embedded/start.js'

const Options = z.object({ documents: z.coerce.number().int().min(1_000).max(1_000_000) })

/** Callers at once, where there are several. */
const CALLERS = 32
const BATCH = 1_000

type Figures = Record<string, number>

/**
 * `qingan bench store [--documents 100000]`: the embedded database on disk, through mongoose, beside its own ping and a
 * bare SQLite insert with the same sync mode in the same run. Rates are operations a second, in the order they ran.
 */
export async function benchStore(args: string[]): Promise<number> {
  const { documents } = parse(args)
  const folder = mkdtempSync(join(tmpdir(), 'qingan-bench-store-'))
  try {
    const figures = await measure(folder, documents)
    const rows = Object.entries(figures).map(
      ([name, value]) => `${name.padEnd(44)}${round(value).padStart(12)}`,
    )
    process.stdout.write(`${documents} documents, Node ${process.versions.node}\n${rows.join('\n')}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return 0
}

function parse(args: string[]): z.infer<typeof Options> {
  try {
    const options = { documents: { type: 'string', default: '100000' } } as const
    return Options.parse(parseArgs({ args, options }).values)
  } catch (cause) {
    throw new AppError('cli.usage', { why: 'qingan bench store [--documents 1000…1000000]' }, { cause })
  }
}

async function measure(folder: string, documents: number): Promise<Figures> {
  const dataDir = join(folder, 'data')
  const server = await serve(dataDir)
  const empty = server.memory()
  const { model, ping, close } = await benchConnection(server.uri)
  const figures: Figures = {}
  try {
    figures['ping ×1'] = await rate(2_000, 1, ping)
    figures[`ping ×${CALLERS}`] = await rate(6_000, CALLERS, ping)
    const started = performance.now()
    for (let from = 0; from < documents; from += BATCH)
      await model.insertMany(many(from, Math.min(BATCH, documents - from)))
    figures['insertMany (1,000 each)'] = documents / seconds(started)
    Object.assign(figures, await single(model, documents))
    figures['bare SQLite insert, a commit each'] = bareInserts(join(folder, 'bare.sqlite'))
    figures['create ×32 ÷ bare insert'] = (figures['create ×32'] as number) / (figures['bare SQLite insert, a commit each'] as number) // prettier-ignore
    const data = (documents * calculateObjectSize(many(0, 1)[0] as object)) / 2 ** 20
    figures['data, MB of BSON'] = data
    figures['memory, MB more than empty'] = server.memory() - empty
    figures['memory ÷ data'] = (server.memory() - empty) / data
  } finally {
    await close()
    await server.stop()
  }
  return { ...figures, ...(await restart(dataDir)) }
}

async function single(model: BenchModel, documents: number): Promise<Figures> {
  const figures: Figures = {}
  let next = documents
  const one = () => many(next++, 1)[0] as object
  const anyKey = () => `key-${Math.floor(Math.random() * documents)}`
  const create = () => model.create(one())
  figures['create ×1'] = await rate(500, 1, create)
  figures[`create ×${CALLERS}`] = await rate(6_000, CALLERS, create)
  figures[`findOne by an index ×${CALLERS}`] = await rate(8_000, CALLERS, () =>
    model.findOne({ key: anyKey() }).lean(),
  )
  figures[`findOneAndUpdate ×${CALLERS}`] = await rate(4_000, CALLERS, () =>
    model.findOneAndUpdate({ key: anyKey() }, { $set: { waiting: true }, $inc: { attempts: 1 } }).lean(),
  )
  figures['sorted page of 25 ×1'] = await rate(300, 1, () =>
    model.find({ from: 'person' }).sort({ at: -1 }).skip(500).limit(25).lean(),
  )
  return figures
}

/** Documents like the messages of the chat: an id, a key, dates, flags and some hundred sealed bytes. */
function many(from: number, count: number): object[] {
  return Array.from({ length: count }, (_, i) => ({
    conversation: `conversation-${(from + i) % 5_000}`,
    number: from + i,
    key: `key-${from + i}`,
    from: (from + i) % 2 ? 'person' : 'bot',
    body: randomBytes(160),
    at: new Date(1_790_000_000_000 + (from + i) * 1_000),
    waiting: false,
    attempts: 0,
  }))
}

/** Operations a second of `callers` at once, `count` in all. */
async function rate(count: number, callers: number, operation: () => PromiseLike<unknown>): Promise<number> {
  let left = count
  const started = performance.now()
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (left-- > 0) await operation()
    }),
  )
  return count / seconds(started)
}

/** One insert a transaction, WAL and synchronous FULL as in the data file: what the disk allows without a server. */
function bareInserts(path: string): number {
  const database = new Database(path)
  for (const pragma of ['locking_mode = EXCLUSIVE', 'journal_mode = WAL', 'synchronous = FULL'])
    database.pragma(pragma)
  database.exec('CREATE TABLE documents (seq INTEGER PRIMARY KEY, body BLOB NOT NULL)')
  const insert = database.prepare('INSERT INTO documents (body) VALUES (?)')
  const bytes = randomBytes(320)
  const count = 2_000
  const started = performance.now()
  for (let i = 0; i < count; i++) insert.run([bytes])
  const found = count / seconds(started)
  database.close()
  return found
}

/** How long the folder takes to open, and how long it takes only to read its documents. */
async function restart(dataDir: string): Promise<Figures> {
  const nothing = performance.now()
  await (await startEmbedded({ memory: true })).stop()
  const thread = seconds(nothing)
  const opened = performance.now()
  const server = await startEmbedded({ dataDir })
  const open = seconds(opened) - thread
  await server.stop()
  const started = performance.now()
  const database = new Database(join(dataDir, 'database.sqlite'))
  const rows = database.prepare('SELECT body FROM documents').all([]) as { body: ArrayBuffer }[]
  for (const { body } of rows) deserialize(new Uint8Array(body))
  const bare = seconds(started)
  database.close()
  return { 'restart, s': open, 'bare read of the same file, s': bare, 'restart ÷ bare read': open / bare }
}

/** `qingan database serve` in a process of its own, so that its memory is its own. */
async function serve(dataDir: string) {
  const child = spawn(process.execPath, [process.argv[1] as string, 'database', 'serve'], {
    env: { ...process.env, DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((fulfil) => child.once('exit', () => fulfil()))
  process.once('exit', () => child.kill('SIGKILL'))
  const uri = await new Promise<string>((fulfil, reject) => {
    child.stdout.once('data', (line: Buffer) => fulfil(line.toString().trim()))
    void ended.then(() => reject(new Error('the database did not start')))
  })
  return {
    uri,
    /** Resident memory in MB, as Linux counts it. */
    memory: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

const seconds = (started: number) => (performance.now() - started) / 1000
const round = (value: number) => (value >= 100 ? value.toFixed(0) : value.toFixed(2))
