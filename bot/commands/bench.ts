import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { AppError } from '../errors.js'
import { startEmbedded } from '../store/embedded/start.js'
import { baseline } from './bench-baseline.js'
import { openNursery, type Nursery } from './bench-children.js'
import { loadRequests, loadTurns, read, type Bounds, type RequestLoad, type TurnLoad } from './bench-load.js'
import { benchReport, figuresOf, type Measured, type ServerTimes } from './bench-report.js'
import { benchStore } from './bench-store.js'
import { tapDatabase } from './bench-wire.js'

const Options = z.object({
  seconds: z.coerce.number().int().min(1).max(300),
  conversations: z.coerce.number().int().min(1).max(256),
  json: z.boolean(),
})
type Options = z.infer<typeof Options>

/** Requests of one phase, however fast the machine. */
const MOST = 500_000
/** For compilers and caches, before anything is counted. */
const WARM_SECONDS = 2
/** One conversation alone: seconds at most. */
const ALONE_SECONDS = 5
const METRICS_TOKEN = 'bench'

/**
 * `qingan bench turn [--seconds 10] [--conversations 32] [--json]`: turns over HTTP against the real server on disk
 * in a temporary folder, beside a bare express echo and express with one durable insert in the same run.
 */
export async function bench(args: string[]): Promise<number> {
  const [what, kind, folder] = args
  if (what === 'baseline' && (kind === 'echo' || kind === 'insert') && folder) return baseline(kind, folder)
  // wechaty and telegraf take a second to load: only what needs them does.
  if (what === 'baseline' && (kind === 'telegraf' || kind === 'express-wechat'))
    return (await import('./bench-echoes.js')).echo(kind, args.slice(2))
  if (what === 'baseline' && (kind === 'read-qingan' || kind === 'read-node-nlp'))
    return (await import('./bench-readers.js')).read(
      kind === 'read-qingan' ? 'qingan' : 'node-nlp',
      Number(folder),
    )
  if (what === 'understand') return (await import('./bench-understand.js')).benchUnderstand(args.slice(1))
  if (what === 'channels') return (await import('./bench-channels.js')).benchChannels(args.slice(1))
  if (what === 'store') return benchStore(args.slice(1))
  const options = parse(args)
  const nursery = openNursery()
  try {
    const measured = await measure(nursery, options)
    const text = options.json ? `${JSON.stringify(figuresOf(measured), null, 1)}\n` : benchReport(measured)
    await new Promise<void>((fulfil) => process.stdout.write(text, () => fulfil()))
  } finally {
    await nursery.close()
  }
  return 0
}

function parse(args: string[]): Options {
  const options = {
    seconds: { type: 'string', default: '10' },
    conversations: { type: 'string', default: '32' },
    json: { type: 'boolean', default: false },
  } as const
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
    if (positionals.join(' ') !== 'turn')
      throw new TypeError('bench knows only: bench turn, bench understand, bench store, bench channels')
    return Options.parse(values)
  } catch (error) {
    const issues = error instanceof z.ZodError ? error.issues : []
    const why = issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('; ')
    throw new AppError('cli.usage', { why: why || (error as Error).message }, { cause: error })
  }
}

async function measure(nursery: Nursery, { seconds, conversations }: Options): Promise<Measured> {
  const bounds: Bounds = { atOnce: conversations, seconds, most: MOST }
  const dataDir = join(nursery.folder, 'data')
  mkdirSync(dataDir)
  tell('the server, on disk (the first start learns from the content) …')
  const together = await measureServer(nursery, { DATA_DIR: dataDir }, bounds)
  tell('one conversation alone, counting round trips …')
  const alone = await measureAlone(nursery, dataDir, Math.min(seconds, ALONE_SECONDS))
  tell('express echo …')
  const echo = await measureBaseline(nursery, 'echo', bounds)
  tell('express and one durable insert …')
  const insert = await measureBaseline(nursery, 'insert', bounds)
  return { seconds, conversations, together, alone, echo, insert }
}

type ServerLoad = { load: TurnLoad; times: ServerTimes }

async function measureServer(
  nursery: Nursery,
  place: Record<string, string>,
  bounds: Bounds,
  onWarm: () => void = () => {},
): Promise<ServerLoad> {
  const server = await nursery.start(['start'], {
    HOST: '127.0.0.1',
    PORT: '0',
    BURST_MS: '0',
    LOG_LEVEL: 'silent',
    TRUST_PROXY: '1',
    METRICS_TOKEN,
    ...place,
  })
  try {
    await loadTurns(server.url, { ...bounds, seconds: WARM_SECONDS })
    const before = await timesOf(server.url)
    onWarm()
    const load = await loadTurns(server.url, bounds)
    const after = await timesOf(server.url)
    const times = {
      turns: after.turns - before.turns,
      turnSeconds: after.turnSeconds - before.turnSeconds,
      cpuSeconds: after.cpuSeconds - before.cpuSeconds,
    }
    return { load, times }
  } finally {
    await server.stop()
  }
}

/** The same data, but the database in this process behind a tap. */
async function measureAlone(nursery: Nursery, dataDir: string, seconds: number): Promise<Measured['alone']> {
  const database = await startEmbedded({ dataDir })
  const tap = await tapDatabase(database.uri)
  try {
    const place = { DATA_DIR: dataDir, MONGODB_URI: tap.uri }
    const bounds = { atOnce: 1, seconds, most: MOST }
    const found = await measureServer(nursery, place, bounds, () => void tap.take())
    return { ...found, trips: tap.take() }
  } finally {
    await tap.close()
    await database.stop()
  }
}

async function measureBaseline(
  nursery: Nursery,
  kind: 'echo' | 'insert',
  bounds: Bounds,
): Promise<RequestLoad> {
  const child = await nursery.start(['bench', 'baseline', kind, nursery.folder])
  try {
    await loadRequests(child.url, { ...bounds, seconds: WARM_SECONDS })
    return await loadRequests(child.url, bounds)
  } finally {
    await child.stop()
  }
}

/** The server's own counters (Prometheus text format). */
async function timesOf(url: string): Promise<ServerTimes> {
  const text = await read(`${url}/metrics`, { authorization: `Bearer ${METRICS_TOKEN}` })
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1] ?? NaN)
  return {
    turns: value('qingan_turn_seconds_count'),
    turnSeconds: value('qingan_turn_seconds_sum'),
    cpuSeconds: value('process_cpu_seconds_total'),
  }
}

const tell = (what: string) => process.stderr.write(`bench: ${what}\n`)
