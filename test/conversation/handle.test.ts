import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { randomBytes, randomUUID } from 'node:crypto'
import type { Bubble } from '../../shared/message.js'
import { webChannel } from '../../bot/channels/web/channel.js'
import { createHandle, type Handle } from '../../bot/conversation/handle.js'
import type { Surroundings } from '../../bot/conversation/surroundings.js'
import { createInbox, type Inbound, type Inbox } from '../../bot/conversation/inbox.js'
import type { Knowledge } from '../../bot/conversation/receive.js'
import { startSweep } from '../../bot/conversation/sweep.js'
import type { OutgoingMessage } from '../../bot/delivery/channel.js'
import { createLog } from '../../bot/log.js'
import type { Conversation, Pending } from '../../bot/store/conversation-document.js'
import { bytes, createVault } from '../../bot/store/crypto.js'
import { openStore, type Store } from '../../bot/store/store.js'
import { createPeople } from '../../bot/people/people.js'
import { knowledge } from '../server.js'
import { until } from '../until.js'

let store: Store
let real: Knowledge

beforeAll(async () => {
  const vault = createVault(randomBytes(32))
  const place = process.env.MONGODB_URI ? { uri: process.env.MONGODB_URI } : { memory: true as const }
  // Learning keeps the thread busy for seconds, longer than the store's handshake may take.
  real = await knowledge()
  store = await openStore(place, vault)
}, 120_000)
afterAll(() => store.close())

/** One process as far as a conversation sees it: a handle, an inbox and a sweep on the shared store. */
interface Process {
  around: Surroundings
  handle: Handle
  inbox: Inbox
  /** Bubbles handed to the channel. */
  sent: OutgoingMessage[]
  turns: { level: string }[]
  sweep(): Promise<void>
}

/** A clock that stands still until it is moved. */
function standingClock() {
  let at = Date.now()
  return { now: () => new Date(at), move: (milliseconds: number) => (at += milliseconds) }
}
type StandingClock = ReturnType<typeof standingClock>

const open: Process[] = []
afterAll(() => Promise.all(open.map(({ handle }) => handle.stop())))

/** Nobody here has subscribed to anything. */

function newProcess(given: Partial<Surroundings> & { clock: StandingClock }): Process {
  const sent: OutgoingMessage[] = []
  const turns: { level: string }[] = []
  const send = (message: OutgoingMessage) => Promise.resolve(void sent.push(message))
  const around: Surroundings = {
    store: { ...(given.store ?? store), process: randomUUID() },
    log: createLog('silent'),
    knowledge: () => real,
    channels: new Map([['web', { ...webChannel, fetches: false, send }]]),
    region: '内蒙古',
    demo: () => true,
    burstMs: 0,
    retentionDays: 30,
    people: createPeople(given.store ?? store),
    counselorPresent: () => Promise.resolve(false),
    onTurn: (turn) => turns.push(turn),
    ...given,
    ...(given.store ? { store: { ...given.store, process: randomUUID() } } : {}),
  }
  const handle = createHandle(around)
  const inbox = createInbox(around, handle)
  const sweep = async () => {
    const sweeper = startSweep({ ...around, handle })
    await sweeper.once()
    await sweeper.stop()
  }
  const made = { around, handle, inbox, sent, turns, sweep }
  open.push(made)
  return made
}

/** A young person at an address of their own. */
function person(inbox: Inbox, address = randomUUID()) {
  return {
    address,
    say: (text: string, key: string = randomUUID()) => inbox.accept({ channel: 'web', address, key, text }),
  }
}

const soon = () => new Date(Date.now() + 86_400_000)
const opened = (address: string) => store.conversations.open('web', address, new Date(), soon())
/** A message that was stored a minute ago by a process that never got to it. */
const stored = (conversation: string, text: string) =>
  store.messages.receive({
    conversation,
    key: randomUUID(),
    text,
    at: new Date(Date.now() - 60_000),
    expiresAt: soon(),
  })
