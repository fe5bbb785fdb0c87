import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { randomBytes, randomUUID } from 'node:crypto'
import { windowed } from '../../bot/delivery/windows.js'
import { bytes, createVault } from '../../bot/store/crypto.js'
import { openStore, type Store } from '../../bot/store/store.js'

let store: Store
beforeAll(async () => {
  const place = process.env.MONGODB_URI ? { uri: process.env.MONGODB_URI } : { memory: true as const }
  store = await openStore(place, createVault(randomBytes(32)))
}, 60_000)
afterAll(() => store.close())

const START = Date.now()
const at = (ms: number) => new Date(START + ms)
const far = new Date(START + 30 * 86_400_000)
const HOUR = 3_600_000
const allowance = windowed({ message: { ms: 48 * HOUR, most: 5, bot: 2 }, event: { ms: 60_000, most: 3 } })

/** Somebody of whom nothing is known. */
function somebody() {
  const address = randomUUID()
  const { recipients } = store
  return {
    address,
    writes: (ms: number) => recipients.heard('net', address, at(ms), far),
    does: (event: 'menu' | 'subscribe' | 'unsubscribe', ms: number) =>
      recipients.event('net', address, event, at(ms), far),
    spend: async (bot: boolean, window: 'message' | 'event' = 'message') =>
      recipients.spend('net', address, { window, bot }),
    may: async (ms: number) => {
      const { state, window, left, bot } = allowance(await recipients.find('net', address), at(ms))
      return [state, window, left, bot]
    },
  }
}

describe('what is known of a recipient', () => {
  test('When somebody writes, then five may be sent, two of them by the machine, for 48 hours', async () => {
    const who = somebody()
    expect(await who.may(0)).toEqual(['closed', null, 0, 0])
    await who.writes(0)
    expect(await who.may(1)).toEqual(['open', 'message', 5, 2])
    await who.spend(true)
    await who.spend(false)
    expect(await who.may(1)).toEqual(['open', 'message', 3, 1])
    await who.spend(true)
    expect(await who.may(1)).toEqual(['open', 'message', 2, 0])
    expect(await who.may(48 * HOUR - 1)).toEqual(['open', 'message', 2, 0])
    expect(await who.may(48 * HOUR)).toEqual(['closed', null, 0, 0])
    await who.writes(49 * HOUR)
    expect(await who.may(49 * HOUR)).toEqual(['open', 'message', 5, 2])
  })

  test('When an older message is told late, then it opens nothing anew', async () => {
    const who = somebody()
    await who.writes(1_000)
    await who.spend(true)
    await who.writes(500)
    expect(await who.may(1_000)).toEqual(['open', 'message', 4, 1])
  })

  test('When somebody presses the menu, then three more may be sent for a minute, and these are used first', async () => {
    const who = somebody()
    await who.writes(0)
    await who.does('menu', 1_000)
    expect(await who.may(1_000)).toEqual(['open', 'event', 8, 5])
    await who.spend(true, 'event')
    expect(await who.may(1_000)).toEqual(['open', 'event', 7, 4])
    expect(await who.may(61_000)).toEqual(['open', 'message', 5, 2])
  })

  test('When somebody leaves, then nothing may be sent, until they come back', async () => {
    const who = somebody()
    await who.writes(0)
    await who.does('unsubscribe', 1)
    expect(await who.may(2)).toEqual(['gone', null, 0, 0])
    await who.does('subscribe', 3)
    expect((await who.may(4))[0]).toBe('open')
    await store.recipients.lost('net', who.address)
    expect((await who.may(5))[0]).toBe('gone')
    await who.writes(6)
    expect(await who.may(7)).toEqual(['open', 'event', 8, 5])
  })

  test('When many are counted at once, then each is counted', async () => {
    const who = somebody()
    await who.writes(0)
    await Promise.all(Array.from({ length: 20 }, () => who.spend(true)))
    expect(await store.recipients.find('net', who.address)).toMatchObject({ sentSince: 20, botSince: 20 })
  })

  test('When it is kept, then no address stands in it', async () => {
    const who = somebody()
    await who.writes(0)
    const docs = await store.recipients.model.find().lean()
    expect(JSON.stringify(docs)).not.toContain(who.address)
  })
})

describe('leases', () => {
  test('When two processes want one thing, then one has it until it gives it back or dies', async () => {
    const name = randomUUID()
    const other = { ...store }
    expect(await store.leases.take(name, at(0), at(1_000))).toBe(true)
    expect(await other.leases.take(name, at(500), at(2_000))).toBe(true)
    await store.leases.model.updateOne({ _id: name }, { $set: { holder: 'another' } })
    expect(await store.leases.take(name, at(1_500), at(3_000))).toBe(false)
    expect(await store.leases.take(name, at(2_000), at(3_000))).toBe(true)
    await store.leases.release(name)
    expect(await store.leases.model.findById(name).lean()).toMatchObject({ holder: null })
  })

  test('When a value is shared, then it is sealed, and only who holds the lease may write it so', async () => {
    const name = randomUUID()
    expect(await store.leases.read(name)).toBeNull()
    expect(await store.leases.write(name, { token: 'very-secret' }, true)).toBe(false)
    await store.leases.take(name, at(0), at(1_000))
    expect(await store.leases.write(name, { token: 'very-secret' }, true)).toBe(true)
    expect(await store.leases.read(name)).toEqual({ token: 'very-secret' })
    const doc = await store.leases.model.findById(name).lean()
    expect(Buffer.from(bytes(doc?.value as Buffer)).toString('latin1')).not.toContain('very-secret')
    const free = randomUUID()
    expect(await store.leases.write(free, 1)).toBe(true)
    expect(await store.leases.read(free)).toBe(1)
  })
})
