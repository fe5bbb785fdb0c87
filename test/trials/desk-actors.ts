import { randomInt, randomUUID } from 'node:crypto'
import type { ChatMessage } from '../../shared/message.js'
import type { Member } from '../console.js'
import { browser } from '../console.js'
import { client } from '../server.js'

/** Addresses of the two servers; null while one is down. */
export interface Servers {
  urls: [string | null, string | null]
  on: boolean
}

/** The n-th address of a private network. */
export const addressOf = (n: number) => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`

const pause = (milliseconds: number) => new Promise((fulfil) => setTimeout(fulfil, milliseconds))
const pick = <T>(all: readonly T[]): T => all[randomInt(all.length)] as T

/** A server that is up, whichever; waits for one. */
async function anyUrl(servers: Servers): Promise<string> {
  for (;;) {
    const up = servers.urls.filter((url) => url !== null)
    if (up.length) return pick(up)
    await pause(50)
  }
}

/** A killed server breaks the connection: the same thing is asked again, of whichever is up. Anything else is a fault. */
async function again<T>(servers: Servers, ask: (url: string) => Promise<T>): Promise<T> {
  for (;;) {
    const url = await anyUrl(servers)
    try {
      return await ask(url)
    } catch (error) {
      const { name } = error as Error
      if (name !== 'TypeError' && name !== 'SyntaxError') throw error
      await pause(100)
    }
  }
}

const SAYINGS = [
  '我不想活了',
  '同学天天打我怎么办',
  '我爸喝醉了又打我',
  '今天天气不错',
  '找真人',
  '我已经站在楼顶了',
  '嗯',
  '老师你在吗',
]

export interface Young {
  token: string
  /** Each stands at an address of their own: a school's limit is not what is tried here. */
  address: string
  sent: Map<string, string>
  acknowledged: Set<string>
}

export async function write(servers: Servers, young: Young, text: string): Promise<void> {
  const id = randomUUID()
  young.sent.set(id, text)
  for (;;) {
    const status = await again(servers, async (url) => {
      const response = await (await client(url, young.token, young.address)).say(text, id)
      const body = (await response.json()) as { stored?: boolean }
      return response.status === 202 || body.stored ? 202 : response.status
    })
    if (status === 202) break
    if (status !== 429 && status < 500) throw new Error(`a message was refused with ${status}`)
    await pause(300)
  }
  young.acknowledged.add(id)
}

export async function talk(servers: Servers, young: Young): Promise<void> {
  while (servers.on) {
    await write(servers, young, pick(SAYINGS))
    await pause(randomInt(80, 600))
  }
}

export const historyOf = (servers: Servers, young: Young): Promise<ChatMessage[]> =>
  again(servers, async (url) => (await client(url, young.token, young.address)).history())

/** What a counselor did and was told had been done. */
export interface Counselor {
  member: Member
  /** Conversation → texts acknowledged. */
  replied: Map<string, string[]>
  claims: number
  lost: number
  refused: string[]
}

/** A console of this member at a server: the session is in the store, so either will do. */
export function at(url: string, { desk, id }: Member) {
  const console = browser(url, addressOf(parseInt(id.slice(-4), 16)))
  console.setCookie(desk.cookie())
  console.setCsrf(desk.csrf())
  return console
}

/** One claim, some replies, an end: each asked again until a server has answered it. */
export async function serve(servers: Servers, counselor: Counselor): Promise<void> {
  const { member } = counselor
  const post = (path: string, body: unknown) =>
    again(servers, async (url) => {
      const answer = await at(url, member).post<{ error?: { code: string } }>(path, body)
      if (answer.status >= 500 || answer.status === 429) {
        await pause(200)
        throw new TypeError('not answered')
      }
      return answer
    })
  while (servers.on) {
    const waiting = await again(servers, (url) =>
      at(url, member).get<{ items?: { id: string; conversation: string }[] }>(
        '/escalations?state=waiting&perPage=10',
      ),
    )
    const chosen = waiting.body.items?.length ? pick(waiting.body.items.slice(0, 3)) : null
    if (!chosen) {
      await pause(100)
      continue
    }
    const claim = await post(`/escalations/${chosen.id}/claim`, undefined)
    if (claim.status !== 200) {
      if (claim.body.error?.code === 'desk.claimed' || claim.body.error?.code === 'desk.resolved')
        counselor.lost++
      else counselor.refused.push(`claim: ${claim.status} ${claim.body.error?.code ?? ''}`)
      continue
    }
    counselor.claims++
    for (let i = randomInt(1, 4); i > 0; i--) {
      const text = `我是${member.workName}，听你说。${randomUUID()}`
      const reply = await post(`/conversations/${chosen.conversation}/replies`, { key: randomUUID(), text })
      if (reply.status !== 200)
        counselor.refused.push(`reply: ${reply.status} ${reply.body.error?.code ?? ''}`)
      else
        counselor.replied.set(chosen.conversation, [
          ...(counselor.replied.get(chosen.conversation) ?? []),
          text,
        ])
      await pause(randomInt(50, 400))
    }
    const resolved = randomInt(4) > 0
    const end = resolved
      ? await post(`/escalations/${chosen.id}/resolve`, { outcome: 'helped', topic: null, level: 'watch' })
      : await post(`/escalations/${chosen.id}/release`, undefined)
    // Asked twice, the second time after a crash, giving back may meet another's claim: done all the same.
    const fine =
      end.status === 200 || end.body.error?.code === 'desk.busy' || (!resolved && end.status === 409)
    if (!fine) counselor.refused.push(`end: ${end.status} ${end.body.error?.code ?? ''}`)
  }
}