async function left(address: string, text: string): Promise<string> {
  const id = await opened(address)
  await stored(id, text)
  return id
}

const history = (id: string) => store.messages.after(id, 0, 1000)
const rowsOf = (id: string) => store.messages.model.find({ conversation: id }).sort({ number: 1 }).lean()
const rowOf = (id: string) => store.conversations.model.findById(id).lean()
const escalationsOf = (id: string) => store.escalations.model.find({ conversation: id, open: true }).lean()
const settled = (id: string) =>
  until(async () => {
    const [row, rows] = await Promise.all([rowOf(id), rowsOf(id)])
    return (
      row &&
      row.pendingTurn === null &&
      rows.length > 0 &&
      rows.every(({ waiting, sending }) => !waiting && !sending)
    )
  }, 'the conversation to be answered')
const numbers = (messages: { number: number }[]) => messages.map(({ number }) => number)
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1)

/** The same store with some of its steps wrapped: `around` decides whether and when the real one runs. */
function wrapped(around: (step: string, real: () => Promise<unknown>) => Promise<unknown>): Store {
  const wrap = <T extends object>(part: T): T =>
    new Proxy(part, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function' || typeof name === 'symbol') return value
        return (...args: unknown[]) =>
          around(name, () => Reflect.apply(value, target, args) as Promise<unknown>)
      },
    })
  return {
    ...store,
    conversations: wrap(store.conversations),
    messages: wrap(store.messages),
    escalations: wrap(store.escalations),
    feed: wrap(store.feed),
  }
}

describe('receiving', () => {
  test('When the same message arrives twice, then it is stored and answered once', async () => {
    const { inbox, turns } = newProcess({ clock: standingClock() })
    const { say } = person(inbox)
    const first = await say('被同学打了怎么办', 'same-key')
    await settled(first.conversation)
    const second = await say('被同学打了怎么办', 'same-key')
    expect([first.fresh, second.fresh]).toEqual([true, false])
    await settled(first.conversation)
    const said = await history(first.conversation)
    expect(said.filter(({ from }) => from === 'person')).toHaveLength(1)
    expect(turns).toHaveLength(1)
  })

  test('When the same message arrives twenty times at once, then it is stored and answered once', async () => {
    const { inbox, turns } = newProcess({ clock: standingClock() })
    const { say } = person(inbox)
    const all = await Promise.all(upTo(20).map(() => say('老师打我', 'same-key')))
    const { conversation } = all[0] as { conversation: string }
    await settled(conversation)
    expect(all.filter(({ fresh }) => fresh)).toHaveLength(1)
    expect(new Set(all.map((each) => each.conversation)).size).toBe(1)
    const said = await history(conversation)
    expect(said.filter(({ from }) => from === 'person')).toHaveLength(1)
    expect(numbers(said)).toEqual(upTo(said.length))
    expect(turns).toHaveLength(1)
  })

  test('When two people use the same message id, then both are answered', async () => {
    const { inbox } = newProcess({ clock: standingClock() })
    const [a, b] = await Promise.all([
      person(inbox).say('你好', 'same-key'),
      person(inbox).say('你好', 'same-key'),
    ])
    expect([a.fresh, b.fresh]).toEqual([true, true])
    await Promise.all([settled(a.conversation), settled(b.conversation)])
  })

  test('When a message is kept, then it and its conversation expire after the days of retention', async () => {
    const clock = standingClock()
    const { inbox } = newProcess({ clock, retentionDays: 7 })
    const { conversation } = await person(inbox).say('你好')
    await settled(conversation)
    const due = new Date(clock.now().getTime() + 7 * 86_400_000)
    expect((await rowOf(conversation))?.expiresAt).toEqual(due)
    for (const row of await rowsOf(conversation)) expect(row.expiresAt).toEqual(due)
  })
})

