import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp } from '../../bot/api/app.js'
import { createHandle, type Handle } from '../../bot/conversation/handle.js'
import { createInbox, type ChannelParts, type Inbox } from '../../bot/conversation/inbox.js'
import type { Knowledge } from '../../bot/conversation/receive.js'
import type { Surroundings } from '../../bot/conversation/surroundings.js'
import { startSweep } from '../../bot/conversation/sweep.js'
import type { Adapter, Channel } from '../../bot/delivery/channel.js'
import { createLog } from '../../bot/log.js'
import { createPeople } from '../../bot/people/people.js'
import type { Store } from '../../bot/store/store.js'
import { memoryStore, movedClock, type MovedClock } from '../desk/house.js'

/** What a channel is made of here: what every channel gets, and the feed that the web chat follows. */
export type Parts = ChannelParts & { publicUrl: string; store: Store }

/** One process of the bot with one channel, as far as a person and their network see it. */
export interface Process {
  adapter: Adapter
  channel: Channel
  handle: Handle
  inbox: Inbox
  around: Surroundings
  /** Looks after everything that is due now. */
  settle(): Promise<void>
  stop(): Promise<void>
}

/** A server at one address, on one store; the processes behind it come and go. */
export interface House {
  store: Store
  clock: MovedClock
  url: string
  /** A new process; what arrives from now on is its. `store`: with faults of a store that dies. */
  start(make: (parts: Parts) => Adapter, store?: Partial<Store>): Promise<Process>
  close(): Promise<void>
}

export async function openHouse(knowledge: Knowledge): Promise<House> {
  const store = await memoryStore()
  const clock = movedClock()
  const log = createLog('silent')
  let app: ReturnType<typeof createApp> | null = null
  const server = createServer((req, res) => (app ? app(req, res) : void res.writeHead(503).end()))
  const url = await new Promise<string>((fulfil) => {
    server.listen(0, '127.0.0.1', () => fulfil(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  })
  const processes: Process[] = []

  async function start(make: (parts: Parts) => Adapter, faulty: Partial<Store> = {}): Promise<Process> {
    const own = { ...store, ...faulty, process: randomUUID() }
    const channels = new Map<string, Channel>()
    const around: Surroundings = {
      store: own,
      clock,
      log,
      knowledge: () => knowledge,
      channels,
      region: '内蒙古',
      publicUrl: url,
      demo: () => true,
      people: createPeople(own),
      counselorPresent: () => Promise.resolve(false),
      burstMs: 0,
      retentionDays: 30,
    }
    const handle = createHandle(around)
    const inbox = createInbox(around, handle)
    const adapter = make({ inbox, clock, log, leases: own.leases, publicUrl: url, store: own })
    const { channel, router } = adapter
    channels.set(channel.name, channel)
    app = createApp({
      routers: router ? [[`/channels/${channel.name}`, router]] : [],
      trustProxy: 0,
      log,
      say: () => '说不清的错误',
    })
    await adapter.start()
    const stop = async () => {
      await adapter.stop()
      await handle.stop()
    }
    const settle = async () => {
      const sweep = startSweep({ ...around, handle })
      await sweep.once()
      await sweep.stop()
    }
    const made = { adapter, channel, handle, inbox, around, settle, stop }
    processes.push(made)
    return made
  }

  return {
    store,
    clock,
    url,
    start,
    async close() {
      app = null
      for (const each of processes) await each.stop()
      await new Promise((fulfil) => {
        server.close(fulfil)
        server.closeAllConnections()
      })
      await store.close()
    },
  }
}
