import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dataKey, createVault, type Vault } from '../bot/store/crypto.js'
import type { ContentFiles } from '../bot/content/content.js'
import { contentFolder, contentOf, readFolder } from '../bot/content/folder.js'
import { releaseId, releaseOf } from '../bot/content/release.js'
import { openStore } from '../bot/store/store.js'
import { realModel } from './brain.js'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** How long a server may take to print its address, in milliseconds; a busy machine is slow. */
const START_MS = 60_000

/** A `qingan` command in a process of its own. */
export interface Child {
  process: ChildProcess
  /** What it has written so far. */
  out(): string
  err(): string
  /** Its exit code, or null when a signal ended it. */
  ended: Promise<number | null>
}

const living = new Set<ChildProcess>()

/** Ends what a failed test left running; for afterEach. */
export function killChildren(): void {
  for (const child of living) child.kill('SIGKILL')
}

/** Spawns `node qingan.js …` with an environment that holds nothing of this machine's settings. */
export const qingan = (args: string[], env: Record<string, string>, input?: string): Child =>
  spawned(['qingan.js', ...args], env, input)

/** The same of another program of this project: `node …`. */
export function spawned(args: string[], env: Record<string, string>, input?: string): Child {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH, HOME, ...env },
    stdio: 'pipe',
  })
  const written = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (written.out += piece))
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (written.err += piece))
  child.stdin.on('error', () => undefined) // A command that refuses its arguments ends before it reads.
  child.stdin.end(input)
  living.add(child)
  const ended = once(child, 'close').then(([code]) => {
    living.delete(child)
    return code as number | null
  })
  return { process: child, out: () => written.out, err: () => written.err, ended }
}

/** Where a spawned server listens, as soon as it says so. Null when it ended before. */
export async function urlOf(child: Child): Promise<string | null> {
  const deadline = Date.now() + START_MS
  for (;;) {
    const url = /青安 (http:\S+)/.exec(child.out())?.[1]
    if (url) return url
    if (child.process.exitCode !== null || child.process.signalCode !== null) return null
    if (Date.now() > deadline) throw new Error(`no address after ${START_MS} ms: ${child.err()}`)
    await new Promise((fulfil) => setTimeout(fulfil, 20))
  }
}

/** Fills a data folder with its key and the trained model, so that no server and no command trains at its start. */
export async function prepare(dataDir: string, given?: ContentFiles): Promise<Vault> {
  const files = given ?? (await readFolder(contentFolder()))
  const content = contentOf(files)
  const model = await realModel(content)
  mkdirSync(join(dataDir, 'models'), { recursive: true })
  writeFileSync(join(dataDir, 'models', `${releaseId(content)}.model`), model)
  const vault = createVault(dataKey(undefined, dataDir, false).key)
  const store = await openStore({ dataDir }, vault)
  try {
    await store.releases.publish(releaseOf(content, files, model, new Date()))
  } finally {
    await store.close()
  }
  return vault
}

/** A port nobody listens on now: who calls a server must know its address before it is there, and after each kill. */
export function freePort(): Promise<number> {
  return new Promise((fulfil) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => fulfil(port))
    })
  })
}