describe('turns', () => {
  test('When three bubbles come in a burst, then they become one turn', async () => {
    const clock = standingClock()
    const { inbox, handle, turns } = newProcess({ clock, burstMs: 60_000 })
    const { say } = person(inbox)
    await say('你好')
    clock.move(1000)
    await say('我想问一下')
    clock.move(1000)
    const { conversation } = await say('同学在群里骂我怎么办')
    await handle.handle(conversation)
    expect(turns).toHaveLength(0)
    clock.move(60_001)
    await handle.handle(conversation)
    const said = await history(conversation)
    expect(turns).toHaveLength(1)
    expect(said.slice(0, 3).map(({ from, text }) => [from, text])).toEqual([
      ['person', '你好'],
      ['person', '我想问一下'],
      ['person', '同学在群里骂我怎么办'],
    ])
    expect(said.slice(3).every(({ from }) => from !== 'person')).toBe(true)
    expect(numbers(said)).toEqual(upTo(said.length))
  })

  test('When a short burst ends, then it is answered by itself', async () => {
    const burstMs = 50
    const clock = { ...standingClock(), now: () => new Date() }
    const { inbox, turns } = newProcess({ clock, burstMs })
    const { say } = person(inbox)
    const { conversation } = await say('你好')
    await settled(conversation)
    expect(turns).toHaveLength(1)
  })

  test('When there is danger in a burst, then nobody waits for its end', async () => {
    const { inbox } = newProcess({ clock: standingClock(), burstMs: 60_000 })
    const { say } = person(inbox)
    await say('我今天好累')
    const { conversation } = await say('我不想活了')
    await settled(conversation)
    const row = await rowOf(conversation)
    expect(row?.level).toBe('urgent')
    expect((await history(conversation)).filter(({ from }) => from === 'person')).toHaveLength(2)
    expect(await escalationsOf(conversation)).toHaveLength(1)
  })

  test('When many messages come one after the other, then their order is kept', async () => {
    const { inbox } = newProcess({ clock: standingClock() })
    const talks = await Promise.all(
      upTo(5).map(async () => {
        const { say } = person(inbox)
        let conversation = ''
        for (const n of upTo(8)) ({ conversation } = await say(`第${n}句话，今天作业有点多`))
        await settled(conversation)
        return history(conversation)
      }),
    )
    for (const said of talks) {
      const mine = said.filter(({ from }) => from === 'person').map(({ text }) => text)
      expect(mine).toEqual(upTo(8).map((n) => `第${n}句话，今天作业有点多`))
      expect(numbers(said)).toEqual(upTo(said.length))
    }
  })

  test('When a message arrives while another is answered, then the risk stays and nobody is greeted twice', async () => {
    let inject: (() => Promise<unknown>) | undefined
    const between = wrapped(async (step, real) => {
      const result = await real()
      const then = inject
      if (step === 'record' && then) {
        inject = undefined
        await then()
      }
      return result
    })
    const { inbox } = newProcess({ clock: standingClock(), store: between })
    const { say } = person(inbox)
    inject = () => say('今天天气不错')
    const { conversation } = await say('我不想活了')
    await settled(conversation)
    await until(async () => (await rowOf(conversation))?.turn === 2, 'the second turn')
    const row = await rowOf(conversation)
    expect(row?.level).toBe('urgent')
    expect((await history(conversation)).filter(({ from }) => from === 'system')).toHaveLength(1)
  })

  test('When somebody reads between any two steps, then the numbers have no gap', async () => {
    const seen: number[][] = []
    let conversation = ''
    const looking = wrapped(async (_step, real) => {
      const result = await real()
      if (conversation) seen.push(numbers(await history(conversation)))
      return result
    })
    const { inbox } = newProcess({ clock: standingClock(), store: looking })
    const { say, address } = person(inbox)
    conversation = await opened(address)
    await say('我被打了，流血了')
    await settled(conversation)
    for (const look of seen) expect(look).toEqual(upTo(look.length))
    expect(seen.at(-1)?.length).toBeGreaterThan(1)
  })

  test('When understanding fails three times, then the person gets an honest answer and the conversation opens to humans', async () => {
    let broken = true
    const read: Knowledge['brain']['read'] = (text) =>
      broken ? Promise.reject(new Error('no model')) : real.brain.read(text)
    const clock = standingClock()
    const { inbox, handle, sweep } = newProcess({
      clock,
      knowledge: () => ({ ...real, brain: { ...real.brain, read } }),
    })
    const { say, address } = person(inbox)
    const conversation = await left(address, '我想问问')
    await expect(handle.handle(conversation)).rejects.toThrow('no model')
    expect((await rowsOf(conversation))[0]?.attempts).toBe(1)
    await expect(handle.handle(conversation)).rejects.toThrow('no model')
    expect((await rowsOf(conversation))[0]?.attempts).toBe(2)
    await sweep()
    await settled(conversation)
    const sorry = (await history(conversation)).at(-1)
    expect(sorry?.text).toBe(real.content.system.get('errors.sorry')?.text)
    expect(sorry?.lines?.map(({ number }) => number)).toEqual(expect.arrayContaining(['110', '120']))
    expect(await escalationsOf(conversation)).toMatchObject([{ grade: 'fault' }])

    broken = false
    await say('你好')
    await until(async () => (await rowOf(conversation))?.turn === 2, 'the next turn')
    await settled(conversation)
    expect((await history(conversation)).filter(({ from }) => from === 'system')).toHaveLength(1)
  })
})

