import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { createInbox } from '../../bot/conversation/inbox.js'
import type { Knowledge } from '../../bot/conversation/receive.js'
import type { Channel } from '../../bot/delivery/channel.js'
import { windowed } from '../../bot/delivery/windows.js'
import { checkMayRead } from '../../bot/desk/access.js'
import { createDesk } from '../../bot/desk/desk.js'
import { overdue } from '../../bot/desk/overdue.js'
import { conversationView } from '../../bot/desk/view.js'
import { createLog } from '../../bot/log.js'
import type { Store } from '../../bot/store/store.js'
import { realKnowledge } from '../brain.js'
import { until } from '../until.js'
import { deskProcess, memoryStore, movedClock, type DeskProcess, type MovedClock } from './house.js'

let knowledge: Knowledge
let store: Store
let clock: MovedClock
let one: DeskProcess
let other: DeskProcess

beforeAll(async () => {
  ;[knowledge, store] = await Promise.all([realKnowledge(), memoryStore()])
  clock = movedClock()
  one = deskProcess(store, knowledge, clock)
  other = deskProcess(store, knowledge, clock)
}, 120_000)

afterAll(async () => {
  await one.handle.stop()
  await other.handle.stop()
  await store.close()
})

const lin = { id: '0'.repeat(24), workName: '小林老师' }
const wang = { id: '1'.repeat(24), workName: '小王老师' }
const HELPED = { outcome: 'helped', topic: null, level: 'none' } as const

const said = (id: string) => store.messages.all(id, 500)
const lastFrom = (id: string, from: string, after = 0) =>
  until(
    async () => (await said(id)).find((row) => row.from === from && row.number > after),
    `a ${from} message`,
  )
const escalated = (id: string) => until(() => store.escalations.openOf(id), 'an escalation')

/** Somebody who wrote that they do not want to live, and waits for a human. */
async function inDistress(process = one) {
  const address = randomUUID()
  const id = await process.hear(address, '我不想活了')
  const escalation = await escalated(id)
  await lastFrom(id, 'bot')
  return { address, id, escalation }
}

describe('claiming', () => {
  test('When two claim at the same moment from two processes, then one wins and the other is told who', async () => {
    const waiting = await Promise.all(Array.from({ length: 12 }, () => inDistress()))
    for (const { escalation } of waiting) {
      const [a, b] = await Promise.allSettled([
        one.desk.claim(escalation.id, lin),
        other.desk.claim(escalation.id, wang),
      ])
      const refused = [a, b].filter((result) => result.status === 'rejected')
      expect(refused).toHaveLength(1)
      const winner = a.status === 'fulfilled' ? lin : wang
      expect(refused[0]?.reason).toMatchObject({
        code: 'desk.claimed',
        detail: { tell: { by: winner.workName } },
      })
      const now = await store.conversations.read(escalation.conversation)
      expect(now).toMatchObject({ owner: 'human', staff: winner })
    }
  })

  test('When it is claimed, then the person is told who speaks, and the bot is silent', async () => {
    const { address, id, escalation } = await inDistress()
    await one.desk.claim(escalation.id, lin)
    const system = await until(
      async () => (await said(id)).find(({ text, number }) => text.includes('由真人小林老师') && number > 0),
      'the change of speaker',
    )
    await other.hear(address, '你好，有人吗')
    const heard = await until(
      async () => (await said(id)).find(({ text, number }) => text === '你好，有人吗' && number > 0),
      'the number of what was heard',
    )
    expect(heard.number).toBe(system.number + 1)
    await one.handle.handle(id)
    expect((await said(id)).at(-1)?.text).toBe('你好，有人吗')
  })

  test('When the same person claims twice, then it is one claim', async () => {
    const { id, escalation } = await inDistress()
    await one.desk.claim(escalation.id, lin)
    await other.desk.claim(escalation.id, lin)
    await one.handle.handle(id)
    expect((await said(id)).filter(({ text }) => text.includes('由真人'))).toHaveLength(1)
  })

  test('When a claim meets a reply of the bot in flight, then nothing of the bot comes after the claim', async () => {
    // Small in the suite; QINGAN_INTERLEAVINGS=1000 for the whole trial.
    const rounds = Number(process.env.QINGAN_INTERLEAVINGS ?? 40)
    for (let round = 0; round < rounds; round++) {
      const address = randomUUID()
      const { escalation, id } = await (async () => {
        const made = await one.hear(address, '我不想活了')
        return { id: made, escalation: await escalated(made) }
      })()
      await one.hear(address, '被同学打了怎么办')
      // Somewhere between hearing, deciding, recording and sending.
      if (round % 4) await new Promise((fulfil) => setTimeout(fulfil, round % 23))
      await (round % 2 ? one : other).desk.claim(escalation.id, lin)
      const claimedAt = await store.conversations.read(id)
      await other.hear(address, '还在吗')
      await until(
        async () => (await said(id)).every(({ number }) => number > 0) && (await said(id)).length,
        'every number',
      )
      const late = (await said(id)).filter(
        ({ from, number }) => from === 'bot' && number > (claimedAt?.number ?? 0),
      )
      expect(late).toEqual([])
    }
  }, 120_000)
})

