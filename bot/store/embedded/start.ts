import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import { DataFile, DataFileError } from './data-file.js'
import { EmbeddedServer } from './server.js'
import { Store } from './store.js'

/** Linux allows 107 bytes for the path of a unix socket. */
const MAX_SOCKET_PATH = 107
const SWEEP_MS = 60_000

/** Where the data live: in a folder, or in memory only (tests). */
export type EmbeddedOptions = ({ dataDir: string } | { memory: true }) & {
  /** Runs in this thread instead of a worker: quicker to start, but commits stall the caller. For tests. */
  inline?: boolean
  /** How often expired documents (TTL indexes) and idle cursors are removed, in ms; a minute by default, as in MongoDB. */
  sweepMs?: number
}

export interface Embedded {
  /** A mongodb:// URI for the driver, with `qingan` as its default database. */
  uri: string
  /** Answers what has arrived, makes it durable, closes. May be called twice. */
  stop(): Promise<void>
  /** Settles when the server has ended: undefined after stop(), else the error that ended it. */
  ended: Promise<Error | undefined>
}

/** What the worker is told. */
export interface WorkerData {
  dataDir?: string
  socketPath: string
  sweepMs: number
}

/** What the worker says. */
export type WorkerMessage = 'ready' | { failed: string }

/** Opens the store and listens; used by the worker, and directly in inline mode. */
export async function serve({ dataDir, socketPath, sweepMs }: WorkerData): Promise<EmbeddedServer> {
  const server = new EmbeddedServer(
    new Store(dataDir === undefined ? undefined : new DataFile(dataDir)),
    sweepMs,
  )
  await server.listen(socketPath)
  return server
}

type Running = Pick<Embedded, 'stop' | 'ended'>

async function startInline(workerData: WorkerData): Promise<Running> {
  const server = await serve(workerData)
  let settle: (value: undefined) => void
  const ended = new Promise<undefined>((resolveEnded) => (settle = resolveEnded))
  return { ended, stop: () => server.stop().then(() => settle(undefined)) }
}

function startWorker(workerData: WorkerData): Promise<Running> {
  // From sources a small launcher registers tsx first: a .ts file cannot be a worker under tsx or jest.
  const source = import.meta.url.endsWith('.ts')
  const worker = new Worker(new URL(source ? './worker-launcher.mjs' : './worker.js', import.meta.url), {
    workerData,
    execArgv: [],
  })
  const ended = new Promise<Error | undefined>((settle) => {
    worker.once('error', settle)
    worker.once('exit', (code) =>
      settle(code === 0 ? undefined : new Error(`The embedded database ended with code ${code}`)),
    )
  })
  return new Promise((fulfil, reject) => {
    worker.once('message', (message: WorkerMessage) => {
      if (message !== 'ready') return reject(new DataFileError(message.failed))
      fulfil({
        ended,
        stop: async () => {
          worker.postMessage('stop')
          await ended
        },
      })
    })
    void ended.then((error) => reject(error ?? new Error('The embedded database ended before it was ready')))
  })
}

/**
 * Starts the embedded database, a server for MongoDB's wire protocol on a unix socket, in a worker thread.
 * Throws DataFileError with a sentence for people when another process has the data folder or the file cannot be opened.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const dataDir = 'dataDir' in options ? resolve(options.dataDir) : undefined
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const inFolder = dataDir === undefined ? undefined : join(dataDir, 'database.sock')
  const own =
    inFolder === undefined || Buffer.byteLength(inFolder) > MAX_SOCKET_PATH
      ? mkdtempSync(join(tmpdir(), 'qingan-'))
      : undefined
  const socketPath = own === undefined ? (inFolder as string) : join(own, 'database.sock')
  const workerData = { dataDir, socketPath, sweepMs: options.sweepMs ?? SWEEP_MS }
  const removeOwn = (): void => {
    if (own !== undefined) rmSync(own, { recursive: true, force: true })
  }
  const running = await (options.inline ? startInline(workerData) : startWorker(workerData)).catch(
    (error: unknown) => {
      removeOwn()
      throw error
    },
  )
  let stopping: Promise<void> | undefined
  return {
    uri: `mongodb://${encodeURIComponent(socketPath)}/qingan?directConnection=true`,
    ended: running.ended,
    stop: () => (stopping ??= running.stop().then(removeOwn)),
  }
}
