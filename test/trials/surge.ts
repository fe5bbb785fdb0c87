import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startWechatSimulator } from '../../bot/simulators/wechat/simulator.js'
import { freePort, prepare, qingan, urlOf, type Child } from '../child.js'
import type { Trial } from './run.js'

/** Everybody writes within this time, milliseconds. */
const SURGE_MS = 10_000
/** 5,000 are the whole surge; fewer come in a share of the time. */
const WHOLE = 5_000
/** How long all may wait for their answers together, milliseconds. */
const ANSWERED_MS = 400_000
/** The server is given this much for its objects, megabytes: what grows with those who wait would end it. */
const HEAP_MB = 512
/** Everything the process may hold, bytes: objects of its threads, the model, the database's own pages. */
const MEMORY_MAX = 1_500_000_000
/** Ordinary answers that may overtake danger: those that were being sent, or had their turn, when it came. */
const OVERTAKEN = 64 + 16 + 16

/**
 * `rounds` people (5,000 for acceptance) write to the 公众号 within ten seconds, and in their midst ten of them in danger.
 * Every POST is answered in time, everybody is answered, danger before those who came earlier, and memory is bounded.
 */
export const surge: Trial = async ({ rounds, print }) => {
  const home = mkdtempSync(join(tmpdir(), 'qingan-surge-'))
  const port = await freePort()
  const account = {
    appId: `wx${randomBytes(8).toString('hex')}`,
    secret: randomBytes(16).toString('hex'),
    token: randomBytes(12).toString('hex'),
    aesKey: randomBytes(22).toString('hex').slice(0, 43),
  }
  const webhook = `http://127.0.0.1:${port}/channels/wechat`
  const simulator = await startWechatSimulator({ port: 0, ...account, webhook })
  const metricsToken = randomBytes(12).toString('hex')
  const violations: string[] = []
  let child: Child | undefined
  try {
    const dataDir = join(home, 'data')
    await prepare(dataDir)
    child = qingan(['start'], {
      PORT: String(port),
      DATA_DIR: dataDir,
      LOG_LEVEL: 'warn',
      NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}`,
      METRICS_TOKEN: metricsToken,
      WECHAT_APP_ID: account.appId,
      WECHAT_APP_SECRET: account.secret,
      WECHAT_TOKEN: account.token,
      WECHAT_AES_KEY: account.aesKey,
      WECHAT_API_ROOT: simulator.url,
    })
    const url = await urlOf(child)
    if (!url) throw new Error(`the server did not start: ${child.err()}`)
    const memory = memoryOf(child.process.pid as number)

    /** When each was answered first, counted in answers. */
    const answered = new Map<string, number>()
    const follow = followAnswers(simulator.log, answered)
    const surgeMs = Math.round((SURGE_MS * rounds) / WHOLE)
    const danger = new Map<string, { answersBefore: number; waiting: number }>()
    const started = performance.now()
    const saying = Array.from({ length: rounds }, async (_, i) => {
      await pause((i * surgeMs) / rounds)
      const who = `o${String(i).padStart(27, '0')}`
      // Ten in danger, in the second half: by then others wait.
      const inDanger = i > rounds / 2 && i % Math.max(1, Math.floor(rounds / 20)) === 0
      const said = await simulator.say(who, inDanger ? '我不想活了' : '老板不给我发工资怎么办')
      if (!said.taken) violations.push(`${who} was not taken`)
      if (inDanger) danger.set(who, { answersBefore: answered.size, waiting: i + 1 - answered.size })
    })
    await Promise.all(saying)
    print(
      `${rounds} wrote within ${Math.round(performance.now() - started)} ms, ${answered.size} answered meanwhile`,
    )
    const until = performance.now() + ANSWERED_MS
    while (answered.size < rounds && performance.now() < until) await pause(100)
    const seconds = Math.round((performance.now() - started) / 1000)
    follow()
    memory.stop()

    if (answered.size < rounds) violations.push(`${rounds - answered.size} were not answered`)
    const overtaken = [...danger].map(
      ([who, { answersBefore }]) => (answered.get(who) ?? Infinity) - answersBefore,
    )
    const worst = Math.max(...overtaken)
    if (worst > OVERTAKEN) violations.push(`${worst} ordinary answers went before one in danger`)
    const waited = Math.max(...[...danger.values()].map(({ waiting }) => waiting))
    const { share, count } = await withinASecond(url, metricsToken)
    if (count < rounds) violations.push(`the server counted ${count} POSTs`)
    if (rounds >= WHOLE && share < 0.99)
      violations.push(`${(share * 100).toFixed(2)} % of the POSTs were answered within a second`)
    if (memory.most > MEMORY_MAX) violations.push(`the server held ${Math.round(memory.most / 1e6)} MB`)
    child.process.kill('SIGTERM')
    if ((await child.ended) !== 0) violations.push('the server did not stop well')
    const summary =
      `surge ${violations.length ? 'FAILED' : 'passed'}: ${rounds} people, ${(share * 100).toFixed(2)} % of ${count} POSTs within a second, ` +
      `all answered after ${seconds} s, danger behind at most ${worst} answers while up to ${waited} waited, ` +
      `${Math.round(memory.most / 1e6)} MB at most, ${violations.length} violations`
    return { violations, summary }
  } finally {
    child?.process.kill('SIGKILL')
    await simulator.stop()
    rmSync(home, { recursive: true, force: true })
  }
}

type Simulator = Awaited<ReturnType<typeof startWechatSimulator>>

/** Notes for each person at which answer theirs came. Returns how to stop. */
function followAnswers(log: Simulator['log'], answered: Map<string, number>): () => void {
  let read = 0
  const open = new Set<ReturnType<Simulator['log']['after']>[number]>()
  const look = () => {
    for (const line of [...open, ...log.after(read)]) {
      read = Math.max(read, line.n)
      if (line.kind !== 'call') continue
      if (line.outcome === 'open') open.add(line)
      else open.delete(line)
      const reply = line.what === 'message/custom/send' && line.outcome === 'taken' && line.user
      if (reply && !answered.has(line.user as string)) answered.set(line.user as string, answered.size + 1)
    }
  }
  const timer = setInterval(look, 5)
  return () => {
    clearInterval(timer)
    look()
  }
}

/** The most the process held at any time, by the operating system's count. */
function memoryOf(pid: number): { most: number; stop(): void } {
  const found = { most: 0, stop: () => clearInterval(timer) }
  const timer = setInterval(() => {
    const pages = Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
    found.most = Math.max(found.most, pages * 1024)
  }, 200)
  return found
}

/** The share of POSTs that the server itself has answered within a second, and how many there were. */
async function withinASecond(url: string, token: string): Promise<{ share: number; count: number }> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } })
  const text = await response.text()
  const value = (pattern: RegExp) => Number(pattern.exec(text)?.[1] ?? NaN)
  const quick = value(/^qingan_webhook_seconds_bucket\{le="1",channel="wechat"\} (\S+)/m)
  const count = value(/^qingan_webhook_seconds_count\{channel="wechat"\} (\S+)/m)
  return { share: quick / count, count }
}
