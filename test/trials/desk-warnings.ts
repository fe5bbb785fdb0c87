import type { ChatMessage } from '../../shared/message.js'
import type { Store } from '../../bot/store/store.js'
import type { Member } from '../console.js'
import { client } from '../server.js'
import { until } from '../until.js'
import { at, historyOf, write, type Servers, type Young } from './desk-actors.js'

const TOPICS = [
  { id: 'water', name: '防溺水' },
  { id: 'fraud', name: '防骗' },
  { id: 'net', name: '上网安全' },
]
/** How long the last warning may take to reach everybody after its minute: a dead process keeps its batch for a while. */
const ARRIVE_MS = 240_000

export interface Warned {
  id: string
  /** Stands in its words and nowhere else. */
  mark: string
}

const LOOK_MS = 150
/** The requests of one address are limited. */
async function slowly(reader: Awaited<ReturnType<typeof client>>): Promise<ChatMessage[]> {
  await new Promise((fulfil) => setTimeout(fulfil, LOOK_MS))
  return reader.history()
}

/** Everybody subscribes to everything that will be sent. */
export async function subscribe(servers: Servers, people: Young[]): Promise<void> {
  const all = async (person: Young) => {
    for (const { name } of TOPICS) {
      await write(servers, person, `订阅${name}提醒`)
      const reader = await client(servers.urls[0] as string, person.token, person.address)
      await until(
        async () => (await slowly(reader)).at(-1)?.buttons?.includes('要'),
        'the question of consent',
      )
      await write(servers, person, '要')
      await until(async () => {
        const history = await slowly(reader)
        const asked = history.findLastIndex(({ from }) => from === 'person')
        return history.length > asked + 1 && history[asked]?.text === '要'
      }, 'the answer to a consent')
    }
  }
  for (let i = 0; i < people.length; i += 6) await Promise.all(people.slice(i, i + 6).map(all))
}

/** Writes a warning for the next minute, which another approves; asked of whichever server is up. */
export async function warn(
  servers: Servers,
  [author, approver]: readonly [Member, Member],
  n: number,
  offsetMs: number,
): Promise<Warned> {
  const url = servers.urls.find((each) => each !== null) as string
  const post = async (who: Member, path: string, body: unknown) => {
    const answer = await at(url, who).post<{ id: string; version: number }>(path, body)
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const mark = `第${'一二三'[n]}次演练`
  // Shanghai's wall clock, a minute and a half from now and rounded down to its minute.
  const start = new Date(Date.now() + offsetMs + 8 * 3_600_000 + 90_000).toISOString().slice(0, 16)
  const { id, version } = await post(author, '/campaigns', {
    topic: TOPICS[n]?.id,
    text: { zh: `${mark}：遇到拿不准的事，先停一停，问一个信得过的大人。有危险就打 {{hotline.110}}。` },
    schedule: { start },
    channels: ['web'],
  })
  await post(author, `/campaigns/${id}/submit`, { version })
  await post(approver, `/campaigns/${id}/approve`, { version })
  return { id, mark }
}

/** Everybody got each warning once, and the ledger says so. */
export async function judgeWarnings(
  store: Store,
  servers: Servers,
  people: Young[],
  sent: Warned[],
): Promise<{ faults: string[]; summary: string }> {
  const faults: string[] = []
  const rowsOf = (id: string) => store.deliveries.model.find({ campaign: id }).lean()
  await until(
    async () => {
      for (const { id } of sent) {
        const rows = await rowsOf(id)
        if (rows.length < people.length || rows.some(({ outcome }) => outcome === 'planned')) return null
      }
      return true
    },
    'every warning to be delivered',
    ARRIVE_MS,
  ).catch((error: unknown) => faults.push(String(error)))
  let arrived = 0
  for (const person of people) {
    const history = await historyOf(servers, person)
    for (const { mark } of sent) {
      const times = history.filter(({ text }) => text.includes(mark)).length
      if (times !== 1) faults.push(`a warning arrived ${times} times`)
      arrived += times
    }
  }
  for (const { id } of sent) {
    const rows = await rowsOf(id)
    const wrong = rows.filter(({ outcome }) => outcome !== 'sent')
    if (rows.length !== people.length) faults.push(`${rows.length} rows for ${people.length} subscribers`)
    if (wrong.length) faults.push(`${wrong.length} rows of the ledger do not say sent`)
  }
  return {
    faults,
    summary: `${sent.length} warnings arrived ${arrived} times at ${people.length} subscribers`,
  }
}
