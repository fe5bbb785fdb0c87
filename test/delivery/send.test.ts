import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import type { Taken } from '../../bot/delivery/channel.js'
import { NO_ANSWER, SendFailure } from '../../bot/delivery/failure.js'
import { HOUR, openHouse, type House } from './house.js'

let house: House
beforeAll(async () => {
  house = await openHouse()
}, 60_000)
afterAll(() => house.close())

const fails =
  (...given: ConstructorParameters<typeof SendFailure>) =>
  () =>
    Promise.reject<Taken>(new SendFailure(...given))

describe('what goes out', () => {
  test('When the bot says several bubbles on a network that counts, then they are one message, and its receipt is kept', async () => {
    const net = house.network()
    const person = await house.someone(net)
    await person.say('bot', ['第一句。', { text: '第二句？', buttons: ['是的', '不是'] }])
    expect(await person.send()).toEqual({ changed: true, again: null })
    expect(net.sent.map(({ bubble }) => bubble.text)).toEqual(['第一句。\n\n第二句？\n1 是的\n2 不是'])
    expect(await person.transits()).toEqual([
      { text: '第一句。', state: 'sent', why: null, doubled: false },
      { text: '第二句？', state: 'sent', why: null, doubled: false },
    ])
    expect(await person.send()).toEqual({ changed: false, again: null })
  })

  test('When a human writes, then each message goes by itself and names who writes', async () => {
    const net = house.network()
    const person = await house.someone(net)
    const staff = { id: 'a'.repeat(24), workName: '小林老师' }
    const submit = (text: string) =>
      house.store.messages.submit({
        ...{
          conversation: person.id,
          key: randomBytes(8).toString('hex'),
          from: 'counselor',
          bubble: { text },
        },
        ...{ staff, at: house.clock.now(), expiresAt: new Date(Date.now() + HOUR) },
      })
    await submit('我看过你写的了。')
    await submit('你现在安全吗？')
    const waiting = await house.store.messages.waiting(person.id)
    await house.store.messages.answered(
      waiting.map(({ id }, i) => ({ messageId: id, number: i + 1, outward: true })),
      true,
    )
    await person.send()
    expect(net.sent.map(({ bubble }) => bubble.text)).toEqual([
      '小林老师：我看过你写的了。',
      '小林老师：你现在安全吗？',
    ])
    expect(await person.facts()).toMatchObject({ sentSince: 2, botSince: 0 })
  })

  test('When the words are too long for one message, then they are cut at sentence borders, and none is lost', async () => {
    const net = house.network({
      capabilities: { maxText: 30, buttons: 0, cards: false },
      allowance: undefined,
    })
    const person = await house.someone(net)
    const text = '一二三四五六七八九十，一二三四五。六七八九十一二三四五六七八九。最后一句话在这里。'
    await person.say('bot', [text])
    await person.send()
    expect(net.sent.map(({ bubble }) => bubble.text)).toEqual([
      '一二三四五六七八九十，一二三四五。',
      '六七八九十一二三四五六七八九。最后一句话在这里。',
    ])
    expect(new Set(net.sent.map(({ key }) => key)).size).toBe(2)
  })
})