describe('two processes on one store', () => {
  test('When both receive for the same conversations, then no message is answered twice', async () => {
    const handled: string[] = []
    const ids = new Set<string>()
    const counting = (): Store => {
      const record: Store['conversations']['record'] = async (was, next) => {
        const recorded = await store.conversations.record(was, next)
        if (recorded && ids.has(was.id))
          handled.push(...next.pending.handled.map(({ messageId }) => messageId))
        return recorded
      }
      return { ...store, conversations: { ...store.conversations, record } }
    }
    const clock = { ...standingClock(), now: () => new Date() }
    const [a, b] = [newProcess({ clock, store: counting() }), newProcess({ clock, store: counting() })]
    const addresses = upTo(10).map(() => randomUUID())
    for (const address of addresses) ids.add(await opened(address))
    const accepted = await Promise.all(
      upTo(100).map((n) => {
        const { inbox } = n % 2 ? a : b
        return person(inbox, addresses[n % 10]).say(`第${n}个问题：同学骂我怎么办`)
      }),
    )
    expect(new Set(accepted.map(({ conversation }) => conversation))).toEqual(ids)
    await until(async () => {
      await Promise.all([a.sweep(), b.sweep()])
      const rows = await store.messages.model.find({ conversation: { $in: [...ids] } }).lean()
      return rows.every(({ waiting, sending }) => !waiting && !sending)
    }, 'all answers')
    await Promise.all([...ids].map(settled))
    expect(handled).toHaveLength(100)
    expect(new Set(handled).size).toBe(100)
    let turns = 0
    for (const id of ids) {
      const said = await history(id)
      expect(said.filter(({ from }) => from === 'person')).toHaveLength(10)
      expect(said.filter(({ from }) => from === 'system')).toHaveLength(1)
      expect(numbers(said)).toEqual(upTo(said.length))
      turns += (await rowOf(id))?.turn ?? 0
    }
    expect(a.turns.length + b.turns.length).toBeGreaterThanOrEqual(turns)
    const keys = [...a.sent, ...b.sent].map(({ key }) => key)
    expect(new Set(keys).size).toBe(keys.length)
  })

  test('When the process that holds the lease is dead, then another takes over once the lease has expired', async () => {
    const clock = standingClock()
    const { inbox, sweep, handle } = newProcess({ clock, leaseMs: 15_000 })
    const { say, address } = person(inbox)
    const id = await opened(address)
    const until15 = new Date(clock.now().getTime() + 15_000)
    expect(await store.conversations.lease(id, 'dead', clock.now(), until15)).not.toBeNull()
    await say('有人在吗')
    clock.move(14_999)
    await handle.handle(id)
    expect(await history(id)).toEqual([])
    clock.move(1)
    await sweep()
    await settled(id)
    expect((await history(id)).length).toBeGreaterThan(1)
  })

  const STEPS = [
    'record',
    'open',
    'answered',
    'keep',
    'settle',
    'outgoing',
    'depart',
    'arrived',
    'publish',
    'release',
  ]
  const deaths = STEPS.flatMap((step) => [[step, 'before'] as const, [step, 'after'] as const])
  test.each(deaths)(
    'When a process dies at %s (%s it), then the sweep of another completes exactly one reply',
    async (at, when) => {
      let dead = false
      const died = () => {
        dead = true
        throw new Error('the process is dead')
      }
      let armed = false
      const dying = wrapped(async (step, real) => {
        if (dead || (armed && step === at && when === 'before')) return died()
        const result = await real()
        if (armed && step === at) return died()
        return result
      })
      const clock = standingClock()
      const first = newProcess({ clock, store: dying })
      const { say, address } = person(first.inbox)
      // Stored by another process, so that `open` below is the escalation's.
      const id = await left(address, '我不想活了')
      armed = true
      await first.handle.handle(id).catch(() => undefined)
      expect(dead).toBe(true)
      await expect(say('没有人在听')).rejects.toThrow('dead')

      clock.move(15_001)
      const second = newProcess({ clock })
      await second.sweep()
      await settled(id)
      const said = await history(id)
      expect(numbers(said)).toEqual(upTo(said.length))
      expect(said[0]).toMatchObject({ from: 'person', text: '我不想活了' })
      expect(said.filter(({ from }) => from === 'person')).toHaveLength(1)
      expect(said.filter(({ from }) => from === 'system')).toHaveLength(1)
      expect(said.filter(({ from }) => from === 'bot').length).toBeGreaterThan(0)
      expect(await rowOf(id)).toMatchObject({ turn: 1, level: 'urgent', pendingTurn: null })
      expect(await escalationsOf(id)).toHaveLength(1)
      // Handed to the channel at least once; a channel that can de-duplicates by the key.
      const keys = new Set([...first.sent, ...second.sent].map(({ key }) => key))
      expect(keys.size).toBe(said.length - 1)
    },
  )
})