describe('talking', () => {
  test('When the counselor writes, then the person reads the name and the words once, in order', async () => {
    const { address, id, escalation } = await inDistress()
    await one.desk.claim(escalation.id, lin)
    const key = randomUUID()
    await one.desk.reply(id, lin, { key, text: '我是小林老师，是真人。' })
    await other.desk.reply(id, lin, { key, text: '我是小林老师，是真人。' })
    await other.hear(address, '老师好')
    await lastFrom(id, 'counselor')
    const theirs = (await store.messages.after(id, 0, 100)).filter(({ from }) => from === 'counselor')
    expect(theirs).toMatchObject([{ text: '我是小林老师，是真人。', name: '小林老师' }])
    const numbers = (await said(id)).map(({ number }) => number).filter(Boolean)
    expect(new Set(numbers).size).toBe(numbers.length)
  })

  test('When somebody else than the owner writes, then it is refused and nothing is sent', async () => {
    const { id, escalation } = await inDistress()
    await expect(one.desk.reply(id, lin, { key: randomUUID(), text: '在' })).rejects.toThrow('desk.not-yours')
    await one.desk.claim(escalation.id, lin)
    await expect(one.desk.reply(id, wang, { key: randomUUID(), text: '在' })).rejects.toThrow(
      'desk.not-yours',
    )
    expect((await said(id)).filter(({ from }) => from === 'counselor')).toEqual([])
  })

  test('When danger rises under a human, then it is marked until that human writes', async () => {
    const { address, id, escalation } = await inDistress()
    await one.desk.claim(escalation.id, lin)
    clock.move(1_000)
    await other.hear(address, '我已经吃了一整瓶药')
    const risen = await until(async () => {
      const found = await store.escalations.find(escalation.id)
      return found?.risen ? found : null
    }, 'the rise')
    expect(risen).toMatchObject({ grade: 'attempt', state: 'claimed' })
    await one.desk.reply(id, lin, { key: randomUUID(), text: '你现在在哪里？' })
    expect(await store.escalations.find(escalation.id)).toMatchObject({ risen: false, state: 'claimed' })
  })

  test('When the desk reads, then what was read as danger is marked in the words', async () => {
    const { id } = await inDistress()
    const view = await conversationView(one.parts, (text) => knowledge.brain.assess(text), id)
    const cry = view.messages.find(({ from }) => from === 'person')
    expect(cry).toMatchObject({ level: 'urgent' })
    const [span] = cry?.evidence ?? []
    expect(cry?.text.slice(span?.start, span?.end)).toContain('不想活')
  })
})