describe('windows and quotas', () => {
  test('When the machine has used its two, then three are left for the human, and what it says more waits for the person', async () => {
    const net = house.network()
    const person = await house.someone(net)
    for (const text of ['一', '二', '三']) {
      await person.say('bot', [text])
      await person.send()
    }
    expect(net.sent.map(({ bubble }) => bubble.text)).toEqual(['一', '二'])
    expect((await person.transits()).at(-1)).toEqual({
      text: '三',
      state: 'waiting',
      why: null,
      doubled: false,
    })
    for (const text of ['甲', '乙', '丙', '丁']) await person.say('counselor', [text])
    await person.send()
    // What waited goes out in front of the human's first words, and costs nothing.
    expect(net.sent.map(({ bubble }) => bubble.text)).toEqual(['一', '二', '三\n\n甲', '乙', '丙'])
    expect((await person.transits()).at(-1)).toMatchObject({
      text: '丁',
      state: 'undelivered',
      why: 'closed',
    })
    house.pass(1_000)
    await person.writes()
    await person.say('bot', ['四'])
    await person.send()
    expect(net.sent.at(-1)?.bubble.text).toBe('四')
  })

  test('When the window is over, then a human’s words are left for the desk to see, and the machine’s wait', async () => {
    const net = house.network()
    const person = await house.someone(net)
    house.pass(48 * HOUR)
    await person.say('system', ['老师先离开了。'])
    await person.say('counselor', ['你还好吗？'])
    await person.send()
    expect(net.sent).toEqual([])
    expect(await person.transits()).toEqual([
      { text: '老师先离开了。', state: 'waiting', why: null, doubled: false },
      { text: '你还好吗？', state: 'undelivered', why: 'closed', doubled: false },
    ])
    await person.writes()
    await person.say('bot', ['欢迎回来。'])
    await person.send()
    expect(net.sent.map(({ bubble }) => bubble.text)).toEqual(['老师先离开了。\n\n欢迎回来。'])
  })

  test('When somebody has only pressed the menu, then three go out within the minute, and none after it', async () => {
    const net = house.network()
    const person = await house.someone(net)
    house.pass(49 * HOUR)
    await person.does('menu')
    for (const text of ['一', '二', '三', '四']) await person.say('counselor', [text])
    await person.send()
    expect(net.sent).toHaveLength(3)
    await person.does('scan')
    house.pass(60_000)
    await person.say('counselor', ['五'])
    await person.send()
    expect(net.sent).toHaveLength(3)
  })

  test('When the network says that the window is used up though we counted less, then we believe the network', async () => {
    const net = house.network()
    const person = await house.someone(net)
    net.next.push(fails('closed', undefined, '45047'))
    await person.say('bot', ['一'])
    expect(await person.send()).toEqual({ changed: false, again: null })
    await person.say('counselor', ['二'])
    await person.send()
    expect(net.sent).toHaveLength(1)
    house.pass(1_000)
    await person.writes()
    expect(await person.facts()).toMatchObject({ sentSince: 0, botSince: 0 })
    await person.send()
    expect(net.sent.map(({ bubble }) => bubble.text)).toEqual(['一', '一'])
  })

  test('When an answer is longer than what the machine may send, then the articles’ words are left out before its own', async () => {
    const net = house.network({ capabilities: { maxText: 60, buttons: 0, cards: false, joins: true } })
    const person = await house.someone(net)
    const card = { law: '未成年人保护法', article: '第三十九条', plain: '学校要管欺凌。'.repeat(8), since: '2021-06-01', version: '2024-04-26' } // prettier-ignore
    await person.say('bot', [
      { text: '你没有错。'.repeat(10), citations: [card] },
      { text: '现在安全吗？', buttons: ['安全', '不安全'] },
    ])
    await person.send()
    const said = net.sent.map(({ bubble }) => bubble.text).join('')
    expect(net.sent).toHaveLength(2)
    expect(said).toContain('《未成年人保护法》第三十九条')
    expect(said).not.toContain('学校要管欺凌')
    expect(said).toContain('1 安全')
  })
})

describe('failures', () => {
  test('When a try fails for now, then the next comes later each time, in order, and counts once', async () => {
    const net = house.network()
    const person = await house.someone(net)
    await person.say('counselor', ['一'])
    await person.say('counselor', ['二'])
    const waits: (number | null)[] = []
    for (let i = 0; i < 4; i++) net.next.push(fails('temporary', undefined, '503'))
    for (let i = 0; i < 4; i++) {
      const { again } = await person.send()
      waits.push(again)
      house.pass(again ?? 0)
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000])
    await person.send()
    expect(net.sent.slice(-2).map(({ bubble }) => bubble.text)).toEqual(['一', '二'])
    expect(await person.facts()).toMatchObject({ sentSince: 2 })
    expect(await person.transits()).toMatchObject([
      { state: 'sent', doubled: false },
      { state: 'sent', doubled: false },
    ])
  })

  test('When the network asks for patience, then nothing is sent before it is over', async () => {
    const net = house.network()
    const person = await house.someone(net)
    net.next.push(fails('limited', 42_000, '429'))
    await person.say('bot', ['一'])
    expect(await person.send()).toEqual({ changed: true, again: 42_000 })
    house.pass(41_000)
    expect(await person.send()).toEqual({ changed: false, again: 1_000 })
    expect(net.sent).toHaveLength(1)
    house.pass(1_000)
    expect(await person.send()).toEqual({ changed: true, again: null })
    expect(net.sent).toHaveLength(2)
  })

  test('When the network never says whether it took a message, then it goes out again and says that it may have come twice', async () => {
    const net = house.network()
    const person = await house.someone(net)
    net.next.push(fails('temporary', undefined, NO_ANSWER), () =>
      Promise.reject(new Error('a fault of ours')),
    )
    await person.say('bot', ['一'])
    house.pass((await person.send()).again ?? 0)
    house.pass((await person.send()).again ?? 0)
    await person.send()
    expect(net.sent).toHaveLength(3)
    expect(await person.transits()).toEqual([{ text: '一', state: 'sent', why: null, doubled: true }])
    // Sent once as far as we know: it may not eat what is left for the human.
    expect(await person.facts()).toMatchObject({ sentSince: 1, botSince: 1 })
  })

  test('When somebody has blocked us, then their subscriptions end, and nothing more is tried until they write', async () => {
    const net = house.network({ allowance: undefined })
    const person = await house.someone(net)
    const reach = { channel: net.name, address: person.address }
    const consent = { topic: 'sub.drugs', wording: '1', parent: false }
    await house.people.subscribe({ ...reach, ...consent, key: 'k', at: house.clock.now() })
    net.next.push(fails('gone', undefined, '403'))
    await person.say('bot', ['一'])
    await person.say('bot', ['二'])
    await person.send()
    expect(net.sent).toHaveLength(1)
    expect(await house.people.subscribed(net.name, person.address)).toEqual([])
    expect(await person.transits()).toMatchObject([
      { state: 'undelivered', why: 'gone' },
      { state: 'undelivered', why: 'gone' },
    ])
    house.pass(1)
    await person.writes()
    await person.say('bot', ['三'])
    await person.send()
    expect(net.sent.at(-1)?.bubble.text).toBe('三')
  })

  test('When a message can never be sent, then the desk sees it, and the next one goes out', async () => {
    const net = house.network()
    const person = await house.someone(net)
    net.next.push(fails('refused', undefined, '400'))
    await person.say('counselor', ['一'])
    await person.say('counselor', ['二'])
    await person.send()
    expect(await person.transits()).toMatchObject([
      { state: 'undelivered', why: 'refused' },
      { state: 'sent' },
    ])
  })

  test('When nothing went out for a day, then it is given up, and the desk sees it', async () => {
    const net = house.network()
    const person = await house.someone(net)
    net.next.push(fails('temporary'))
    await person.say('bot', ['一'])
    await person.send()
    house.pass(25 * HOUR)
    await person.send()
    expect(net.sent).toHaveLength(1)
    expect(await person.transits()).toMatchObject([{ state: 'undelivered', why: 'late' }])
  })
})