describe('a human takes over', () => {
  test('When a counselor claims the conversation between deciding and recording, then the bot says nothing', async () => {
    const claiming = wrapped(async (step, real) => {
      if (step === 'record')
        await store.conversations.model.updateOne({ _id: id }, { $set: { owner: 'human' } })
      return real()
    })
    const { inbox, handle, sent } = newProcess({ clock: standingClock(), store: claiming })
    const { say, address } = person(inbox)
    const id = await opened(address)
    await say('我不想活了')
    await handle.handle(id)
    await handle.handle(id)
    expect(sent).toEqual([])
    expect(await rowOf(id)).toMatchObject({ owner: 'human', level: 'urgent', turn: 1, pendingTurn: null })
    const rows = await rowsOf(id)
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ from: 'person', waiting: false, number: 1 })
    await inbox.forget('web', address)
  })

  test('When a record meets another turn than it decided on, then it is refused', async () => {
    const clock = standingClock()
    const { inbox } = newProcess({ clock })
    const { conversation } = await person(inbox).say('你好')
    await settled(conversation)
    const was = (await store.conversations.lease(conversation, 'x', new Date(), new Date())) as Conversation
    const pending: Pending = { turn: 1, handled: [], replies: [] }
    const next = {
      state: null,
      level: 'none' as const,
      kinds: [],
      report: false,
      pending,
      risky: false,
      at: new Date(),
      expiresAt: new Date(Date.now() + 1e6),
    }
    expect(await store.conversations.record({ ...was, turn: was.turn - 1 }, next)).toBe(false)
    await store.conversations.release(conversation, 'x')
  })
})

