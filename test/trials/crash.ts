import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChatMessage } from '../../shared/message.js'
import type { Vault } from '../../bot/store/crypto.js'
import { openStore } from '../../bot/store/store.js'
import { prepare, qingan, urlOf, type Child } from '../child.js'
import { client, session, type Client } from '../server.js'
import type { Trial } from './run.js'

const PEOPLE = 12
const PLANTED = 100
/** Between two messages of one person while a round lasts, in milliseconds. */
const PAUSE_MS: [number, number] = [20, 250]
/** From the first message of a round to its kill, in milliseconds. */
const LIFE_MS: [number, number] = [100, 2500]
/** How long the last server may take to answer what is left: leases of the dead run 15 s. */
const FINISH_MS = 60_000
/** Between two looks at a history: twelve people share one address, whose requests are limited. */
const LOOK_MS = 3_000

const SAYINGS = [
  '同学天天打我怎么办',
  '老板不给我发工资',
  '我不想活了',
  '老师没收我的手机',
  '今天天气不错',
  '我爸喝醉了又打我',
  '你好',
  '我想退学',
  '网上有人要我的照片',
  '我在家里不安全',
]

interface Person {
  token: string
  /** Everything this person began to send: client id → text; kept until it is acknowledged, then for ever. */
  sent: Map<string, string>
  acknowledged: Set<string>
}

/**
 * Kills the real server (SIGKILL) while twelve people write, again and again on one data folder; then everything
 * acknowledged must be in the history once, answered once, numbered without a gap, and readable nowhere on disk.
 */
export const crash: Trial = async ({ rounds, print }) => {
  const home = mkdtempSync(join(tmpdir(), 'qingan-crash-'))
  const dataDir = join(home, 'data')
  const violations: string[] = []
  let logs = ''
  let child: Child | undefined
  const spawnServer = () => qingan(['start'], { PORT: '0', DATA_DIR: dataDir, BURST_MS: '150' })
  try {
    const vault = await prepare(dataDir)
    const plan = plantedSentences()
    let people: Person[] = []
    for (let round = 1; round <= rounds; round++) {
      child = spawnServer()
      const early = round > 1 && round % 7 === 0
      const url = early ? null : await urlOf(child)
      if (!url) {
        await killAfter(child, randomInt(200, 4000))
        if (!early) violations.push(`round ${round}: the server did not start: ${child.err()}`)
      } else {
        if (people.length === 0)
          people = await Promise.all(Array.from({ length: PEOPLE }, () => newPerson(url)))
        const share = Math.ceil(PLANTED / rounds)
        const talking = { on: true, planted: plan.splice(0, share) }
        const all = people.map((person) => talk(url, person, talking))
        await killAfter(child, randomInt(...LIFE_MS))
        talking.on = false
        await Promise.all(all)
        plan.push(...talking.planted)
      }
      logs += child.out() + child.err()
      const found = onDisk(dataDir, planted(people))
      violations.push(...found.map((sentence) => `round ${round}: ${sentence} stands on disk`))
      const counts = `${sum(people, ({ sent }) => sent.size)} sent, ${sum(people, ({ acknowledged }) => acknowledged.size)} acknowledged`
      print(
        `round ${round}/${rounds}: killed while ${url ? 'talking' : 'starting'}; ${counts}; ${found.length} planted on disk`,
      )
    }

    child = spawnServer()
    const url = (await urlOf(child)) as string
    const talking = { on: false, planted: [] }
    await Promise.all(people.map((person) => talk(url, person, talking)))
    // What the rounds had no time for is planted now, so that all hundred were written and stored.
    for (const [i, sentence] of plan.entries()) people[i % PEOPLE]?.sent.set(randomUUID(), sentence)
    await Promise.all(people.map((person) => talk(url, person, talking)))
    const answered = await Promise.all(people.map((person) => finish(url, person)))
    violations.push(...answered.flatMap(({ faults }) => faults))
    child.process.kill('SIGTERM')
    const code = await child.ended
    if (code !== 0) violations.push(`the last server stopped with code ${code}`)
    logs += child.out() + child.err()

    const sentences = planted(people)
    violations.push(...onDisk(dataDir, sentences).map((sentence) => `${sentence} stands on disk`))
    violations.push(
      ...sentences.filter((each) => logs.includes(each)).map((sentence) => `${sentence} stands in the log`),
    )
    const { faults, turns } = await inspect(dataDir, vault)
    violations.push(...faults)
    const acknowledged = sum(people, (person) => person.acknowledged.size)
    const replies = sum(answered, ({ history }) => history.filter(({ from }) => from !== 'person').length)
    const summary =
      `${violations.length ? 'FAILED' : 'passed'}: ${rounds} kills, ${PEOPLE} conversations, ${acknowledged} messages acknowledged, ` +
      `${turns} turns, ${replies} replies, ${sentences.length} planted sentences looked for, ${violations.length} violations`
    return { violations, summary }
  } finally {
    child?.process.kill('SIGKILL')
    rmSync(home, { recursive: true, force: true })
  }
}

const MARK = '青石板'

/** A hundred sentences that stand nowhere else. */
function plantedSentences(): string[] {
  return Array.from(
    { length: PLANTED },
    (_, i) => `${MARK}第${i}号暗语${randomBytes(8).toString('hex')}，同学打我`,
  )
}

const planted = (people: Person[]) =>
  people.flatMap(({ sent }) => [...sent.values()].filter((text) => text.startsWith(MARK)))

