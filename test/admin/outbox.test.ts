import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { Refused } from '../../admin/src/call.js'
import { forgetTyped, placeOf } from '../../admin/src/conversations/draft.js'
import { Outbox, type Unsent } from '../../admin/src/conversations/outbox.js'

const place = placeOf('unsent', 'lin', 'c1')
const kept = new Map<string, string>()
const storage = {
  getItem: (name: string) => kept.get(name) ?? null,
  setItem: (name: string, value: string) => void kept.set(name, value),
  removeItem: (name: string) => void kept.delete(name),
}

let arrived: { key: string; text: string }[]
let failures: unknown[]
let shown: readonly Unsent[]
let keys: number

function outbox(): Outbox {
  return new Outbox({
    place,
    storage,
    send: (reply) => {
      const failure = failures.shift()
      if (failure) return Promise.reject(failure)
      arrived.push(reply)
      return Promise.resolve()
    },
    arrived: () => Promise.resolve(),
    changed: (unsent) => (shown = unsent),
    newKey: () => `key-${++keys}`,
  })
}
const settle = () => jest.advanceTimersByTimeAsync(0)

beforeEach(() => {
  jest.useFakeTimers()
  kept.clear()
  ;[arrived, failures, shown, keys] = [[], [], [], 0]
})
afterEach(() => void jest.useRealTimers())

const down = () => new Refused(0, 'network.down', '没有连上')

describe('the outbox', () => {
  test('When a reply is sent, then it arrives once and nothing of it is kept', async () => {
    outbox().send('你好')
    expect(shown).toMatchObject([{ text: '你好', refusal: '' }])
    await settle()
    expect(arrived).toEqual([{ key: 'key-1', text: '你好' }])
    expect(shown).toEqual([])
    expect(kept.size).toBe(0)
  })

  test('When the network is away, then the same key is tried again until it arrives, in order', async () => {
    const box = outbox()
    failures = [
      down(),
      new Refused(503, 'store.unavailable', '故障'),
      new Refused(429, 'request.too-fast', '太快'),
    ]
    box.send('第一句')
    box.send('第二句')
    await settle()
    expect(arrived).toEqual([])
    expect(shown).toMatchObject([{ text: '第一句', late: true }, { text: '第二句' }])
    await jest.advanceTimersByTimeAsync(10_000)
    expect(arrived).toEqual([
      { key: 'key-1', text: '第一句' },
      { key: 'key-2', text: '第二句' },
    ])
    expect(shown).toEqual([])
  })

  test('When the page is left before it arrives, then the next one sends it under the same key', async () => {
    const box = outbox()
    failures = [down()]
    box.send('别走')
    await settle()
    box.close()
    await jest.advanceTimersByTimeAsync(60_000)
    expect(arrived).toEqual([])
    outbox()
    await settle()
    expect(arrived).toEqual([{ key: 'key-1', text: '别走' }])
  })

  test('When the server refuses, then it is said why, nothing is tried by itself, and the text can be taken back', async () => {
    const box = outbox()
    failures = [new Refused(409, 'desk.not-yours', '王督导在谈。')]
    box.send('我在')
    await jest.advanceTimersByTimeAsync(60_000)
    expect(arrived).toEqual([])
    expect(shown).toMatchObject([{ text: '我在', refusal: '王督导在谈。' }])
    expect(box.takeBack('key-1')).toBe('我在')
    expect(shown).toEqual([])
  })

  test('When a refused reply is tried again by hand, then it goes under its own key', async () => {
    const box = outbox()
    failures = [new Refused(401, 'staff.signed-out', '请重新登录')]
    box.send('我在')
    await settle()
    box.retry()
    await settle()
    expect(arrived).toEqual([{ key: 'key-1', text: '我在' }])
  })

  test('When a reply may have arrived already, then it cannot be taken back', async () => {
    const box = outbox()
    failures = [down()]
    box.send('我在')
    await settle()
    expect(box.takeBack('key-1')).toBe('')
    expect(shown).toHaveLength(1)
    box.close()
  })

  test('When another member of staff uses the same tab, then they find nothing of it', () => {
    expect(placeOf('unsent', 'wang', 'c1')).not.toBe(place)
  })

  test('When somebody signs out, then nothing typed is left', () => {
    const tab = {
      'qingan.draft.lin.c1': '草稿',
      other: 'x',
      removeItem(name: string) {
        delete (this as Record<string, unknown>)[name]
      },
    }
    forgetTyped(tab)
    expect(tab).not.toHaveProperty(['qingan.draft.lin.c1'])
    expect(tab).toHaveProperty('other')
  })
})
