import { randomBytes, randomUUID } from 'node:crypto'
import type { Clock } from '../../bot/clock.js'
import { createHandle, type Handle } from '../../bot/conversation/handle.js'
import { createInbox } from '../../bot/conversation/inbox.js'
import type { Knowledge } from '../../bot/conversation/receive.js'
import type { Surroundings } from '../../bot/conversation/surroundings.js'
import { wordsAt } from '../../bot/conversation/words.js'
import { createDesk, type Desk } from '../../bot/desk/desk.js'
import type { DeskParts } from '../../bot/desk/parts.js'
import { webChannel } from '../../bot/channels/web/channel.js'
import { createLog } from '../../bot/log.js'
import { createVault } from '../../bot/store/crypto.js'
import { openStore, type Store } from '../../bot/store/store.js'
import { createPeople } from '../../bot/people/people.js'

/** A clock that goes on with real time and can be moved. */
export interface MovedClock extends Clock {
  move(milliseconds: number): void
}

export function movedClock(): MovedClock {
  let offset = 0
  return { now: () => new Date(Date.now() + offset), move: (milliseconds) => void (offset += milliseconds) }
}

export const memoryStore = (): Promise<Store> => openStore({ memory: true }, createVault(randomBytes(32)))

/** One process of the house with a desk, on a store that others may share. */
export interface DeskProcess {
  around: Surroundings
  handle: Handle
  desk: Desk
  parts: DeskParts
  /** Stores what a person says at an address; the conversation's id. */
  hear(address: string, text: string): Promise<string>
}

export function deskProcess(shared: Store, knowledge: Knowledge, clock: Clock): DeskProcess {
  const store = { ...shared, process: randomUUID() }
  const log = createLog('error')
  const around: Surroundings = {
    store,
    clock,
    log,
    knowledge: () => knowledge,
    channels: new Map([['web', webChannel]]),
    region: '内蒙古',
    demo: () => true,
    people: createPeople(store),
    counselorPresent: () => store.presence.anyone(clock.now()),
    burstMs: 0,
    retentionDays: 30,
  }
  const handle = createHandle(around)
  const inbox = createInbox(around, handle)
  const words = () =>
    wordsAt(knowledge.content, { now: clock.now(), region: '内蒙古', counselorPresent: false })
  const parts: DeskParts = {
    store,
    clock,
    log,
    say: (key) => words().say(key).text,
    lines: (kinds) => words().lines(kinds),
    wake: handle.background,
    channels: around.channels,
    retentionDays: 30,
  }
  const hear = async (address: string, text: string) => {
    const key = randomUUID()
    const { conversation } = await inbox.accept({ channel: 'web', address, key, text })
    return conversation
  }
  return { around, handle, desk: createDesk(parts), parts, hear }
}
