import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The first start learns from the content: seconds of work on a slow machine. */
const START_MS = 180_000
const STOP_MS = 10_000

export interface Child {
  url: string
  /** Asks it to end; after ten seconds it is ended. */
  stop(): Promise<void>
}

/** Children and one folder that do not outlive this process. */
export interface Nursery {
  folder: string
  /** Runs `qingan …` with this environment and nothing else; resolves when it has printed its address. */
  start(args: string[], env?: Record<string, string>): Promise<Child>
  close(): Promise<void>
}

/** Makes the folder. What is left is ended and removed when the process exits, also by a signal. */
export function openNursery(): Nursery {
  const folder = mkdtempSync(join(tmpdir(), 'qingan-bench-'))
  const running = new Set<ChildProcess>()
  const sweep = () => {
    for (const child of running) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  const leave = () => process.exit(130)
  process.once('exit', sweep)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, leave)
  return {
    folder,
    async start(args, env = {}) {
      const child = spawn(process.execPath, [launcher(), ...args], {
        cwd: folder,
        env: { TMPDIR: tmpdir(), ...env },
        stdio: ['pipe', 'pipe', 'pipe'],
      })
      running.add(child)
      child.once('exit', () => running.delete(child))
      return { url: await addressOf(child), stop: () => stop(child) }
    },
    async close() {
      await Promise.all([...running].map(stop))
      sweep()
      process.off('exit', sweep)
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, leave)
    },
  }
}

/** The `qingan` command, from the sources or from dist/. */
export function launcher(): string {
  const beside = fileURLToPath(new URL('../../qingan.js', import.meta.url))
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../../qingan.js', import.meta.url))
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((fulfil, reject) => {
    let said = ''
    let complaint = ''
    const fail = (why: string) =>
      reject(new Error(`a child of the benchmark ${why}: ${complaint.slice(-2_000)}`))
    const timer = setTimeout(() => fail('did not start in time'), START_MS)
    child.stderr?.on('data', (bytes: Buffer) => (complaint = (complaint + bytes.toString()).slice(-4_000)))
    child.stdout?.on('data', (bytes: Buffer) => {
      said = (said + bytes.toString()).slice(-4_000)
      const url = /^(?:青安|ready) (http:\S+)\n/m.exec(said)?.[1]
      if (!url) return
      clearTimeout(timer)
      fulfil(url)
    })
    child.once('error', reject)
    child.once('exit', (code) => {
      clearTimeout(timer)
      fail(`ended with ${code}`)
    })
  })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  child.stdin?.end()
  child.kill('SIGTERM')
  await ended
  clearTimeout(timer)
}