describe('giving back', () => {
  test('When it is resolved, then the bot says so, answers again, and the risk is what the human left', async () => {
    const { address, id, escalation } = await inDistress()
    await one.desk.claim(escalation.id, lin)
    await one.desk.resolve(escalation.id, lin, HELPED)
    const back = await until(
      async () =>
        (await said(id)).find(({ text, number }) => text.includes('又是 AI 在回答你') && number > 0),
      'the bot to say that it is back',
    )
    expect(await store.conversations.read(id)).toMatchObject({ owner: 'bot', level: 'none', staff: null })
    expect(await store.escalations.find(escalation.id)).toMatchObject({
      state: 'resolved',
      outcome: 'helped',
      due: null,
    })
    await other.hear(address, '被同学打了能报警吗')
    await lastFrom(id, 'bot', back.number)
  })

  test('When a new cry comes while it is being resolved, then it opens anew and the risk stays up', async () => {
    for (let round = 0; round < 8; round++) {
      const { address, id, escalation } = await inDistress()
      await one.desk.claim(escalation.id, lin)
      await Promise.all([
        one.desk.resolve(escalation.id, lin, HELPED),
        (async () => {
          await new Promise((fulfil) => setTimeout(fulfil, round))
          await other.hear(address, '我已经站在楼顶了，不想活了')
        })(),
      ])
      await until(async () => (await said(id)).every(({ number }) => number > 0), 'every number')
      const again = await until(() => store.escalations.openOf(id), 'a new escalation').catch(() => null)
      const now = await store.conversations.read(id)
      // Heard before the decision: the human knew it. After it: it stands open, and the floor with it.
      const heard = (await said(id)).find(({ text }) => text.startsWith('我已经站在'))
      const resolved = (await said(id)).find(({ text }) => text.includes('又是 AI 在回答你'))
      if ((heard?.number ?? 0) > (resolved?.number ?? 0)) {
        expect(again).toMatchObject({ state: 'waiting' })
        expect(now?.level).toBe('urgent')
      }
    }
  }, 300_000)

  test('When the process dies as it gives back, then no answer of the bot comes before its word that it is back', async () => {
    for (const due of ['resolve', 'release'] as const) {
      const { address, id, escalation } = await inDistress()
      await one.desk.claim(escalation.id, lin)
      await until(async () => (await said(id)).every(({ number }) => number > 0), 'every number')
      const dead = () => Promise.reject(new Error('died'))
      const dying = createDesk({
        ...one.parts,
        store: {
          ...store,
          messages: { ...store.messages, submit: dead },
          escalations: { ...store.escalations, settled: dead },
        },
      })
      const decided =
        due === 'resolve'
          ? dying.resolve(escalation.id, lin, HELPED)
          : dying.release(escalation.id, lin, false)
      await expect(decided).rejects.toThrow('died')
      await other.hear(address, '被同学打了能报警吗')
      const answer = await until(
        async () => (await said(id)).findLast(({ from, number }) => from === 'bot' && number > 5),
        'an answer of the bot',
      )
      await other.desk.settle()
      await until(async () => (await said(id)).every(({ number }) => number > 0), 'every number')
      const back = (await said(id)).filter(({ text }) => text.includes('又是 AI 在回答你'))
      expect(back).toHaveLength(1)
      expect(back[0]?.number).toBeLessThan(answer.number)
    }
  })

  test('When words still wait for their number, then they come before the word that the bot is back', async () => {
    const { id, escalation } = await inDistress()
    const slow = createDesk({ ...one.parts, wake: () => undefined })
    await slow.claim(escalation.id, lin)
    await slow.reply(id, lin, { key: randomUUID(), text: '我是小林老师。' })
    await one.desk.resolve(escalation.id, lin, HELPED)
    await until(async () => (await said(id)).every(({ number }) => number > 0), 'every number')
    const texts = (await said(id)).map(({ text }) => text)
    const places = ['由真人小林老师', '我是小林老师。', '又是 AI 在回答你'].map((words) =>
      texts.findIndex((text) => text.includes(words)),
    )
    expect(places.every((place) => place >= 0)).toBe(true)
    expect(places).toEqual([...places].sort((a, b) => a - b))
  })

  test('When one decision cannot be carried out, then the others are all the same', async () => {
    const [stuck, fine] = [await inDistress(), await inDistress()]
    for (const { id, escalation } of [stuck, fine])
      await store.escalations.claim(
        escalation.id,
        (await store.conversations.nextMove(id)) as number,
        lin,
        clock.now(),
      )
    const giveToHuman: typeof store.conversations.giveToHuman = (id, ...rest) =>
      id === stuck.id ? Promise.reject(new Error('broken')) : store.conversations.giveToHuman(id, ...rest)
    const broken = { ...store, conversations: { ...store.conversations, giveToHuman } }
    const quiet = createLog('silent')
    await createDesk({ ...one.parts, log: quiet, store: broken }).settle()
    expect(await store.conversations.read(fine.id)).toMatchObject({ owner: 'human' })
    await other.desk.settle()
    expect(await store.conversations.read(stuck.id)).toMatchObject({ owner: 'human' })
  })

  test('When the words were erased meanwhile, then the desk is told and nobody waits any more', async () => {
    const { id, escalation } = await inDistress()
    await store.conversations.remove(id)
    await expect(one.desk.claim(escalation.id, lin)).rejects.toThrow('desk.gone')
    expect(await store.escalations.find(escalation.id)).toMatchObject({ state: 'resolved', outcome: 'left' })
  })

  test('When it is given back to the queue, then it waits again and another may claim it', async () => {
    const { id, escalation } = await inDistress()
    await one.desk.claim(escalation.id, lin)
    await expect(one.desk.release(escalation.id, wang, false)).rejects.toThrow('desk.claimed')
    expect(await one.desk.release(escalation.id, wang, true)).toMatchObject({
      state: 'waiting',
      claimedBy: null,
    })
    expect(await store.conversations.read(id)).toMatchObject({ owner: 'bot', level: 'urgent' })
    expect(await other.desk.claim(escalation.id, wang)).toMatchObject({ state: 'claimed', claimedBy: wang })
    expect(await store.conversations.read(id)).toMatchObject({ owner: 'human', staff: wang })
  })

  test('When the process dies after a decision was written, then another carries it out', async () => {
    for (const [due, what] of [
      ['claim', 'human'],
      ['release', 'bot'],
      ['resolve', 'bot'],
    ] as const) {
      const { id, escalation } = await inDistress()
      const move = async () => (await store.conversations.nextMove(id)) as number
      if (due !== 'claim') await one.desk.claim(escalation.id, lin)
      if (due === 'claim') await store.escalations.claim(escalation.id, await move(), lin, clock.now())
      if (due === 'release') await store.escalations.release(escalation.id, await move(), lin.id, clock.now())
      if (due === 'resolve')
        await store.escalations.resolve(escalation.id, await move(), lin.id, HELPED, clock.now())
      expect(await other.desk.settle()).toBe(1)
      expect(await store.conversations.read(id)).toMatchObject({ owner: what })
      expect(await other.desk.settle()).toBe(0)
    }
  })
})

