import { telegramChannel } from '../../bot/channels/telegram/channel.js'
import { wechatChannel } from '../../bot/channels/wechat/channel.js'
import type { ChannelParts } from '../../bot/conversation/inbox.js'
import { piecesOf } from '../../bot/delivery/bundle.js'
import type { Capabilities } from '../../bot/delivery/channel.js'
import type { LogLine } from '../../bot/simulators/log.js'
import type { Vault } from '../../bot/store/crypto.js'
import type { DeskRow, MessageDoc } from '../../bot/store/message-document.js'
import type { Outgoing } from '../../bot/store/outbox.js'
import { openStore, type Store } from '../../bot/store/store.js'
import { isDelivery, type Platform } from './channels-platforms.js'

interface Evidence {
  dataDir: string
  vault: Vault
  publicUrl: string
  spoken: { taken: Set<string>; gaveUp: Set<string> }
  kills: number
  /** The platform's own log. */
  lines: LogLine[]
}

/** Longest conversation that is read. */
const MOST = 20_000

/** Holds what the desk reads against what the platform says: nothing lost, nothing twice, each line where it belongs. */
export async function judge(
  platform: Platform,
  evidence: Evidence,
): Promise<{ faults: string[]; out: number; doubled: number }> {
  const store = await openStore({ dataDir: evidence.dataDir }, evidence.vault)
  try {
    const faults: string[] = []
    const heard = new Map<string, number>()
    let out = 0
    let doubled = 0
    for (const { _id, turn } of await store.conversations.model.find({ channel: platform }).lean()) {
      const id = String(_id)
      const address = (await store.conversations.read(id))?.address ?? ''
      const rows = await store.messages.all(id, MOST)
      const docs = await store.messages.model.find({ conversation: _id }).lean<MessageDoc[]>()
      const name = `the conversation of ${address}`
      for (const { from, text } of rows) if (from === 'person') heard.set(text, (heard.get(text) ?? 0) + 1)
      faults.push(...turnsOf(docs, turn).map((fault) => `${name}: ${fault}`))
      const sent = sentTo(rows, docs, platform, evidence.publicUrl)
      const log = evidence.lines.filter((line) => line.user === address)
      const read = agree(
        sent,
        log.filter((line) => isDelivery(platform, line)).map(({ text = '' }) => text),
      )
      faults.push(...sent.faults.concat(read.faults).map((fault) => `${name}: ${fault}`))
      const unheard = evidence.lines.filter(
        ({ kind, fault }) => kind === 'call' && (fault === 'lose' || fault === 'silence'),
      )
      if (read.doubled > evidence.kills + unheard.length)
        faults.push(`${name}: ${read.doubled} messages arrived twice`)
      out += read.out
      doubled += read.doubled
    }
    for (const text of evidence.spoken.taken)
      if (heard.get(text) !== 1) faults.push(`${text} was taken and is there ${heard.get(text) ?? 0} times`)
    for (const [text, times] of heard) {
      const known = evidence.spoken.taken.has(text) || evidence.spoken.gaveUp.has(text)
      if (!known || times > 1) faults.push(`${text} is there ${times} times`)
    }
    const left = await store.messages.model.countDocuments({ $or: [{ waiting: true }, { sending: true }] })
    if (left > 0) faults.push(`${left} messages wait or are on their way`)
    const pending = await store.conversations.model.countDocuments({ pendingTurn: { $ne: null } })
    if (pending > 0) faults.push(`${pending} turns were not carried out`)
    return { faults, out, doubled }
  } finally {
    await store.close()
  }
}

