import { randomBytes, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { telegramChannel, type TelegramParts } from '../../../bot/channels/telegram/channel.js'
import type { Handle } from '../../../bot/conversation/handle.js'
import { createInbox, type Inbox } from '../../../bot/conversation/inbox.js'
import type { Surroundings } from '../../../bot/conversation/surroundings.js'
import type { Adapter, OutgoingMessage } from '../../../bot/delivery/channel.js'
import { createLog } from '../../../bot/log.js'
import {
  startTelegramSimulator,
  type TelegramOptions,
  type TelegramSimulator,
} from '../../../bot/simulators/telegram/simulator.js'
import type { Store } from '../../../bot/store/store.js'
import { memoryStore, movedClock, type MovedClock } from '../../desk/house.js'

export const TOKEN = `7000000001:${randomBytes(24).toString('base64url')}`
export const SECRET = randomBytes(24).toString('base64url')

/** The channel under a real express, beside the simulated platform, over a real store. Conversations are not answered. */
export interface House {
  /** Where Telegram's requests arrive; null while the bot polls. */
  url: string
  adapter: Adapter
  simulator: TelegramSimulator
  store: Store
  clock: MovedClock
  inbox: Inbox
  /** What is kept of somebody's words, oldest first. */
  kept(address: string): Promise<string[]>
  close(): Promise<void>
}

export async function house(
  given: Partial<TelegramParts> & { polling?: boolean } = {},
  platform: Partial<TelegramOptions> = {},
  shared: { store?: Store; simulator?: TelegramSimulator } = {},
): Promise<House> {
  const store = shared.store ? { ...shared.store, process: randomUUID() } : await memoryStore()
  const clock = movedClock()
  const log = createLog('silent')
  const around = { store, clock, log, channels: new Map(), retentionDays: 30 } as unknown as Surroundings
  const inbox = createInbox(around, {
    background: () => undefined,
    storing: () => undefined,
  } as unknown as Handle)
  const app = express()
  const server = createServer(app)
  const url = await new Promise<string>((fulfil) => {
    server.listen(0, '127.0.0.1', () => fulfil(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  })
  const timing = { answerMs: 2_000, retryMs: 20, retryMaxMs: 100 }
  const simulator =
    shared.simulator ?? (await startTelegramSimulator({ port: 0, botToken: TOKEN, timing, ...platform }))
  const { polling, ...parts } = given
  const adapter = telegramChannel({
    inbox,
    clock,
    log,
    leases: store.leases,
    publicUrl: polling ? undefined : url,
    token: TOKEN,
    secret: SECRET,
    apiRoot: simulator.url,
    topics: () => [{ id: 'drugs', title: '禁毒提醒' }],
    about: () => '我是 AI。你在这里写的话会经过境外的服务器。',
    ...parts,
  })
  if (adapter.router) app.use('/channels/telegram', adapter.router)
  await adapter.start()
  return {
    url: `${url}/channels/telegram`,
    adapter,
    simulator,
    store,
    clock,
    inbox,
    async kept(address) {
      const id = await inbox.find('telegram', address)
      return id
        ? (await store.messages.waiting(id)).map(({ text, unreadable }) => text || `(${unreadable})`)
        : []
    },
    async close() {
      await adapter.stop()
      await new Promise((fulfil) => {
        server.close(fulfil)
        server.closeAllConnections()
      })
      if (!shared.simulator) await simulator.stop()
      if (!shared.store) await store.close()
    },
  }
}

export const outgoing = (address: string, text: string, buttons?: string[]): OutgoingMessage => ({
  key: randomUUID(),
  conversation: 'c',
  address,
  number: 1,
  from: 'bot',
  bubble: { text, ...(buttons ? { buttons } : {}) },
})
