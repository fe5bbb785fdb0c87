import type { Member } from '../console.js'
import { client } from '../server.js'
import { until } from '../until.js'
import { at, type Servers, type Young } from './desk-actors.js'

const CONSOLES = 20
/** Messages a second, all together. */
const RATE = 20
const SECONDS = 15
/** A live update later than this is a fault, in milliseconds. */
const LATEST_MS = 1_000

interface Escalated {
  items: { conversation: string }[]
}

/**
 * Twenty consoles at one server, each with a conversation open; twenty messages a second at the other. How long after a
 * message is acknowledged the console hears of it.
 */
export async function liveness(
  servers: Servers,
  members: Member[],
  newYoung: () => Promise<Young>,
): Promise<{ faults: string[]; summary: string; people: Young[] }> {
  const [here, there] = servers.urls as [string, string]
  const reader = members[0] as Member
  const known = new Set<string>()
  const people = []
  for (let i = 0; i < CONSOLES; i++) {
    const young = await newYoung()
    const person = await client(here, young.token, young.address)
    await person.say('我不想活了')
    const conversation = await until(async () => {
      const { body } = await reader.desk.get<Escalated>('/escalations?state=waiting&perPage=100')
      return body.items.map((item) => item.conversation).find((id) => !known.has(id))
    }, 'an escalation')
    known.add(conversation)
    const member = members[i % members.length] as Member
    const stream = await at(there, member).live(conversation)
    if (stream.status !== 200) throw new Error(`live: ${stream.status}`)
    people.push({ young, person, stream, conversation })
  }
  const delays: number[] = []
  const waiting: Promise<void>[] = []
  for (let n = 0; n < RATE * SECONDS; n++) {
    const begun = Date.now()
    const { person, stream } = people[n % CONSOLES] as (typeof people)[number]
    const before = stream.seen.filter(({ topic }) => topic === 'conversation').length
    waiting.push(
      (async () => {
        const response = await person.say(`还有第${n}件事`)
        if (!response.ok && response.status !== 429) throw new Error(`refused with ${response.status}`)
        const stored = Date.now()
        await until(
          () => stream.seen.filter(({ topic }) => topic === 'conversation').length > before || null,
          'a live update',
        )
        delays.push(Math.max(0, Date.now() - stored))
      })(),
    )
    await new Promise((fulfil) => setTimeout(fulfil, Math.max(0, 1000 / RATE - (Date.now() - begun))))
  }
  await Promise.all(waiting)
  await Promise.all(people.map(({ stream }) => stream.cut()))
  delays.sort((a, b) => a - b)
  const percentile = (share: number) =>
    delays[Math.min(delays.length - 1, Math.floor(delays.length * share))] ?? 0
  const late = delays.filter((delay) => delay > LATEST_MS).length
  return {
    people: people.map(({ young }) => young),
    faults:
      late > delays.length / 100
        ? [`${late} of ${delays.length} live updates came after ${LATEST_MS} ms`]
        : [],
    summary: `live: ${delays.length} updates at ${RATE} messages/s, ${CONSOLES} consoles: p50 ${percentile(0.5)} ms, p99 ${percentile(0.99)} ms, latest ${percentile(1)} ms`,
  }
}