describe('waiting too long', () => {
  test('When nobody claims for five minutes, then the person is told once, with the lines that answer now', async () => {
    const { id, escalation } = await inDistress()
    expect(await overdue(one.parts)).toBeGreaterThanOrEqual(0)
    clock.move(5 * 60_000 + 1_000)
    await overdue(one.parts)
    await overdue(other.parts)
    const told = await until(
      async () => (await said(id)).filter(({ text, number }) => text.includes('五分钟') && number > 0),
      'what the person is told',
    )
    expect(told).toHaveLength(1)
    expect(told[0]?.text).toContain('没有真人在线')
    expect(told[0]?.lines?.map(({ number }) => number)).toEqual(expect.arrayContaining(['110', '120']))
    expect((await store.escalations.find(escalation.id))?.overdueAt).not.toBeNull()
  })

  test('When danger rose and the counselor is silent for a minute, then a card shows the lines and others are paged', async () => {
    const { address, id, escalation } = await inDistress()
    await one.desk.claim(escalation.id, lin)
    clock.move(1_000)
    await one.hear(address, '我在楼顶，不想活了')
    await until(async () => (await store.escalations.find(escalation.id))?.risen, 'the rise')
    clock.move(61_000)
    await overdue(one.parts)
    const card = await until(
      async () => (await said(id)).find(({ text, number }) => text.includes('还没有人回') && number > 0),
      'the card',
    )
    expect(card.from).toBe('system')
    expect((await store.escalations.find(escalation.id))?.overdueAt).not.toBeNull()
  })
})

describe('left alone by a human', () => {
  /** A counselor has the talk, and the person has written on. */
  async function claimedAndWritingOn() {
    const { address, id, escalation } = await inDistress()
    await one.desk.claim(escalation.id, lin)
    await other.hear(address, '老师你在吗')
    await until(
      async () => (await store.escalations.find(escalation.id))?.unansweredSince,
      'that it was heard',
    )
    return { id, escalation }
  }

  test('When a counselor has gone and the person writes, then after five minutes a card shows the lines and others are paged', async () => {
    const { id, escalation } = await claimedAndWritingOn()
    clock.move(4 * 60_000)
    await overdue(one.parts)
    expect((await store.escalations.find(escalation.id))?.overdueAt).toBeNull()
    clock.move(61_000)
    await Promise.all([overdue(one.parts), overdue(other.parts)])
    await overdue(one.parts)
    await until(async () => (await said(id)).every(({ number }) => number > 0), 'every number')
    const cards = (await said(id)).filter(({ text }) => text.includes('还没有人回'))
    expect(cards).toHaveLength(1)
    expect(cards[0]?.lines?.map(({ number }) => number)).toEqual(expect.arrayContaining(['110', '120']))
    expect((await store.escalations.find(escalation.id))?.overdueAt).not.toBeNull()
    await one.desk.reply(id, lin, { key: randomUUID(), text: '对不起，我回来了。' })
    expect(await store.escalations.find(escalation.id)).toMatchObject({
      overdueAt: null,
      unansweredSince: null,
    })
  })

  test('When the counselor has answered, then no card comes', async () => {
    const { id } = await claimedAndWritingOn()
    await one.desk.reply(id, lin, { key: randomUUID(), text: '在。' })
    clock.move(6 * 60_000)
    await overdue(one.parts)
    expect((await said(id)).some(({ text }) => text.includes('还没有人回'))).toBe(false)
  })
})

