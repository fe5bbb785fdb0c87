import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import { newPassword } from './authenticate.js'
import { removeConnection, writeConnection } from './connection-file.js'
import { DataFile, DataFileError } from './data-file.js'
import type { Notice } from './notice.js'
import { EmbeddedServer, type Address } from './server.js'
import { Store } from './store.js'

/** Linux allows 107 bytes for the path of a unix socket. */
const MAX_SOCKET_PATH = 107
const SWEEP_MS = 60_000

/** Where the data live: in a folder, or in memory only (tests). */
export type EmbeddedOptions = ({ dataDir: string } | { memory: true }) & {
  /** Runs in this thread instead of a worker: for a process that does nothing else, and for tests. */
  inline?: boolean
  /** Tells others in the data folder that they may share this server. */
  standalone?: boolean
  /** How often expired documents (TTL indexes) and idle cursors are removed, in ms; a minute by default, as in MongoDB. */
  sweepMs?: number
  /** Hears what people should know: what a recovery found, that the limit comes near. */
  onNotice?: (notice: Notice) => void
  /** How many bytes of documents it takes; for tests, smaller than MAX_BYTES. */
  maxBytes?: number
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
  address: Address
  standalone: boolean
  sweepMs: number
  maxBytes?: number
}

/** What the worker says. */
export type WorkerMessage = { uri: string } | { failed: string; busy: boolean } | { notice: Notice }

type Hear = (notice: Notice) => void

/** Opens the store, listens, and says so in the data folder; used by the worker, and directly in inline mode. */
export async function serve(
  { dataDir, address, standalone, sweepMs, maxBytes }: WorkerData,
  hear: Hear,
): Promise<Pick<Embedded, 'uri' | 'stop'>> {
  const store = new Store(dataDir === undefined ? undefined : new DataFile(dataDir), hear, maxBytes)
  const server = new EmbeddedServer(store, sweepMs)
  const uri = await server.listen(address)
  if (dataDir !== undefined) writeConnection(dataDir, { uri, standalone })
  return {
    uri,
    stop: () => {
      if (dataDir !== undefined) removeConnection(dataDir)
      return server.stop()
    },
  }
}

async function startInline(data: WorkerData, hear: Hear): Promise<Embedded> {
  const { uri, stop } = await serve(data, hear)
  let settle: (value: undefined) => void
  const ended = new Promise<undefined>((resolveEnded) => (settle = resolveEnded))
  return { uri, ended, stop: () => stop().then(() => settle(undefined)) }
}

function startWorker(workerData: WorkerData, hear: Hear): Promise<Embedded> {
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
    worker.on('message', (message: WorkerMessage) => {
      if ('notice' in message) return hear(message.notice)
      if ('failed' in message) return reject(new DataFileError(message.failed, message.busy))
      const stop = async () => {
        worker.postMessage('stop')
        await ended
      }
      fulfil({ uri: message.uri, ended, stop })
    })
    void ended.then((error) => reject(error ?? new Error('The embedded database ended before it was ready')))
  })
}

/**
 * Starts the embedded database, a server for MongoDB's wire protocol, in a worker thread. It listens on a unix socket in
 * the data folder, or on loopback with a password where the path of the socket would be too long.
 * Throws DataFileError with a sentence for people when another process has the data folder or the file cannot be opened.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const dataDir = 'dataDir' in options ? resolve(options.dataDir) : undefined
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'qingan-'))
  const removeOwn = (): void => {
    if (dataDir === undefined) rmSync(folder, { recursive: true, force: true })
  }
  const socketPath = join(folder, 'database.sock')
  const workerData: WorkerData = {
    dataDir,
    address: Buffer.byteLength(socketPath) > MAX_SOCKET_PATH ? { password: newPassword() } : { socketPath },
    standalone: options.standalone ?? false,
    sweepMs: options.sweepMs ?? SWEEP_MS,
    maxBytes: options.maxBytes,
  }
  const begin = options.inline ? startInline : startWorker
  const running = await begin(workerData, options.onNotice ?? (() => {})).catch((error: unknown) => {
    removeOwn()
    throw error
  })
  let stopping: Promise<void> | undefined
  return { ...running, stop: () => (stopping ??= running.stop().then(removeOwn)) }
}
