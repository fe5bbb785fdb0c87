import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import type { ChannelStatus } from '../../shared/channel.js'
import type { Adapter, Channel } from '../../bot/delivery/channel.js'
import { openChannels, type Channels } from '../../bot/delivery/channels.js'
import { createLog } from '../../bot/log.js'
import { until } from '../until.js'
import { openHouse, type House } from './house.js'

let house: House
beforeAll(async () => {
  house = await openHouse()
}, 60_000)
afterAll(() => house.close())

const open: Channels[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((channels) => channels.stop()))
  await house.store.settings.model.deleteMany({})
  await house.store.leases.model.deleteMany({})
})

/** A network somewhere; `state` is what it says when it is looked at. */
function network(name: string, more: Partial<Adapter> = {}, channel: Partial<Channel> = {}) {
  const did: string[] = []
  const says: Pick<ChannelStatus, 'state' | 'why'> = { state: 'ok' }
  const adapter: Adapter = {
    channel: {
      name,
      fetches: false,
      capabilities: { maxText: 600, buttons: 0, cards: false },
      send: () => Promise.resolve(),
      ...channel,
    },
    missing: [],
    register: [{ what: '地址', value: `https://example.org/channels/${name}` }],
    router: null,
    start: () => Promise.resolve(void did.push('start')),
    stop: () => Promise.resolve(void did.push('stop')),
    status: () => {
      did.push('look')
      return Promise.resolve({
        name,
        on: true,
        missing: [],
        register: [],
        since: new Date(0).toISOString(),
        ...says,
      })
    },
    ...more,
  }
  return { adapter, did, says }
}

/** The channels as one process sees them. */
async function processWith(...adapters: Adapter[]) {
  const running = new Map<string, Channel>()
  const { store, clock } = house
  const channels = await openChannels({ store, clock, log: createLog('silent'), adapters, running })
  open.push(channels)
  return { channels, running }
}
const ADMINISTRATOR = { id: 'a'.repeat(24) }

test('When a setting is missing, then the channel is off, names what it lacks, and its network is never asked', async () => {
  const net = network('one', { missing: ['ONE_SECRET'] })
  const { channels, running } = await processWith(net.adapter)
  await channels.start()
  await channels.watch()
  expect([...running.keys()]).toEqual([])
  expect(net.did).toEqual([])
  expect((await channels.list())[0]).toMatchObject({ on: false, state: 'off', missing: ['ONE_SECRET'] })
})

test('When everything is set, then it runs, and is looked at by the watchdog', async () => {
  const net = network('one')
  const { channels, running } = await processWith(net.adapter)
  expect(net.did).toEqual([])
  await channels.start()
  expect([[...running.keys()], net.did[0]]).toEqual([['one'], 'start'])
  expect((await channels.list())[0]).toMatchObject({ on: true, state: 'ok', lookedAt: null })
  await channels.watch()
  expect((await channels.list())[0]).toMatchObject({ state: 'ok', lookedAt: house.clock.now().toISOString() })
})

test('When the session dies, then the channel says so, why, and since when, in every process', async () => {
  const net = network('one')
  const { channels } = await processWith(net.adapter)
  const other = await processWith(network('one').adapter)
  await channels.start()
  await channels.watch()
  Object.assign(net.says, { state: 'dead', why: '令牌被收回了。' })
  const since = house.clock.now().toISOString()
  await channels.watch()
  house.pass(600_000)
  await channels.watch()
  expect((await other.channels.list())[0]).toMatchObject({ state: 'dead', why: '令牌被收回了。', since })
  Object.assign(net.says, { state: 'ok', why: undefined })
  expect(await channels.test('one')).toMatchObject({ state: 'ok', since: house.clock.now().toISOString() })
})

test('When the servers lie abroad, then nothing runs and nothing is asked before the ruling is recorded', async () => {
  const net = network('far', {}, { abroad: true })
  const { channels, running } = await processWith(net.adapter)
  const there = network('far', {}, { abroad: true })
  const other = await processWith(there.adapter)
  await channels.start()
  await other.channels.start()
  await channels.watch()
  expect(await channels.test('far')).toMatchObject({ on: false, state: 'off', ruling: null })
  expect(net.did).toEqual([])
  expect(await channels.abroad()).toEqual([{ name: 'far', ruled: false }])

  await channels.rule('far', '律师意见 2026-11-20', ADMINISTRATOR)
  expect(running.has('far')).toBe(true)
  await until(() => there.did.includes('start'), 'the other process to follow')
  expect(await other.channels.abroad()).toEqual([{ name: 'far', ruled: true }])
  expect((await channels.list())[0]?.ruling).toMatchObject({
    text: '律师意见 2026-11-20',
    by: ADMINISTRATOR.id,
  })

  await channels.rule('far', null, ADMINISTRATOR)
  expect([running.has('far'), net.did.at(-1)]).toEqual([false, 'stop'])
  await until(() => !other.running.has('far'), 'the other process to stop')
})

test('When a network cannot be started, then the others run, and it is tried again', async () => {
  let broken = true
  const net = network('one', {
    start: () => (broken ? Promise.reject(new Error('no network')) : Promise.resolve(void (broken = true))),
  })
  const fine = network('two')
  const { channels, running } = await processWith(net.adapter, fine.adapter)
  await channels.start()
  expect([...running.keys()]).toEqual(['one', 'two'])
  expect(fine.did).toContain('start')
  broken = false
  await channels.watch()
  expect(broken).toBe(true)
})

test('When two decide at once, then both decisions stand', async () => {
  const notify = () => Promise.resolve()
  const nets = ['one', 'two'].map((name) => network(name, {}, { notify }).adapter)
  const [a, b] = await Promise.all([processWith(...nets), processWith(...nets)])
  await Promise.all([a.channels.useTemplate('one', 'T-1'), b.channels.useTemplate('two', 'T-2')])
  expect([await b.channels.template('one'), await a.channels.template('two')]).toEqual(['T-1', 'T-2'])
  await expect(a.channels.useTemplate('three', 'T')).rejects.toMatchObject({ code: 'record.unknown' })
})