describe('who may read', () => {
  test('When it waits, then every counselor may; when it is claimed, then its owner and supervisors', async () => {
    const { id, escalation } = await inDistress()
    const may = (staff: { id: string }, role: 'counselor' | 'supervisor' | 'editor') =>
      checkMayRead(store, { id: staff.id, roles: [role] }, id)
    await may(wang, 'counselor')
    await expect(may(wang, 'editor')).rejects.toThrow('staff.forbidden')
    await one.desk.claim(escalation.id, lin)
    await may(lin, 'counselor')
    await may(wang, 'supervisor')
    await expect(may(wang, 'counselor')).rejects.toThrow('staff.forbidden')
    await expect(checkMayRead(store, { id: wang.id, roles: ['supervisor'] }, '0'.repeat(24))).rejects.toThrow(
      'record.unknown',
    )
  })
})

describe('what may still be sent', () => {
  /** A network that counts, and somebody on it who waits for a human. */
  async function onNetwork() {
    const name = `net-${randomUUID()}`
    const sent: string[] = []
    const channel: Channel = {
      name,
      fetches: false,
      capabilities: { maxText: 100, buttons: 0, cards: false, joins: true },
      allowance: windowed({ message: { ms: 48 * 3_600_000, most: 5, bot: 2 } }),
      send: ({ bubble }) => Promise.resolve(void sent.push(bubble.text)),
    }
    one.around.channels.set(name, channel)
    const inbox = createInbox(one.around, one.handle)
    const address = randomUUID()
    const says = (text: string) => inbox.accept({ channel: name, address, key: randomUUID(), text })
    const { conversation } = await says('我不想活了')
    const escalation = await escalated(conversation)
    await until(() => sent.length > 0, 'the answer')
    await one.desk.claim(escalation.id, lin)
    const room = async () => (await conversationView(one.parts, assess, conversation)).room
    const reply = (text: string, key: string = randomUUID()) =>
      one.desk.reply(conversation, lin, { key, text })
    await until(async () => (await room())?.left === 3, 'the word of the claim to be sent')
    return { conversation, address, name, sent, says, room, reply }
  }
  const assess = () => ({ level: 'none' as const, evidence: [] })

  test('When a human takes over, then three messages are left, and that is known before a word is typed', async () => {
    const { room, reply, sent, conversation } = await onNetwork()
    expect(await room()).toMatchObject({ state: 'open', left: 3, maxText: 100 })
    await reply('我是小林，我看过你写的了。')
    await reply('你现在安全吗？')
    // Also what is on its way counts.
    expect(await room()).toMatchObject({ state: 'open', left: 1 })
    await expect(reply('很长的话。'.repeat(40))).rejects.toMatchObject({ code: 'desk.window-short' })
    await reply('我在这里。')
    expect(await room()).toMatchObject({ state: 'closed', left: 0 })
    await expect(reply('再说一句')).rejects.toMatchObject({ code: 'desk.window-closed' })
    await until(() => sent.includes('小林老师：我在这里。'), 'the last message')
    const rows = (await said(conversation)).filter(({ from }) => from === 'counselor')
    expect(rows.map(({ transit }) => transit?.state)).toEqual(['sent', 'sent', 'sent'])
  })

  test('When the same reply is sent again after the last one was used, then it is taken as done', async () => {
    const { room, reply } = await onNetwork()
    const key = randomUUID()
    await reply('一', key)
    await reply('二')
    await reply('三')
    expect(await room()).toMatchObject({ state: 'closed' })
    await reply('一', key)
  })

  test('When the person writes again, then there is room again; when they leave, then there is none', async () => {
    const { room, reply, says, sent, name, address } = await onNetwork()
    for (const text of ['一', '二', '三']) await reply(text)
    await until(() => sent.includes('小林老师：三'), 'all of them to be sent')
    await says('嗯')
    expect(await room()).toMatchObject({ state: 'open', left: 5 })
    await store.recipients.lost(name, address)
    expect(await room()).toMatchObject({ state: 'gone', left: 0 })
    await expect(reply('你还在吗')).rejects.toMatchObject({ code: 'desk.person-gone' })
    one.around.channels.delete(name)
    expect(await room()).toMatchObject({ state: 'off' })
    await expect(reply('你还在吗')).rejects.toMatchObject({ code: 'desk.channel-off' })
  })

  test('When they write in the browser, then nothing is counted', async () => {
    const { id } = await inDistress()
    expect((await conversationView(one.parts, assess, id)).room).toBeNull()
  })
})
