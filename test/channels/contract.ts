import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import type { Unreadable } from '../../shared/channel.js'
import type { Adapter } from '../../bot/delivery/channel.js'
import { allowanceFor } from '../../bot/delivery/allowance.js'
import { LEARNING_MS } from '../brain.js'
import { knowledge } from '../server.js'
import { until } from '../until.js'
import { openHouse, type House, type Parts, type Process } from './house.js'

/** A message as it stands on somebody's phone. */
export interface Read {
  text: string
  buttons?: string[]
}

/** Somebody with a phone. */
export interface Someone {
  /** As the channel knows them. */
  address: string
  /** Writes; resolves when the bot's server has it. */
  says(text: string): Promise<unknown>
  /** What the bot said, as their phone shows it. */
  reads(): Promise<Read[]>
  /** Writes once, and the network brings it more than once. */
  repeats?(text: string): Promise<unknown>
  /** Sends what no machine can read. */
  sends?: Partial<Record<Unreadable, () => Promise<unknown>>>
  /** Presses a button that the network shows. */
  presses?(label: string): Promise<unknown>
  /** Blocks the bot or stops following it. */
  leaves?(): Promise<unknown>
  /** Takes that back. */
  returns?(): Promise<unknown>
}

/** What comes from a stranger, or from somebody who plays the network. */
export interface Hostile {
  what: string
  send(): Promise<Response>
  status: number
}

/** The network of a channel, real or simulated, beside the bot. */
export interface Network {
  make(parts: Parts): Adapter
  /** Waits until the network knows where a new process is. */
  ready?(process: Process): Promise<unknown>
  someone(): Promise<Someone>
  /** Somebody on the network whom the bot may not write to. */
  stranger?(): Promise<string>
  /** Makes the next message to somebody fail. */
  fail(how: Failing): void
  hostile(known: Someone): Hostile[]
  stop(): Promise<void>
}

/** How a network fails: it is refused for a while, is away, or takes a message and breaks off before it says so. */
export type Failing = 'limited' | 'temporary' | 'lost'

export interface Driver {
  name: string
  /** What this network has, said beforehand: what the channel declares is held against it. */
  has: {
    /** Messages are handed to it; else the client fetches. */
    handed: boolean
    /** It gives each message an id. */
    receipts: boolean
    /** It counts messages in windows: how many, and how many of them are the machine's. */
    window: { most: number; bot: number; ms: number } | null
    /** It says that a message can never be sent; the words for which it does. */
    refuses: string | null
    /** It says that somebody has blocked or left us. */
    leaving: boolean
    fails: readonly Failing[]
    /** It may bring the same message more than once. */
    repeats: boolean
    /** Buttons under a message. */
    buttons: boolean
    /** It lives beside the bot, not in it: a process may die. */
    outside: boolean
    /** Its servers lie abroad. */
    abroad: boolean
  }
  open(at: Pick<House, 'url' | 'clock' | 'store'>): Promise<Network>
}