async function newPerson(url: string): Promise<Person> {
  return { token: await session(url), sent: new Map(), acknowledged: new Set() }
}

/**
 * One person writes until the talk is over or the server is gone. What was not acknowledged before is sent again
 * under its old id, as the page does.
 */
async function talk(url: string, person: Person, talking: { on: boolean; planted: string[] }): Promise<void> {
  const browser = await client(url, person.token)
  try {
    for (const [id, text] of person.sent) {
      if (!person.acknowledged.has(id)) await send(browser, person, id, text)
    }
    while (talking.on) {
      const id = randomUUID()
      const text = talking.planted.shift() ?? (SAYINGS[randomInt(SAYINGS.length)] as string)
      person.sent.set(id, text)
      await send(browser, person, id, text)
      await new Promise((fulfil) => setTimeout(fulfil, randomInt(...PAUSE_MS)))
    }
  } catch (error) {
    // The server was killed: fetch fails. Anything else is a fault of the server.
    if ((error as Error).name !== 'TypeError') throw error
  }
}

async function send(browser: Client, person: Person, id: string, text: string): Promise<void> {
  for (;;) {
    const response = await browser.say(text, id)
    const body = (await response.json()) as { stored?: boolean }
    if (response.status === 202 || (response.status === 429 && body.stored)) {
      person.acknowledged.add(id)
      return
    }
    if (response.status !== 429) throw new Error(`a message was refused with ${response.status}`)
    await new Promise((fulfil) => setTimeout(fulfil, 1000))
  }
}

async function killAfter({ process, ended }: Child, milliseconds: number): Promise<void> {
  await new Promise((fulfil) => setTimeout(fulfil, milliseconds))
  process.kill('SIGKILL')
  await ended
}

/** Waits until this person has been answered, then judges what the person sees. */
async function finish(url: string, person: Person): Promise<{ faults: string[]; history: ChatMessage[] }> {
  const browser = await client(url, person.token)
  const deadline = Date.now() + FINISH_MS
  for (;;) {
    const history = await browser.history()
    const faults = judge(history, person)
    if (faults.length === 0 || Date.now() > deadline) return { faults, history }
    await new Promise((fulfil) => setTimeout(fulfil, LOOK_MS))
  }
}

function judge(history: ChatMessage[], { sent, acknowledged }: Person): string[] {
  const faults: string[] = []
  history.forEach(({ number }, i) => {
    if (number !== i + 1) faults.push(`message ${i + 1} has the number ${number}`)
  })
  const mine = history.filter(({ from }) => from === 'person')
  for (const id of acknowledged) {
    const found = mine.filter((message) => message.id === id)
    if (found.length !== 1)
      faults.push(`the acknowledged message ${id} is in the history ${found.length} times`)
    if (found[0] && found[0].text !== sent.get(id)) faults.push(`the message ${id} has changed`)
  }
  if (mine.some(({ id }) => !id || !sent.has(id))) faults.push('a message nobody sent is in the history')
  if (history.length && history.at(-1)?.from === 'person') faults.push('the last word is not answered')
  if (history.filter(({ from }) => from === 'system').length > 1) faults.push('somebody was greeted twice')
  return faults
}

/** The planted sentences that stand in the bytes of any file, in UTF-8 or UTF-16. */
function onDisk(folder: string, sentences: string[]): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  const bytes = files.map((entry) => readFileSync(join(entry.parentPath, entry.name)))
  return sentences.filter((sentence) => {
    const words = sentence.slice(0, sentence.indexOf('，'))
    return bytes.some((each) => each.includes(words) || each.includes(Buffer.from(words, 'utf16le')))
  })
}

/** Judges the store itself: every message in exactly one turn, every turn with its replies, nothing left over. */
async function inspect(dataDir: string, vault: Vault): Promise<{ faults: string[]; turns: number }> {
  const store = await openStore({ dataDir }, vault)
  const faults: string[] = []
  try {
    const [conversations, messages] = await Promise.all([
      store.conversations.model.find().lean(),
      store.messages.model.find().lean(),
    ])
    if (messages.some(({ waiting, sending }) => waiting || sending))
      faults.push('something waits or is being sent')
    if (conversations.some(({ pendingTurn }) => pendingTurn !== null))
      faults.push('a turn was not carried out')
    const open = await store.escalations.model.find({ open: true }).lean()
    if (new Set(open.map(({ conversation }) => String(conversation))).size !== open.length)
      faults.push('two escalations of one conversation are open')
    const ids = new Set(messages.map(({ _id }) => String(_id)))
    for (const { _id, turn } of conversations) {
      const own = messages.filter(({ conversation }) => String(conversation) === String(_id))
      const sorted = own.sort((a, b) => (a.number ?? 0) - (b.number ?? 0))
      const keys = sorted.filter(({ from }) => from !== 'person').map(({ key }) => key)
      const starts = new Set(keys.map((key) => key.split(':')[0] as string))
      if (starts.size !== turn) faults.push(`${turn} turns were recorded, ${starts.size} have replies`)
      if ([...starts].some((start) => !ids.has(start))) faults.push('a reply answers nothing')
      if (new Set(keys).size !== keys.length) faults.push('a reply was kept twice')
    }
    return { faults, turns: conversations.reduce((all, { turn }) => all + turn, 0) }
  } finally {
    await store.close()
  }
}

const sum = <T>(all: T[], of: (each: T) => number) => all.reduce((total, each) => total + of(each), 0)
