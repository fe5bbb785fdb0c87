import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Vault } from '../../bot/store/crypto.js'
import { openStore } from '../../bot/store/store.js'
import { freePort, prepare, qingan, urlOf, type Child } from '../child.js'
import { judge } from './channels-judge.js'
import { simulated, type Platform, type Simulated } from './channels-platforms.js'
import type { Trial } from './run.js'

/** People who write at the same time, at most. */
const PEOPLE = 40
/** How long somebody waits for an answer before writing again, milliseconds. */
const PATIENCE_MS = 8_000
/** A server is killed when it has sent so many messages, or when this much time has gone by. */
const LIFE: [number, number] = [1, 60]
const LIFE_MS = 30_000
/** Messages between two kills, on average at most. */
const PER_KILL = 60
/** What was delivered holds some messages twice: so much more makes enough different ones. */
const WITH_DOUBLES = 1.15
/** How long a server may be given to send what is left, one try after the other, milliseconds: "too fast" is a minute. */
const LEFT_MS = [4_000, 8_000, 15_000, 30_000, 65_000, 65_000]

const SAYINGS = [
  '同学打我怎么办',
  '老板不给我发工资',
  '今天天气不错',
  '我想退学',
  '网上有人要我的照片',
  '你好',
]

/**
 * Per platform `rounds` messages in and as many out, while the simulated platform drops, loses, repeats, reorders,
 * answers 5xx, "too fast" and nothing, and the real server is killed (SIGKILL) and started again on one data folder.
 * Then what the desk reads must agree with the platform's own log, line by line.
 */
export const channels: Trial = async ({ rounds, print }) => {
  const platforms = ['wechat', 'telegram'] as const
  const found = await Promise.all(platforms.map((platform) => run(platform, rounds, print)))
  const violations = found.flatMap((each) => each.violations)
  return { violations, summary: found.map(({ summary }) => summary).join('\n') }
}

async function run(platform: Platform, rounds: number, print: (line: string) => void) {
  const home = mkdtempSync(join(tmpdir(), `qingan-${platform}-`))
  const dataDir = join(home, 'data')
  const port = await freePort()
  const publicUrl = `http://127.0.0.1:${port}`
  const world = await simulated(platform, publicUrl)
  const violations: string[] = []
  let child: Child | undefined
  const start = async (): Promise<string> => {
    const env = { PORT: String(port), PUBLIC_URL: publicUrl, DATA_DIR: dataDir, BURST_MS: '150' }
    child = qingan(['start'], { ...env, LOG_LEVEL: 'warn', ...world.settings })
    const url = await urlOf(child)
    if (!url) throw new Error(`the server did not start: ${child.err()}`)
    return url
  }
  try {
    const vault = await prepare(dataDir)
    await allowAbroad(dataDir, vault)
    const people = Array.from({ length: Math.min(PEOPLE, rounds) }, (_, i) => world.person(i))
    const spoken = { taken: new Set<string>(), gaveUp: new Set<string>() }
    const talking = { on: true }
    let kills = 0
    const done = () =>
      spoken.taken.size >= rounds && world.delivered() >= rounds * WITH_DOUBLES && kills * PER_KILL >= rounds
    await start()
    world.trouble(rounds)
    const talks = people.map((who, i) => talk(world, who, i, spoken, talking))
    while (!done()) {
      const end = world.delivered() + randomInt(...LIFE)
      await Promise.race([pause(LIFE_MS), untilTrue(() => world.delivered() >= end)])
      child?.process.kill('SIGKILL')
      await child?.ended
      kills++
      print(`${platform}: kill ${kills}, ${spoken.taken.size} in, ${world.delivered()} out`)
      await start()
    }
    talking.on = false
    world.calm()
    await Promise.all(talks)
    for (const [i, milliseconds] of LEFT_MS.entries()) {
      if (i > 0) await start()
      await pause(milliseconds)
      child?.process.kill('SIGTERM')
      const code = await child?.ended
      if (code !== 0) violations.push(`${platform}: the server stopped with code ${code}`)
      if ((await leftIn(dataDir, vault)) === 0) break
    }
    const verdict = await judge(platform, { dataDir, vault, publicUrl, spoken, kills, lines: world.lines() })
    violations.push(...verdict.faults.map((fault) => `${platform}: ${fault}`))
    const summary =
      `${platform} ${violations.length ? 'FAILED' : 'passed'}: ${spoken.taken.size} in, ${verdict.out} out, ${kills} kills, ` +
      `${verdict.doubled} doubled and marked, ${spoken.gaveUp.size} given up by the platform, ${world.struck()} faults struck, ` +
      `${violations.length} violations`
    print(summary)
    return { violations, summary }
  } finally {
    child?.process.kill('SIGKILL')
    await world.stop()
    rmSync(home, { recursive: true, force: true })
  }
}

/** One person: writes, waits a little for the answer, writes again. */
async function talk(
  world: Simulated,
  who: string,
  index: number,
  spoken: { taken: Set<string>; gaveUp: Set<string> },
  talking: { on: boolean },
): Promise<void> {
  for (let i = 0; talking.on; i++) {
    const text = `${SAYINGS[(index + i) % SAYINGS.length]}，第${index}号第${i}次`
    const before = world.deliveredTo(who)
    const { taken } = await world.say(who, text)
    ;(taken ? spoken.taken : spoken.gaveUp).add(text)
    await Promise.race([pause(PATIENCE_MS), untilTrue(() => world.deliveredTo(who) > before || !talking.on)])
  }
}

async function untilTrue(look: () => boolean): Promise<void> {
  while (!look()) await pause(20, undefined, { ref: false })
}

/** The ruling without which a channel abroad is off. */
async function allowAbroad(dataDir: string, vault: Vault): Promise<void> {
  const store = await openStore({ dataDir }, vault)
  const ruling = { text: '演练', by: 'trial', at: new Date().toISOString() }
  await store.settings.write('channels', { telegram: { ruling, template: null } }, 0)
  await store.close()
}

/** Messages that wait for an answer or are on their way. */
async function leftIn(dataDir: string, vault: Vault): Promise<number> {
  const store = await openStore({ dataDir }, vault)
  const left = await store.messages.model.countDocuments({ $or: [{ waiting: true }, { sending: true }] })
  await store.close()
  return left
}
