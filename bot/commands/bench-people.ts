import type { EventEmitter } from 'node:events'
import { log as wechatyLog, WechatyBuilder } from 'wechaty'
import { types } from 'wechaty-puppet'
import { mock, PuppetMock } from 'wechaty-puppet-mock'
import type { Log, LogLine } from '../simulators/log.js'
import type { Bounds, RequestLoad } from './bench-load.js'

/** No answer within this time ends a measurement. Milliseconds. */
const REPLY_MS = 20_000
const WORDS = '老板不给我发工资怎么办'

/** A simulated platform, as far as its people are concerned. */
export interface Stage {
  log: Log
  say(user: string, text: string): Promise<{ taken: boolean }>
}

/**
 * People who write for the first time, a new one for each message: from handing the message over until the platform
 * has taken the first reply, which the bot had recorded before it sent it.
 */
export async function loadPeople(
  { log, say }: Stage,
  method: string,
  person: (number: number) => string,
  { atOnce, seconds, most }: Bounds,
): Promise<RequestLoad> {
  const milliseconds: number[] = []
  const replies = followReplies(log, method)
  const from = performance.now()
  const until = from + seconds * 1000
  let begun = 0
  const people = async () => {
    while (performance.now() < until && begun < most) {
      const who = person(nextPerson++)
      begun++
      const started = performance.now()
      const reply = replies.to(who)
      const { taken } = await say(who, WORDS)
      if (!taken) throw new Error('a message was not taken')
      milliseconds.push((await reply) - started)
    }
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, people))
  } finally {
    replies.stop()
  }
  return { milliseconds, perSecond: milliseconds.length / ((performance.now() - from) / 1000) }
}

let nextPerson = 0

/** When the platform first took a reply for somebody. */
function followReplies(log: Log, method: string) {
  const waiting = new Map<string, (at: number) => void>()
  const open = new Set<LogLine>()
  let read = log.after().at(-1)?.n ?? 0
  const stop = log.follow(() => {
    for (const line of [...open, ...log.after(read)]) {
      read = Math.max(read, line.n)
      if (line.outcome === 'open') open.add(line)
      else open.delete(line)
      if (line.kind !== 'call' || line.what !== method || line.outcome !== 'taken' || !line.user) continue
      waiting.get(line.user)?.(performance.now())
      waiting.delete(line.user)
    }
  })
  return {
    stop,
    to: (who: string): Promise<number> =>
      new Promise((fulfil, reject) => {
        const timer = setTimeout(() => reject(new Error('no reply came')), REPLY_MS)
        waiting.set(who, (at) => {
          clearTimeout(timer)
          fulfil(at)
        })
      }),
  }
}

/** wechaty with its mock, saying everything back: no network, no store, in this process. */
export async function loadWechaty({ atOnce, seconds, most }: Bounds): Promise<RequestLoad> {
  wechatyLog.level('silent')
  const mocker = new mock.Mocker()
  const puppet = new PuppetMock({ mocker })
  const bot = WechatyBuilder.build({ puppet })
  const faults: Error[] = []
  bot.on('error', (error) => void faults.push(error))
  bot.on('message', (message) => {
    if (!message.self()) message.say(message.text()).catch((error: Error) => void faults.push(error))
  })
  await bot.start()
  const self = mocker.createContact({ type: types.Contact.Individual })
  mocker.login(self)
  const milliseconds: number[] = []
  const from = performance.now()
  const until = from + seconds * 1000
  let begun = 0
  const person = async () => {
    const contact = mocker.createContact({ type: types.Contact.Individual })
    let reply: () => void = () => undefined
    const phone = contact as unknown as EventEmitter
    // The phone shows their own words too.
    phone.on('message', (message: mock.MessageMock) => {
      if (message.talker().id !== contact.id) reply()
    })
    while (performance.now() < until && begun++ < most) {
      const started = performance.now()
      const replied = new Promise<void>((fulfil) => (reply = fulfil))
      contact.say(WORDS).to(self)
      await replied
      milliseconds.push(performance.now() - started)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, person))
  await bot.stop()
  if (faults[0]) throw faults[0]
  return { milliseconds, perSecond: milliseconds.length / ((performance.now() - from) / 1000) }
}