/** What every channel must do. A new one brings a driver, and passes. */
export function contract({ name, has, open }: Driver): void {
  describe(name, () => {
    let house: House
    let network: Network
    let own: Process

    beforeAll(async () => {
      house = await openHouse(await knowledge())
      network = await open(house)
      own = await begin()
    }, LEARNING_MS)
    afterAll(async () => {
      await own.stop()
      await network.stop()
      await house.close()
    })

    // A page that fetches by itself is handed nothing; what no network does cannot be asked of it.
    const where = (applies: boolean, what: string, tests: () => void) => applies && describe(what, tests)
    const only = (applies: boolean, what: string, run: () => Promise<void>) => applies && test(what, run)

    const begin = async (store?: Parameters<House['start']>[1]): Promise<Process> => {
      const process = await house.start((parts) => network.make(parts), store)
      await network.ready?.(process)
      return process
    }
    /** The bot's process ends, and another takes its place. */
    const restart = async (store?: Parameters<House['start']>[1]) => {
      await own.stop()
      own = await begin(store)
    }
    const rows = (id: string) => house.store.messages.all(id, 500)
    const conversationOf = async ({ address }: Someone) =>
      (await house.store.conversations.find(name, address)) as string
    /** What they say is answered before this resolves; their conversation. */
    const talk = async (person: Someone, text: string): Promise<string> => {
      const before = (await person.reads()).length
      await person.says(text)
      await until(async () => (await person.reads()).length > before, 'a reply')
      const id = await conversationOf(person)
      await own.handle.handle(id)
      return id
    }
    /** Somebody at the desk, or the system itself, says something. */
    const say = async (id: string, text: string, from: 'counselor' | 'system' = 'counselor') => {
      const at = house.clock.now()
      const expiresAt = new Date(at.getTime() + 30 * 86_400_000)
      const bubble = { text }
      await house.store.messages.submit({ conversation: id, key: randomUUID(), from, bubble, at, expiresAt })
      await own.handle.handle(id)
    }
    const transitOf = async (id: string, text: string) =>
      (await rows(id)).find((row) => row.from !== 'person' && row.text === text)?.transit
    const texts = async (person: Someone) => (await person.reads()).map(({ text }) => text)
    const times = async (person: Someone, text: string) =>
      (await texts(person)).filter((each) => each.includes(text)).length
    const handedOver = has.handed ? { state: 'sent', why: null, doubled: false } : null

    describe('what it declares', () => {
      test('When it is asked what it can do, then delivery is told what this network has', () => {
        const { channel, missing } = own.adapter
        expect({
          name: channel.name,
          handed: !channel.fetches,
          windows: channel.allowance !== undefined,
          buttons: channel.capabilities.buttons > 0,
          abroad: channel.abroad ?? false,
        }).toEqual({
          name,
          handed: has.handed,
          windows: has.window !== null,
          buttons: has.buttons,
          abroad: has.abroad,
        })
        expect(channel.capabilities.maxText).toBeGreaterThanOrEqual(500)
        // Where messages are counted they are joined.
        expect(channel.capabilities.joins ?? false).toBe(has.window !== null)
        expect(missing).toEqual([])
      })

      test('When its network is looked at, then it is well', async () => {
        expect(await own.adapter.status()).toMatchObject({ name, on: true, missing: [], state: 'ok' })
      })

      test('When it is started and stopped again and again, then once is as good as twice', async () => {
        await own.adapter.start()
        await own.adapter.stop()
        await own.adapter.stop()
        await own.adapter.start()
        await network.ready?.(own)
        await talk(await network.someone(), '在吗')
      })
    })

    describe('what comes in', () => {
      test('When somebody writes, then it is kept once and answered, with what they must know first', async () => {
        const person = await network.someone()
        const id = await talk(person, '老板拖欠工资怎么办')
        const all = await rows(id)
        expect(all.map(({ number }) => number)).toEqual(all.map((_, i) => i + 1))
        expect(all.filter(({ from }) => from === 'person').map(({ text }) => text)).toEqual([
          '老板拖欠工资怎么办',
        ])
        const [first = ''] = await texts(person)
        expect(first).toContain('AI')
        if (has.handed) expect(first).toContain('工作人员可能会看')
        expect(/境外|国外/.test(first)).toBe(has.abroad)
      })

      test('When several messages come, then they are kept in their order', async () => {
        const person = await network.someone()
        const said = ['第一句', '第二句', '第三句', '第四句']
        for (const text of said) await person.says(text)
        const kept = await until(async () => {
          const id = await conversationOf(person)
          const all = id ? (await rows(id)).filter(({ from }) => from === 'person') : []
          return all.length === said.length && all.every(({ number }) => number > 0) ? all : null
        }, 'all of them')
        expect(kept.map(({ text }) => text)).toEqual(said)
      })

      test('When somebody is in danger, then they are answered with numbers to call', async () => {
        const person = await network.someone()
        const id = await talk(person, '我不想活了')
        expect((await texts(person)).join('\n')).toMatch(/现在就打 120 或 110/)
        expect(await house.store.escalations.openOf(id)).toMatchObject({ channel: name, level: 'urgent' })
      })

      only(
        has.repeats,
        'When the network brings a message more than once, then it is kept and answered once',
        async () => {
          const person = await network.someone()
          await person.repeats?.('老板拖欠工资怎么办')
          const id = await conversationOf(person)
          await own.handle.handle(id)
          await own.settle()
          expect((await rows(id)).filter(({ from }) => from === 'person')).toHaveLength(1)
          expect(await times(person, 'AI')).toBe(1)
        },
      )

      test('When something comes that no machine can read, then it is kept by its kind, and they are told', async () => {
        const person = await network.someone()
        await talk(person, '在吗')
        for (const [kind, send] of Object.entries(person.sends ?? {})) {
          const before = (await person.reads()).length
          await send()
          await until(async () => (await person.reads()).length > before, `an answer to a ${kind}`)
          expect((await texts(person)).at(-1)).toContain('我只看得懂文字')
          const id = await conversationOf(person)
          expect((await rows(id)).filter(({ from }) => from === 'person').at(-1)?.unreadable).toBe(kind)
        }
      })
    })

    describe('what goes out', () => {
      test('When a message is long, then it comes in pieces that fit, cut between sentences, and nothing is lost', async () => {
        const person = await network.someone()
        const id = await talk(person, '在吗')
        const before = (await person.reads()).length
        const { maxText } = own.channel.capabilities
        const sentence = '这是很长的一段话里的一句，后面还有很多句。'
        const long = sentence.repeat(Math.floor((Math.min(maxText, 5_000) * 1.6) / sentence.length))
        await say(id, long)
        const pieces = (await texts(person)).slice(before)
        expect(pieces.join('')).toBe(long)
        expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(maxText)
        expect(pieces.length).toBe(has.handed ? 2 : 1)
        for (const piece of pieces) expect(piece.endsWith('。')).toBe(true)
        expect(await transitOf(id, long)).toEqual(handedOver)
      })

      test('When the bot offers a choice, then it is buttons or numbers, and the choice is understood', async () => {
        const person = await network.someone()
        await talk(person, '订阅防溺水提醒')
        const asked = (await person.reads()).at(-1)
        if (has.buttons) expect(asked?.buttons).toEqual(['要', '不要'])
        else expect(asked).toEqual({ text: expect.stringMatching(/\n1 要\n2 不要$/) })
        const before = (await person.reads()).length
        await (person.presses ? person.presses('要') : person.says('1'))
        await until(async () => (await person.reads()).length > before, 'an answer')
        expect((await texts(person)).at(-1)).toContain('订上了')
        expect(await own.around.people.subscribed(name, person.address)).toEqual(['water'])
      })

      test('When several messages go out, then they arrive in their order, each with its receipt', async () => {
        const person = await network.someone()
        const id = await talk(person, '在吗')
        const said = ['先说第一件。', '再说第二件。', '最后是第三件。']
        for (const text of said) await say(id, text)
        expect((await texts(person)).slice(-3)).toEqual(said)
        for (const text of said) expect(await transitOf(id, text)).toEqual(handedOver)
        const kept = await house.store.messages.model.find({ conversation: id, from: 'counselor' }).lean()
        const receipts = new Set(kept.map(({ receipt }) => receipt ?? null))
        expect(receipts).toEqual(has.receipts ? new Set([...receipts].map(String)) : new Set([null]))
        if (has.receipts) expect(receipts.size).toBe(3)
      })
    })

    where(has.handed, 'what does not arrive', () => {
      only(
        has.fails.includes('limited'),
        'When the network says "too fast", then the message waits as long as it asks for, and arrives once',
        async () => {
          const person = await network.someone()
          const id = await talk(person, '在吗')
          network.fail('limited')
          await say(id, '慢一点也会到。')
          expect(await transitOf(id, '慢一点也会到。')).toMatchObject({ state: 'waiting' })
          house.clock.move(2_000)
          await own.settle()
          expect(await times(person, '慢一点也会到。')).toBe(0)
          house.clock.move(60_000)
          await own.settle()
          expect(await times(person, '慢一点也会到。')).toBe(1)
          expect(await transitOf(id, '慢一点也会到。')).toEqual(handedOver)
        },
      )

      only(
        has.fails.includes('temporary'),
        'When the network fails for a while, then the message is tried again, in its place, and arrives once',
        async () => {
          const person = await network.someone()
          const id = await talk(person, '在吗')
          network.fail('temporary')
          await say(id, '这是第一句。')
          await say(id, '这是第二句。')
          expect(await transitOf(id, '这是第一句。')).toMatchObject({ state: 'waiting', doubled: false })
          house.clock.move(2_000)
          await own.settle()
          expect((await texts(person)).slice(-2)).toEqual(['这是第一句。', '这是第二句。'])
          expect(await transitOf(id, '这是第一句。')).toEqual(handedOver)
        },
      )

      only(
        has.fails.includes('lost'),
        'When no answer comes back, then the message is sent again, and it is said that it may be there twice',
        async () => {
          const person = await network.someone()
          const id = await talk(person, '在吗')
          network.fail('lost')
          await say(id, '收到了吗？')
          expect(await transitOf(id, '收到了吗？')).toMatchObject({ state: 'in-flight' })
          house.clock.move(2_000)
          await own.settle()
          expect(await times(person, '收到了吗？')).toBe(2)
          expect(await transitOf(id, '收到了吗？')).toEqual({ state: 'sent', why: null, doubled: true })
        },
      )

      only(
        has.refuses !== null,
        'When a message can never be sent, then the desk sees why, and what follows arrives',
        async () => {
          const person = await network.someone()
          const id = await talk(person, '在吗')
          const refused = has.refuses ?? ''
          await say(id, refused)
          await say(id, '这一句可以。')
          expect(await transitOf(id, refused)).toEqual({
            state: 'undelivered',
            why: 'refused',
            doubled: false,
          })
          expect(await texts(person)).toContain('这一句可以。')
        },
      )

      only(
        has.leaving,
        'When somebody may not be written to, then their subscriptions end and the desk sees it',
        async () => {
          const address = (await network.stranger?.()) ?? ''
          const { store, clock } = house
          const far = new Date(clock.now().getTime() + 86_400_000)
          const id = await store.conversations.open(name, address, clock.now(), far)
          await store.recipients.heard(name, address, clock.now(), far)
          await own.around.people.subscribe({
            ...{ channel: name, address, key: randomUUID(), at: clock.now() },
            ...{ topic: 'water', wording: '1', parent: false },
          })
          await say(id, '在吗？')
          expect(await transitOf(id, '在吗？')).toMatchObject({ state: 'undelivered', why: 'gone' })
          expect(await own.around.people.subscribed(name, address)).toEqual([])
          expect(await allowanceFor(store, own.channel, address, clock.now())).toMatchObject({
            state: 'gone',
          })
        },
      )

      only(
        has.leaving,
        'When somebody leaves, then nothing more is sent; when they write again, then they are answered',
        async () => {
          const person = await network.someone()
          const id = await talk(person, '订阅防溺水提醒')
          await (person.presses ? person.presses('要') : person.says('1'))
          await until(() => times(person, '订上了'), 'the subscription')
          await person.leaves?.()
          await own.handle.handle(id)
          expect(await own.around.people.subscribed(name, person.address)).toEqual([])
          const before = await person.reads()
          await say(id, '你还在吗？')
          expect(await transitOf(id, '你还在吗？')).toMatchObject({ state: 'undelivered', why: 'gone' })
          expect(await person.reads()).toEqual(before)
          await person.returns?.()
          await talk(person, '我回来了，在吗')
        },
      )
    })

    where(has.window !== null, 'windows and quotas', () => {
      const { most, bot, ms } = has.window ?? { most: 0, bot: 0, ms: 0 }
      const room = (person: Someone) =>
        allowanceFor(house.store, own.channel, person.address, house.clock.now())

      test('When the machine has used its share, then the rest is kept for the human, who is told what is left', async () => {
        const person = await network.someone()
        const id = await talk(person, '在吗')
        const used = (await person.reads()).length
        expect(await room(person)).toMatchObject({ state: 'open', left: most - used, bot: bot - used })
        for (let i = 0; i < most; i++) await say(id, `机器说的第${i}句。`, 'system')
        expect(await person.reads()).toHaveLength(bot)
        expect(await room(person)).toMatchObject({ state: 'open', left: most - bot, bot: 0 })

        for (let i = 0; i < most - bot; i++) await say(id, `真人说的第${i}句。`)
        expect(await person.reads()).toHaveLength(most)
        expect(await room(person)).toMatchObject({ state: 'closed', left: 0 })
        // What the machine could not say went along with the human's first words.
        for (let i = 0; i < most; i++) expect(await times(person, `机器说的第${i}句。`)).toBe(1)

        await say(id, '真人的话太多了。')
        expect(await transitOf(id, '真人的话太多了。')).toMatchObject({ state: 'undelivered', why: 'closed' })
        expect(await person.reads()).toHaveLength(most)
      })

      test('When they write again, then the window opens anew', async () => {
        const person = await network.someone()
        const id = await talk(person, '在吗')
        for (let i = 0; i <= most; i++) await say(id, `第${i}句。`)
        expect(await room(person)).toMatchObject({ state: 'closed' })
        await talk(person, '还在吗')
        expect(await room(person)).toMatchObject({ state: 'open', left: most - 1, bot: bot - 1 })
      })

      test('When the window is over, then nothing is sent into it, and the desk sees why', async () => {
        const person = await network.someone()
        const id = await talk(person, '在吗')
        const before = await person.reads()
        house.clock.move(ms)
        expect(await room(person)).toMatchObject({ state: 'closed' })
        await say(id, '两天以后。')
        expect(await transitOf(id, '两天以后。')).toMatchObject({ state: 'undelivered', why: 'closed' })
        expect(await person.reads()).toEqual(before)
      })
    })

    const killed = () => Promise.reject(new Error('killed'))
    const dies = (id: string, text: string) => say(id, text).catch((error: unknown) => error)

    where(has.outside, 'a restart in the middle', () => {
      test('When the process dies with a message stored, then the next one answers it, once', async () => {
        const person = await network.someone()
        // It takes what comes, and looks after nothing any more.
        await own.handle.stop()
        await person.says('老板拖欠工资怎么办')
        expect(await person.reads()).toEqual([])
        await restart()
        await own.settle()
        await until(async () => (await person.reads()).length, 'an answer')
        expect(await times(person, 'AI')).toBe(1)
        const id = await conversationOf(person)
        expect((await rows(id)).filter(({ from }) => from === 'person')).toHaveLength(1)
      })

      where(has.handed, 'on the way out', () => {
        test('When it dies before the network is called, then the next one sends it, once', async () => {
          const person = await network.someone()
          const id = await talk(person, '在吗')
          const { messages } = house.store
          await restart({ messages: { ...messages, depart: killed } })
          await dies(id, '一次就好。')
          expect(await transitOf(id, '一次就好。')).toMatchObject({ state: 'waiting' })
          await restart()
          await own.settle()
          expect(await times(person, '一次就好。')).toBe(1)
          expect(await transitOf(id, '一次就好。')).toEqual(handedOver)
        })

        test('When it dies before it could write that the network took it, then at most that one is doubled, and says so', async () => {
          const person = await network.someone()
          const id = await talk(person, '在吗')
          const { messages } = house.store
          await restart({ messages: { ...messages, arrived: killed } })
          await dies(id, '也许两次。')
          expect(await transitOf(id, '也许两次。')).toMatchObject({ state: 'in-flight' })
          await restart()
          await say(id, '只有一次。')
          expect(await times(person, '也许两次。')).toBe(2)
          expect(await times(person, '只有一次。')).toBe(1)
          expect(await transitOf(id, '也许两次。')).toEqual({ state: 'sent', why: null, doubled: true })
          expect(await transitOf(id, '只有一次。')).toEqual(handedOver)
        })
      })
    })

    describe('hostile input', () => {
      test('When strangers and players of the network send what they can think of, then nothing is kept and it goes on', async () => {
        const person = await network.someone()
        const id = await talk(person, '在吗')
        const before = (await house.store.messages.model.find({}, { _id: 1 }).lean()).length
        const cases = network.hostile(person)
        if (has.outside) expect(cases.length).toBeGreaterThanOrEqual(5)
        for (const { what, send, status } of cases) {
          const answer = await send()
          expect([what, answer.status]).toEqual([what, status])
          expect([what, await answer.text()]).toEqual([
            what,
            expect.not.stringMatching(/stack|node_modules|Error:/),
          ])
        }
        expect((await house.store.messages.model.find({}, { _id: 1 }).lean()).length).toBe(before)
        expect(await talk(person, '还在吗')).toBe(id)
      })

      test('When the words are strange, then they are kept as they are and answered', async () => {
        for (const text of [
          '<b>我</b> & ]]> "引号" \\n',
          '👨‍👩‍👧‍👦🏳️‍🌈 ‮abc',
          '$where: 1; {"$ne":null}',
          'a'.repeat(2_000),
        ]) {
          const person = await network.someone()
          const id = await talk(person, text)
          expect((await rows(id)).find(({ from }) => from === 'person')?.text).toBe(text)
        }
      })
    })
  })
}
