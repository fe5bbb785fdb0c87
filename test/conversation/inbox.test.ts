import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import type { Handle } from '../../bot/conversation/handle.js'
import { createInbox } from '../../bot/conversation/inbox.js'
import type { Surroundings } from '../../bot/conversation/surroundings.js'
import type { Store } from '../../bot/store/store.js'
import { createLog } from '../../bot/log.js'
import { memoryStore } from '../desk/house.js'

let store: Store
beforeAll(async () => {
  store = await memoryStore()
})
afterAll(() => store.close())

/** An inbox on a clock that stands still; nobody answers. */
function inboxOn(open: Store, log = createLog('silent')) {
  const clock = { now: () => new Date('2026-03-02T10:00:00+08:00') }
  const around = {
    store: open,
    clock,
    log,
    channels: new Map(),
    retentionDays: 30,
  } as unknown as Surroundings
  return createInbox(around, { background: () => undefined, storing: () => undefined } as unknown as Handle)
}

test('When somebody writes faster than it can be stored, then it is stored in the order it came', async () => {
  const inbox = inboxOn(store)
  const address = randomUUID()
  const texts = Array.from({ length: 30 }, (_, i) => `第${i}句`)
  const accepted = await Promise.all(
    texts.map((text, i) => inbox.accept({ channel: 'web', address, key: `key-${i}`, text })),
  )
  const id = accepted[0]?.conversation as string
  expect((await store.messages.waiting(id)).map(({ text }) => text)).toEqual(texts)
})

test('When one message cannot be stored, then the next one is all the same', async () => {
  let times = 0
  const { conversations } = store
  const open: typeof conversations.open = (...args) =>
    times++ === 0 ? Promise.reject(new Error('away')) : conversations.open(...args)
  const inbox = inboxOn({ ...store, conversations: { ...conversations, open } })
  const address = randomUUID()
  const accept = (text: string) => inbox.accept({ channel: 'web', address, key: `key-${text}`, text })
  const [first, second] = await Promise.allSettled([accept('一'), accept('二')])
  expect([first?.status, second?.status]).toEqual(['rejected', 'fulfilled'])
})

test('When many write at once and the platform repeats itself, then each is stored once, and its window is open', async () => {
  const inbox = inboxOn(store)
  const people = Array.from({ length: 100 }, () => randomUUID())
  const say = (address: string) => inbox.accept({ channel: 'net', address, key: 'one', text: address })
  const first = await Promise.all(people.map(say))
  const again = await Promise.all([...people, ...people].map(say))
  expect(first.every(({ fresh }) => fresh)).toBe(true)
  expect(again.some(({ fresh }) => fresh)).toBe(false)
  expect(new Set([...first, ...again].map(({ conversation }) => conversation)).size).toBe(100)
  for (const [i, address] of people.entries()) {
    const waiting = await store.messages.waiting(first[i]?.conversation as string)
    expect(waiting.map(({ text }) => text)).toEqual([address])
    expect((await store.recipients.find('net', address)).lastInboundAt).not.toBeNull()
  }
})

test('When many cannot be stored together, then each is stored by itself, and the log says so', async () => {
  const broken = { ...store.conversations, openAll: () => Promise.reject(new Error('away')) }
  const log = createLog('warn')
  const said: string[] = []
  jest.spyOn(log, 'warn').mockImplementation((...args: unknown[]) => void said.push(String(args[1])))
  const inbox = inboxOn({ ...store, conversations: broken }, log)
  const address = randomUUID()
  const texts = Array.from({ length: 10 }, (_, i) => `第${i}句`)
  const all = await Promise.all(
    texts.map((text, i) => inbox.accept({ channel: 'net', address, key: `key-${i}`, text })),
  )
  expect((await store.messages.waiting(all[0]?.conversation as string)).map(({ text }) => text)).toEqual(
    texts,
  )
  expect(said).toEqual(['intake.apart'])
})