describe('escalations', () => {
  test('When a person cries for help again, then the one escalation is raised and never lowered', async () => {
    const { inbox } = newProcess({ clock: standingClock() })
    const { say } = person(inbox)
    const grades: string[] = []
    for (const [i, text] of [
      '找真人',
      '我不想活了',
      '我已经吃了一整瓶药',
      '我不想活了',
      '找真人',
    ].entries()) {
      const { conversation } = await say(text)
      await until(async () => (await rowOf(conversation))?.turn === i + 1, `turn ${i + 1}`)
      await settled(conversation)
      const found = await escalationsOf(conversation)
      expect(found).toHaveLength(1)
      grades.push(found[0]?.grade ?? '')
    }
    expect(grades).toEqual(['asked', 'urgent', 'attempt', 'attempt', 'attempt'])
  })
})

describe('deleting', () => {
  const SECRETS = ['蓝色的猫叫阿福', '我家住在青山路七号']

  /** Everything kept of a conversation, opened: what whoever has the key could read. */
  async function readable(id: string): Promise<string> {
    const [row, rows] = await Promise.all([rowOf(id), rowsOf(id)])
    const parts = rows.map(({ body }) => store.vault.open(bytes(body), `message:${id}`))
    for (const part of [row?.state, row?.pending]) {
      if (part) parts.push(store.vault.open(bytes(part), `conversation:${row?.addressHash}`))
    }
    return parts.join('\n')
  }

  test('When a person asks in words to delete everything, then the words are gone and the reply says so to the page', async () => {
    const { inbox } = newProcess({ clock: standingClock() })
    const { say } = person(inbox)
    let conversation = ''
    let turn = 0
    const talk = async (text: string) => {
      ;({ conversation } = await say(text))
      turn++
      await until(async () => (await rowOf(conversation))?.turn === turn, 'the turn')
      await settled(conversation)
    }
    for (const secret of SECRETS) await talk(`${secret}，我不想活了`)
    expect(await readable(conversation)).toContain(SECRETS[0])
    await talk('删除我的记录')
    const yes = (await history(conversation)).at(-1)?.buttons?.[0] as string
    await talk(yes)
    const left = await readable(conversation)
    for (const secret of [...SECRETS, '删除我的记录']) expect(left).not.toContain(secret)
    const said = await history(conversation)
    expect(said.every(({ from }) => from !== 'person')).toBe(true)
    expect(said[0]).toMatchObject({ cleared: true })
    expect(said.filter(({ cleared }) => cleared)).toHaveLength(1)
    expect(await rowOf(conversation)).toMatchObject({ level: 'none', kinds: [], report: false })
    expect(await escalationsOf(conversation)).toEqual([])
  })

  test.each(['record', 'erase', 'close', 'keep', 'settle'])(
    'When a process dies at %s while it deletes in words, then the next one finishes deleting',
    async (at) => {
      let armed = false
      let dead = false
      const dying = wrapped(async (step, real) => {
        if (dead) throw new Error('the process is dead')
        const result = await real()
        if (armed && step === at) {
          dead = true
          throw new Error('the process is dead')
        }
        return result
      })
      const clock = standingClock()
      const first = newProcess({ clock, store: dying })
      const { say } = person(first.inbox)
      await say(`${SECRETS[0]}，我不想活了`)
      const { conversation } = await say('删除我的记录')
      await until(
        async () => (await history(conversation)).at(-1)?.buttons?.includes('都删掉'),
        'the question',
      )
      await settled(conversation)
      armed = true
      await say('都删掉').catch(() => undefined)
      await until(() => dead, 'the death')
      await first.handle.stop()
      clock.move(15_001)
      await newProcess({ clock }).sweep()
      await settled(conversation)
      const left = await readable(conversation)
      expect(left).not.toContain(SECRETS[0])
      const said = await history(conversation)
      expect(said).toHaveLength(1)
      expect(said[0]).toMatchObject({ from: 'bot', cleared: true })
      expect(await escalationsOf(conversation)).toEqual([])
    },
  )

  test('When a conversation is forgotten, then nothing of it is left', async () => {
    const { inbox } = newProcess({ clock: standingClock() })
    const { say, address } = person(inbox)
    const { conversation } = await say(`${SECRETS[0]}，我不想活了`)
    await settled(conversation)
    await inbox.forget('web', address)
    expect(await inbox.find('web', address)).toBeNull()
    expect(await rowOf(conversation)).toBeNull()
    expect(await rowsOf(conversation)).toEqual([])
    expect(await escalationsOf(conversation)).toEqual([])
  })

  test.each(['record', 'open', 'answered', 'keep', 'settle', 'outgoing', 'depart', 'arrived'])(
    'When a conversation is forgotten while its answer is at %s, then nothing of it is left',
    async (at) => {
      let forget: (() => Promise<void>) | undefined
      const forgetting = wrapped(async (step, real) => {
        const then = forget
        if (step === at && then) {
          forget = undefined
          await then()
        }
        return real()
      })
      const { inbox, handle, sweep } = newProcess({ clock: standingClock(), store: forgetting })
      const { address } = person(inbox)
      const id = await left(address, '我不想活了')
      forget = () => inbox.forget('web', address)
      await handle.handle(id)
      await sweep()
      expect(await rowOf(id)).toBeNull()
      expect(await rowsOf(id)).toEqual([])
      expect(await escalationsOf(id)).toEqual([])
    },
  )

  test('When a message is stored just as its conversation is forgotten, then the sweep leaves nothing of it', async () => {
    const { inbox, sweep } = newProcess({ clock: standingClock() })
    const { address } = person(inbox)
    const id = await opened(address)
    await inbox.forget('web', address)
    await stored(id, '你好')
    await sweep()
    expect(await rowsOf(id)).toEqual([])
  })
})

