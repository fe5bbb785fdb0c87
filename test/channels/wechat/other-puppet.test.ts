import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { once, type EventEmitter } from 'node:events'
import { types } from 'wechaty-puppet'
import { mock, PuppetMock } from 'wechaty-puppet-mock'
import { wechatyChannel } from '../../../bot/channels/wechat/other-puppet.js'
import { createInbox, type Inbox } from '../../../bot/conversation/inbox.js'
import type { Handle } from '../../../bot/conversation/handle.js'
import type { Surroundings } from '../../../bot/conversation/surroundings.js'
import { NO_ANSWER } from '../../../bot/delivery/failure.js'
import type { Adapter } from '../../../bot/delivery/channel.js'
import { systemClock } from '../../../bot/clock.js'
import { createLog } from '../../../bot/log.js'
import type { Store } from '../../../bot/store/store.js'
import { memoryStore } from '../../desk/house.js'
import { until } from '../../until.js'
import { outgoing } from './house.js'

let store: Store
let inbox: Inbox
let adapter: Adapter
const mocker = new mock.Mocker()
const puppet = new PuppetMock({ mocker })
const parts = () => ({ inbox, clock: systemClock(), log: createLog('silent'), leases: store.leases })

beforeAll(async () => {
  store = await memoryStore()
  const around = {
    store,
    clock: systemClock(),
    log: createLog('silent'),
    channels: new Map(),
    retentionDays: 30,
  }
  inbox = createInbox(
    around as unknown as Surroundings,
    { background: () => undefined, storing: () => undefined } as unknown as Handle,
  )
  adapter = wechatyChannel({ ...parts(), puppet })
  await adapter.start()
})
afterAll(async () => {
  await adapter.stop()
  await store.close()
})

const waiting = async (address: string) => {
  const conversation = await inbox.find('wechaty', address)
  return conversation ? store.messages.waiting(conversation) : []
}

describe('a wechaty puppet of somebody else', () => {
  test('When nobody has logged in, then it says so, and a reply waits', async () => {
    expect(await adapter.status()).toMatchObject({
      on: true,
      state: 'dead',
      why: expect.stringContaining('登录'),
    })
    await expect(adapter.channel.send(outgoing('x', '好'))).rejects.toMatchObject({ kind: 'temporary' })
    mocker.login(mocker.createContact({ name: 'bot' }))
    expect(
      await until(async () => ((await adapter.status()).state === 'ok' ? true : null), 'the login'),
    ).toBe(true)
  })

  test('When somebody writes, then it is stored, and a reply arrives there', async () => {
    const person = mocker.createContact({ type: types.Contact.Individual })
    const self = mocker.ContactMock.load(puppet.currentUserId)
    person.say('同学打我').to(self)
    await until(async () => ((await waiting(person.id)).length ? true : null), 'the message')
    expect((await waiting(person.id)).map(({ text }) => text)).toEqual(['同学打我'])
    const heard = once(person as unknown as EventEmitter, 'message')
    await adapter.channel.send(outgoing(person.id, '我在听。'))
    const [message] = (await heard) as [{ text(): string }]
    expect(message.text()).toBe('我在听。')
  })

  test('When hundreds of messages come at once, then all are stored, and each once', async () => {
    const self = mocker.ContactMock.load(puppet.currentUserId)
    const people = Array.from({ length: 30 }, () => mocker.createContact({ type: types.Contact.Individual }))
    const before = await store.messages.model.countDocuments()
    for (let i = 0; i < 300; i++) people[i % 30]?.say(`第${i}句`).to(self)
    await until(async () => (await store.messages.model.countDocuments()) - before >= 300, 'the messages')
    const texts = (await Promise.all(people.map(({ id }) => waiting(id)))).flat().map(({ text }) => text)
    expect(new Set(texts).size).toBe(300)
    expect(texts).toHaveLength(300)
  })

  test('When a group or an account that is no person writes, then it is not ours to answer', async () => {
    const self = mocker.ContactMock.load(puppet.currentUserId)
    const shop = mocker.createContact({ type: types.Contact.Official })
    const person = mocker.createContact({ type: types.Contact.Individual })
    const room = mocker.createRoom({ memberIdList: [person.id, self.id] })
    person.say('大家好').to(room)
    shop.say('买一送一').to(self)
    person.say('在吗').to(self)
    await until(async () => ((await waiting(person.id)).length ? true : null), 'the message')
    expect((await waiting(person.id)).map(({ text }) => text)).toEqual(['在吗'])
    expect(await inbox.find('wechaty', shop.id)).toBeNull()
  })

  test('When it cannot be stored at once, then it is tried again, and nothing ends the process', async () => {
    const person = mocker.createContact({ type: types.Contact.Individual })
    const { open } = store.conversations
    let times = 0
    store.conversations.open = (...args) =>
      times++ < 1 ? Promise.reject(new Error('away')) : open.apply(store.conversations, args)
    person.say('我害怕').to(mocker.ContactMock.load(puppet.currentUserId))
    await until(async () => ((await waiting(person.id)).length ? true : null), 'the message')
    expect(times).toBe(2)
    store.conversations.open = open
  })

  test('When the gateway fails to send, then nobody knows whether it arrived', async () => {
    await expect(adapter.channel.send(outgoing('nobody', '好'))).rejects.toMatchObject({
      kind: 'temporary',
      code: NO_ANSWER,
    })
  })

  test('When the session ends, then it says so until the next login', async () => {
    const id = puppet.currentUserId
    await puppet.logout()
    expect(await adapter.status()).toMatchObject({ state: 'dead', why: expect.stringContaining('断了') })
    puppet.login(id)
    expect(
      await until(async () => ((await adapter.status()).state === 'ok' ? true : null), 'the login'),
    ).toBe(true)
  })

  test('When no puppet is named, then none is taken; a gateway without its token is off', async () => {
    const none = wechatyChannel(parts())
    await none.start()
    expect(await none.status()).toMatchObject({ on: false, state: 'off', missing: [] })
    const gateway = wechatyChannel({ ...parts(), puppet: 'wechaty-puppet-service' })
    await gateway.start()
    expect(await gateway.status()).toMatchObject({ on: false, state: 'off', missing: ['WECHATY_TOKEN'] })
  })
})
