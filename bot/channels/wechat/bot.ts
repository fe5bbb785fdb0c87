import { log as wechatyLog, WechatyBuilder, type Contact, type Message } from 'wechaty'
import { types, type Puppet } from 'wechaty-puppet'
import type { Unreadable } from '../../../shared/channel.js'
import type { Log } from '../../log.js'
import { bounded } from './bounded.js'
import type { Arrival } from './inbound.js'
import { PuppetOfficialAccount } from './puppet.js'

/** Stored side by side; wechaty itself has no back-pressure. */
const AT_ONCE = 256
/** Waiting to be stored: at a few kilobytes each this bounds the memory. */
export const WAITING_MOST = 2_000
/** A puppet that does not repeat itself: how often a message is tried, and how long after each failure. */
const TRIES = 6
const RETRY_MS = 1_000

const UNREADABLE: Partial<Record<types.Message, Unreadable>> = {
  [types.Message.Audio]: 'voice',
  [types.Message.Image]: 'image',
  [types.Message.Emoticon]: 'sticker',
  [types.Message.Video]: 'video',
  [types.Message.Location]: 'location',
}

export interface BotParts {
  /** Always explicit: without one wechaty would log in as somebody's personal account. */
  puppet: Puppet
  /** Stores a message. */
  accept(arrival: Arrival): Promise<unknown>
  log: Log
}

/** How the bot stands with its puppet. */
export interface BotState {
  loggedIn: boolean
  /** Why the session ended or could not begin; null while all is well. */
  fault: 'logged-out' | 'scan' | 'error' | null
}

export type Bot = ReturnType<typeof wechatyBot>

/** One wechaty bot, whatever its puppet: what somebody writes is stored, what we say is sent. */
export function wechatyBot({ puppet, accept, log }: BotParts) {
  // More than this could hold what somebody wrote, and swallows crashes.
  wechatyLog.level('silent')
  const bot = WechatyBuilder.build({ puppet })
  const lane = bounded(AT_ONCE, WAITING_MOST)
  let state: BotState = { loggedIn: false, fault: null }
  let started = false

  bot.on('login', () => {
    state = { loggedIn: true, fault: null }
  })
  bot.on('logout', () => {
    state = { loggedIn: false, fault: 'logged-out' }
    if (started) log.warn('wechaty.logged-out')
  })
  bot.on('scan', () => {
    state = { loggedIn: false, fault: 'scan' }
  })
  bot.on('error', (error) => {
    if (!state.loggedIn) state = { ...state, fault: 'error' }
    log.error({ err: error }, 'wechaty.failed')
  })
  // The listener itself is not async: one that rejects would end the process.
  bot.on('message', (message) => {
    take(message).catch((error: unknown) => log.error({ err: error }, 'wechaty.lost'))
  })

  const own = puppet instanceof PuppetOfficialAccount ? puppet : null

  async function take(message: Message): Promise<void> {
    const arrival = own ? own.arrivalOf(message.id) : await readMessage(puppet, message)
    if (!arrival) return
    try {
      if (own) await lane.run(() => accept(arrival))
      else await insist(arrival)
      own?.settle(message.id)
    } catch (error) {
      if (!own) throw error
      // The webhook answers for it, and the platform sends it again.
      own.settle(message.id, error as Error)
    } finally {
      letGo(message.talker())
    }
  }

  /** Other puppets hand a message over once: what cannot be stored now is tried again for a while. */
  async function insist(arrival: Arrival): Promise<void> {
    for (let tried = 1; ; tried++) {
      if (!lane.hasRoom()) throw new Error('too much waits to be stored')
      try {
        await lane.run(() => accept(arrival))
        return
      } catch (error) {
        if (tried === TRIES || !started) throw error
        await new Promise((fulfil) => setTimeout(fulfil, RETRY_MS * 2 ** (tried - 1)).unref())
      }
    }
  }

  /** wechaty keeps everybody it ever saw, for ever. */
  const letGo = ({ id }: Contact) => {
    ;(bot.Contact as unknown as { pool: Map<string, unknown> }).pool.delete(id)
  }

  return {
    state: (): BotState => state,

    /** Whether another message may come in now. */
    hasRoom: lane.hasRoom,

    async start(): Promise<void> {
      if (started) return
      started = true
      await bot.start()
    },

    async stop(): Promise<void> {
      if (!started) return
      started = false
      await bot.stop()
    },

    /** Says a text to somebody. What the puppet throws travels up. */
    async say(address: string, text: string): Promise<void> {
      const contact = await bot.Contact.find({ id: address })
      if (!contact) throw new Error('nobody is known by this address')
      try {
        await contact.say(text)
      } finally {
        letGo(contact)
      }
    },
  }
}

/** A message of any puppet as ours; null for what no person has written to us alone. */
async function readMessage(puppet: Puppet, message: Message): Promise<Arrival | null> {
  if (message.self() || message.room()) return null
  const { id, type } = await puppet.contactPayload(message.talker().id)
  if (type === types.Contact.Official || type === types.Contact.Corporation) return null
  const arrival = { address: id, key: message.id }
  if (message.type() === types.Message.Text) return { ...arrival, text: message.text() }
  return { ...arrival, text: '', unreadable: UNREADABLE[message.type()] ?? 'other' }
}