describe('a process that dies', () => {
  test('When it dies while the network is called, then the next sends that piece again, marks it, and no other', async () => {
    const net = house.network({ capabilities: { maxText: 20, buttons: 0, cards: false } })
    const person = await house.someone(net)
    await person.say('counselor', ['第一句话比较长一些。第二句话也长一些。第三句话也是这样。'])
    await person.say('counselor', ['后来的话。'])
    // The second call never comes back: as far as the store knows, the process is gone.
    let free: () => void = () => undefined
    net.next.push(
      () => Promise.resolve(),
      () => new Promise<Taken>((fulfil) => (free = () => fulfil())),
    )
    let dead = false
    const first = person.send({ keepLease: () => Promise.resolve(!dead) })
    while (net.sent.length < 2) await new Promise((fulfil) => setTimeout(fulfil, 5))
    dead = true
    expect((await person.transits())[0]).toMatchObject({ state: 'in-flight' })
    await person.send()
    free()
    await first
    expect(net.sent.map(({ key }) => key.replace(/^[^/]*/, ''))).toEqual(['', '/1', '/1', ''])
    expect((await person.transits()).map(({ doubled }) => doubled)).toEqual([true, false])
  })

  test('When another process has taken the conversation over, then nothing more is handed out', async () => {
    const net = house.network()
    const person = await house.someone(net)
    await person.say('counselor', ['一'])
    await person.say('counselor', ['二'])
    let kept = 0
    await person.send({ keepLease: () => Promise.resolve(kept++ === 0) })
    expect(net.sent).toHaveLength(1)
    expect((await person.transits())[1]).toMatchObject({ state: 'waiting' })
  })
})

test('When somebody writes while their answers go out, then what they write is read before the rest goes', async () => {
  const net = house.network()
  const person = await house.someone(net)
  await person.say('counselor', ['一'])
  await person.say('counselor', ['二'])
  expect(await person.send({ isWanted: () => net.sent.length > 0 })).toEqual({ changed: true, again: 0 })
  expect(net.sent).toHaveLength(1)
  await person.send()
  expect(net.sent).toHaveLength(2)
})

describe('warnings', () => {
  const warn = async (person: Awaited<ReturnType<House['someone']>>) => {
    const row = randomBytes(12).toString('hex')
    await person.say('system', ['【毒品】小心。'], `push:${row}`)
  }
  test('When the window is open, then a warning is a message of the machine; when it is over, a template carries it', async () => {
    const noticed: string[] = []
    const net = house.network({
      notify: ({ template, bubble }) => {
        noticed.push(`${template}: ${bubble.text}`)
        return Promise.resolve({ receipt: 'n' })
      },
    })
    const person = await house.someone(net)
    const template = () => Promise.resolve('T1')
    await warn(person)
    await person.send({ template })
    expect(net.sent).toHaveLength(1)
    expect(await person.facts()).toMatchObject({ botSince: 1 })
    house.pass(49 * HOUR)
    await warn(person)
    await person.send({ template })
    expect(noticed).toEqual(['T1: 【毒品】小心。'])
    expect((await person.transits()).map(({ state }) => state)).toEqual(['sent', 'sent'])
    await warn(person)
    await person.send()
    expect((await person.transits()).at(-1)).toMatchObject({ state: 'undelivered', why: 'closed' })
  })
})
