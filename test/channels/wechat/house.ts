import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { wechatChannel, type WechatParts } from '../../../bot/channels/wechat/channel.js'
import { createInbox, type Inbox } from '../../../bot/conversation/inbox.js'
import type { Surroundings } from '../../../bot/conversation/surroundings.js'
import type { Handle } from '../../../bot/conversation/handle.js'
import type { Adapter, OutgoingMessage } from '../../../bot/delivery/channel.js'
import { createLog } from '../../../bot/log.js'
import {
  startWechatSimulator,
  type WechatOptions,
  type WechatSimulator,
} from '../../../bot/simulators/wechat/simulator.js'
import type { Store } from '../../../bot/store/store.js'
import { memoryStore, movedClock, type MovedClock } from '../../desk/house.js'

export const AES_KEY = randomBytes(32).toString('base64').replace(/[+/=]/g, 'A').slice(0, 43)
export const ACCOUNT = {
  appId: 'wx0123456789abcdef',
  secret: randomBytes(16).toString('hex'),
  token: 'QingAnTest',
}

/** The channel under a real express, beside the simulated platform, over a real store. Conversations are not answered. */
export interface House {
  url: string
  adapter: Adapter
  simulator: WechatSimulator
  store: Store
  clock: MovedClock
  inbox: Inbox
  /** What the store holds of everybody's words, oldest first. */
  stored(): Promise<{ text: string; unreadable?: string; event?: string }[]>
  /** The conversations that were woken. */
  woken: string[]
  close(): Promise<void>
}

export async function house(
  given: Partial<WechatParts> = {},
  platform: Partial<WechatOptions> = {},
  shared?: { store: Store; simulator?: WechatSimulator },
): Promise<House> {
  const store = shared?.store ?? (await memoryStore())
  const clock = movedClock()
  const log = createLog('silent')
  const woken: string[] = []
  const around = { store, clock, log, channels: new Map(), retentionDays: 30 } as unknown as Surroundings
  const inbox = createInbox(around, {
    background: (id: string) => void woken.push(id),
    storing: () => undefined,
  } as unknown as Handle)
  const app = express()
  const server = createServer(app)
  const url = await listen(server)
  const simulator =
    shared?.simulator ??
    (await startWechatSimulator({
      port: 0,
      ...ACCOUNT,
      aesKey: AES_KEY,
      webhook: `${url}/channels/wechat`,
      clock,
      timing: { answerMs: 2_000, retryMs: 50 },
      ...platform,
    }))
  const adapter = wechatChannel({
    inbox,
    clock,
    log,
    leases: store.leases,
    ...ACCOUNT,
    aesKey: AES_KEY,
    apiRoot: simulator.url,
    ...given,
  })
  if (adapter.router) app.use('/channels/wechat', adapter.router)
  await adapter.start()
  return {
    url: `${url}/channels/wechat`,
    adapter,
    simulator,
    store,
    clock,
    inbox,
    woken,
    async stored() {
      const ids = [...new Set(woken)]
      const all = await Promise.all(ids.map((id) => store.messages.waiting(id)))
      return all
        .flat()
        .sort((a, b) => a.receivedAt.getTime() - b.receivedAt.getTime())
        .map(({ text, unreadable, event }) => ({
          text,
          ...(unreadable ? { unreadable } : {}),
          ...(event ? { event } : {}),
        }))
    },
    async close() {
      await adapter.stop()
      await new Promise((fulfil) => {
        server.close(fulfil)
        server.closeAllConnections()
      })
      if (!shared?.simulator) await simulator.stop()
      if (!shared) await store.close()
    },
  }
}

export const outgoing = (
  address: string,
  text: string,
  key = randomBytes(8).toString('hex'),
): OutgoingMessage => ({
  key,
  conversation: 'c',
  address,
  number: 1,
  from: 'bot',
  bubble: { text },
})

function listen(server: Server): Promise<string> {
  return new Promise((fulfil) => {
    server.listen(0, '127.0.0.1', () => fulfil(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  })
}