/** Every message has its number and stands in one turn, every turn has its replies. */
function turnsOf(docs: MessageDoc[], turn: number): string[] {
  const faults: string[] = []
  const numbers = docs.flatMap(({ number }) => (number === null ? [] : [number])).sort((a, b) => a - b)
  if (numbers.some((number, i) => number !== i + 1)) faults.push('the numbers have a gap')
  const keys = docs.filter(({ from }) => from !== 'person').map(({ key }) => key)
  if (new Set(keys).size !== keys.length) faults.push('a message was kept twice')
  const ids = new Set(docs.map(({ _id }) => String(_id)))
  // Who waits for a human in vain is told so in a turn of its own, which answers no message.
  const isLate = (key: string) => key.startsWith('late:')
  const starts = new Set(keys.map((key) => (isLate(key) ? key : (key.split(':')[0] as string))))
  if ([...starts].some((start) => !isLate(start) && !ids.has(start))) faults.push('a reply answers nothing')
  if (starts.size !== turn) faults.push(`${turn} turns were recorded, ${starts.size} have replies`)
  return faults
}

interface Sent {
  messages: { text: string; doubled: boolean }[]
  faults: string[]
}

/** The messages that must have arrived, in order, as the desk's rows say. What went out together has one time. */
function sentTo(rows: DeskRow[], docs: MessageDoc[], platform: Platform, publicUrl: string): Sent {
  const sent: Sent = { messages: [], faults: [] }
  const byNumber = new Map(docs.map((doc) => [doc.number, doc]))
  const bundles: { row: DeskRow; doc: MessageDoc }[][] = []
  for (const row of rows.filter(({ from }) => from !== 'person')) {
    const doc = byNumber.get(row.number) as MessageDoc
    const together = bundles.at(-1)
    if (row.transit?.state !== 'sent')
      sent.faults.push(`message ${row.number} is ${row.transit?.state ?? 'nowhere'}`)
    else if (together?.[0]?.doc.sentAt?.getTime() === doc.sentAt?.getTime()) together?.push({ row, doc })
    else bundles.push([{ row, doc }])
  }
  for (const bundle of bundles) {
    const outgoing = bundle.map(({ row }) => {
      const { from, text, buttons, citations, lines } = row
      return { from, name: row.name ?? null, bubble: { text, buttons, citations, lines } } as Outgoing
    })
    const most = bundle[0]?.doc.most ?? null
    const pieces = piecesOf({ kind: 'machine', rows: outgoing }, CAPABILITIES[platform], most, publicUrl)
    const doubled = bundle.some(({ row }) => row.transit?.doubled === true)
    sent.messages.push(...pieces.map(({ text }) => ({ text, doubled })))
  }
  return sent
}

/** The platform's lines against them, one by one. A line may come more often than the desk has it where the desk says so. */
function agree({ messages }: Sent, log: string[]): { faults: string[]; out: number; doubled: number } {
  const faults: string[] = []
  let at = 0
  let doubled = 0
  for (let i = 0; i < messages.length;) {
    const text = messages[i]?.text as string
    // The same words may be said several times in a row.
    const same = runOf(messages.slice(i), (message) => message.text === text)
    const found = runOf(log.slice(at), (line) => line === text)
    if (found.length < same.length) {
      const line = log[at + found.length]
      faults.push(
        `line ${at + found.length + 1} is ${JSON.stringify(line)}, the desk reads ${JSON.stringify(text)}`,
      )
      break
    }
    const extra = found.length - same.length
    if (extra > 0 && !same.some((message) => message.doubled))
      faults.push(`line ${at + 1} came twice, and nothing says so`)
    doubled += extra
    at += found.length
    i += same.length
  }
  if (faults.length === 0 && at < log.length)
    faults.push(`${log.length - at} lines the desk knows nothing of`)
  return { faults, out: messages.length, doubled }
}

function runOf<T>(all: T[], holds: (each: T) => boolean): T[] {
  const end = all.findIndex((each) => !holds(each))
  return end < 0 ? all : all.slice(0, end)
}

const unused = { apiRoot: 'http://127.0.0.1' } as unknown as ChannelParts & {
  apiRoot: string
  leases: Store['leases']
}
const CAPABILITIES: Record<Platform, Capabilities> = {
  wechat: wechatChannel(unused).channel.capabilities,
  telegram: telegramChannel({ ...unused, topics: () => [], about: () => '' }).channel.capabilities,
}