describe('sending', () => {
  test('When the channel refuses once, then nothing is lost and the order is kept', async () => {
    const taken: { number: number; bubble: Bubble }[] = []
    let refuse = true
    const send = ({ number, bubble }: OutgoingMessage) => {
      if (refuse && taken.length === 1) {
        refuse = false
        return Promise.reject(new Error('the network is away'))
      }
      taken.push({ number, bubble })
      return Promise.resolve()
    }
    const clock = standingClock()
    const { inbox, sweep } = newProcess({
      clock,
      channels: new Map([['web', { ...webChannel, fetches: false, send }]]),
    })
    const { conversation } = await person(inbox).say('我不想活了')
    await until(() => !refuse, 'the refusal')
    await until(async () => {
      clock.move(1_000)
      await sweep()
      return (await rowsOf(conversation)).every(({ sending }) => !sending)
    }, 'everything to be sent')
    const said = await history(conversation)
    expect(taken.map(({ number }) => number)).toEqual(numbers(said).slice(1))
  })

  test('When the process is stopping, then nothing new is begun', async () => {
    const { inbox, handle, turns } = newProcess({ clock: standingClock() })
    await handle.stop()
    const { conversation } = await person(inbox).say('你好')
    await handle.handle(conversation)
    expect(turns).toEqual([])
    expect((await rowsOf(conversation))[0]?.waiting).toBe(true)
  })
})

