import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '../../bot/store/store.js'
import { killChildren, prepare, qingan, urlOf, type Child } from '../child.js'
import { firstAdministrator, member, type Member } from '../console.js'
import { session } from '../server.js'
import { until } from '../until.js'
import {
  addressOf,
  historyOf,
  serve,
  talk,
  write,
  type Counselor,
  type Servers,
  type Young,
} from './desk-actors.js'
import { judgeReplies, judgeStore, judgeTalk } from './desk-judge.js'
import { claims } from './desk-claims.js'
import { liveness } from './desk-live.js'
import { judgeWarnings, subscribe, warn } from './desk-warnings.js'
import type { Trial } from './run.js'

const YOUNG = 8
const COUNSELORS = 3
/** Those who only wait for warnings. */
const SUBSCRIBERS = 30
/** From a round's begin to its kill, in milliseconds. */
const LIFE_MS: [number, number] = [100, 2500]
/** How long what is left may take: leases of the dead run 15 s. */
const FINISH_MS = 90_000

/**
 * Two servers on one database of its own process. Young people write, counselors claim, write, end; warnings go out;
 * one server after the other is killed (SIGKILL). Then nothing acknowledged is lost or doubled, the bot never spoke
 * under a human, no decision is half done. Before the kills: how soon an open console hears of a message.
 */
export const desk: Trial = async ({ rounds, print }) => {
  const home = mkdtempSync(join(tmpdir(), 'qingan-desk-'))
  const dataDir = join(home, 'data')
  const violations: string[] = []
  const servers: Servers = { urls: [null, null], on: true }
  const children: (Child | undefined)[] = []
  try {
    const vault = await prepare(dataDir)
    const database = qingan(['database', 'serve'], { DATA_DIR: dataDir })
    const uri = await until(() => /^(mongodb:\S+)$/m.exec(database.out())?.[1], 'the database')
    // Ten in the morning: warnings are not sent at night.
    const CLOCK_OFFSET_MS = String(untilTen())
    const spawn = async (i: 0 | 1) => {
      const child = qingan(['start'], {
        PORT: '0',
        DATA_DIR: dataDir,
        MONGODB_URI: uri,
        TRUST_PROXY: '1',
        BURST_MS: '100',
        CLOCK_OFFSET_MS,
      })
      children[i] = child
      const url = await urlOf(child)
      if (!url) violations.push(`a server did not start: ${child.err().slice(-400)}`)
      servers.urls[i] = url
      return child
    }
    await spawn(0)
    // Each start makes a new first link: the newest holds.
    const newest = await spawn(1)
    const url = servers.urls[0] as string
    const told = await until(
      () => (newest.out().includes('首位管理员：') ? newest.out().split('\n') : null),
      'the first link',
    )
    const administrator = await firstAdministrator({ url, told })
    const counselors: Counselor[] = []
    for (let i = 0; i < COUNSELORS; i++) {
      const who = await member({ url }, administrator, ['counselor'], `${'甲乙丙'[i]}老师`)
      await who.desk.put('/desk/duty', { onDuty: true })
      counselors.push({ member: who, replied: new Map(), claims: 0, lost: 0, refused: [] })
    }
    const writers = [
      await member({ url }, administrator, ['campaigner'], '写的人'),
      await member({ url }, administrator, ['supervisor'], '批的人'),
    ] as const
    let count = 0
    const newYoung = async (): Promise<Young> => ({
      address: addressOf(0x10000 + ++count),
      token: await session(url),
      sent: new Map(),
      acknowledged: new Set(),
    })
    const subscribers = await Promise.all(Array.from({ length: SUBSCRIBERS }, newYoung))
    await subscribe(servers, subscribers)

    const live = await liveness(
      servers,
      counselors.map((each) => each.member),
      newYoung,
    )
    print(live.summary)
    violations.push(...live.faults)

    const taken = await claims(
      servers,
      [counselors[0]?.member as Member, counselors[1]?.member as Member],
      newYoung,
    )
    print(taken.summary)
    violations.push(...taken.faults)

    const young = await Promise.all(Array.from({ length: YOUNG }, newYoung))
    const acting = [
      ...young.map((each) => talk(servers, each)),
      ...counselors.map((each) => serve(servers, each)),
    ]
    const sent = []
    for (let round = 1; round <= rounds; round++) {
      if (round === 1 || (round % Math.ceil(rounds / 3) === 0 && sent.length < 3))
        sent.push(await warn(servers, writers, sent.length, Number(CLOCK_OFFSET_MS)))
      const victim = (round % 2) as 0 | 1
      await new Promise((fulfil) => setTimeout(fulfil, randomInt(...LIFE_MS)))
      servers.urls[victim] = null
      children[victim]?.process.kill('SIGKILL')
      await children[victim]?.ended
      await spawn(victim)
      if (round % 10 === 0 || round === rounds) {
        const claims = counselors.reduce((all, each) => all + each.claims, 0)
        print(`round ${round}/${rounds}: ${claims} claims, ${sum(young)} messages acknowledged`)
      }
    }
    servers.on = false
    await Promise.all(acting)

    const store = await openStore({ uri }, vault)
    try {
      const warned = await judgeWarnings(store, servers, subscribers, sent)
      violations.push(...warned.faults)
      for (const each of young) await write(servers, each, '在吗')
      const deadline = Date.now() + FINISH_MS
      let faults: string[]
      let histories
      do {
        await new Promise((fulfil) => setTimeout(fulfil, 3_000))
        histories = await Promise.all(young.map((each) => historyOf(servers, each)))
        // Counselors write to those of the first part too.
        const others = await Promise.all(live.people.map((each) => historyOf(servers, each)))
        faults = [
          ...histories.flatMap((history, i) => judgeTalk(history, young[i] as Young)),
          ...judgeReplies([...histories, ...others], counselors),
          ...(await judgeStore(store)),
        ]
      } while (faults.length && Date.now() < deadline)
      violations.push(...faults, ...counselors.flatMap(({ refused }) => refused))
      const claims = counselors.reduce((all, each) => all + each.claims, 0)
      const lost = counselors.reduce((all, each) => all + each.lost, 0)
      const replies = counselors.reduce((all, { replied }) => all + [...replied.values()].flat().length, 0)
      const summary =
        `${violations.length ? 'FAILED' : 'passed'}: ${rounds} kills, ${sum(young)} messages, ${claims} claims won and ${lost} lost to another, ` +
        `${replies} replies of humans, ${warned.summary}, ${violations.length} violations`
      return { violations, summary }
    } finally {
      await store.close()
    }
  } catch (error) {
    for (const child of children)
      print(
        child
          ?.out()
          .split('\n')
          .filter((line) => line.includes('"level":50'))
          .slice(-3)
          .join('\n') ?? '',
      )
    throw error
  } finally {
    servers.on = false
    killChildren()
    rmSync(home, { recursive: true, force: true })
  }
}

const sum = (young: Young[]) => young.reduce((all, { acknowledged }) => all + acknowledged.size, 0)

/** Milliseconds from now to the next ten o'clock in Asia/Shanghai (UTC+8, no summer time). */
function untilTen(): number {
  const day = 86_400_000
  const ten = 2 * 3_600_000
  return (ten - (Date.now() % day) + day) % day
}