describe('a network that is handed its messages', () => {
  /** Somebody on such a network; `abroad`: its servers are. */
  function network(abroad = false) {
    const sent: string[] = []
    const { inbox, handle } = newProcess({
      clock: standingClock(),
      channels: new Map([
        [
          'net',
          {
            name: 'net',
            fetches: false,
            abroad,
            capabilities: { maxText: 600, buttons: 0, cards: false, joins: true },
            send: ({ bubble }: OutgoingMessage) => Promise.resolve(void sent.push(bubble.text)),
          },
        ],
      ]),
    })
    const address = randomUUID()
    const accept = async (arrived: Partial<Inbound>) => {
      const inbound = { channel: 'net', address, key: randomUUID(), text: '', ...arrived }
      const { conversation } = await inbox.accept(inbound)
      await handle.handle(conversation)
      await settled(conversation)
      return conversation
    }
    return { sent, accept, address }
  }

  test('When somebody follows, then they are greeted, told what is kept, and may press by number', async () => {
    const { sent, accept } = network()
    await accept({ event: 'subscribe' })
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatch(
      /我是 AI.*我们只留你写的话.*\n\n你好，我是青安.*\n110 .*\n1 我有危险\n2 我想问问\n3 找真人$/s,
    )
    await accept({ text: '2' })
    expect(sent[1]).toMatch(/^好，想问什么就直接写/)
  })

  test('When the servers lie abroad, then the first message says where the words go', async () => {
    const { sent, accept } = network(true)
    await accept({ text: '你好' })
    expect(sent[0]).toContain('服务器在国外')
    await accept({ text: '在吗' })
    expect(sent[1]).not.toContain('服务器在国外')
  })

  test('When somebody leaves, then nothing is said, their subscriptions end, and nothing can be sent', async () => {
    const { sent, accept, address } = network()
    await accept({ text: '你好' })
    const people = createPeople(store)
    const reach = { channel: 'net', address }
    const consent = { topic: 'hiv', wording: '1', parent: false }
    await people.subscribe({ ...reach, ...consent, key: 'k', at: new Date() })
    const before = sent.length
    await accept({ event: 'unsubscribe' })
    expect(sent).toHaveLength(before)
    expect(await people.subscribed('net', address)).toEqual([])
    expect((await store.recipients.find('net', address)).reachable).toBe(false)
  })

  test('When a message is changed, then its new words are read for danger', async () => {
    const { accept } = network()
    await accept({ text: '今天天气不错' })
    const id = await accept({ text: '我不想活了', event: 'edit' })
    expect(await rowOf(id)).toMatchObject({ level: 'urgent' })
    const rows = await store.messages.all(id, 10)
    expect(rows.find(({ text }) => text === '我不想活了')).toMatchObject({ event: 'edit' })
  })

  test('When a voice message comes, then a human is asked, and the desk sees what it was', async () => {
    const { sent, accept } = network()
    const id = await accept({ unreadable: 'voice' })
    expect(sent[0]).toContain('我看不懂')
    expect(await escalationsOf(id)).toHaveLength(1)
    expect((await store.messages.all(id, 10))[0]).toMatchObject({ from: 'person', unreadable: 'voice' })
  })

  test('When the network repeats itself, then the window is not opened anew', async () => {
    const { accept, address } = network()
    const key = randomUUID()
    await accept({ text: '你好', key })
    await store.recipients.spend('net', address, { window: 'message', bot: true })
    await accept({ text: '你好', key })
    expect((await store.recipients.find('net', address)).sentSince).toBe(1)
  })

  test('When the channel is off, then what is to be sent waits, and other conversations do not', async () => {
    const { inbox, handle, sent } = newProcess({ clock: standingClock() })
    const off = await inbox.accept({ channel: 'nowhere', address: randomUUID(), key: 'k', text: '你好' })
    await handle.handle(off.conversation)
    const rows = await store.messages.outgoing(off.conversation)
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.every(({ retryAt }) => retryAt !== null)).toBe(true)
    const { conversation } = await person(inbox).say('你好')
    await settled(conversation)
    expect(sent.length).toBeGreaterThan(0)
  })
})
