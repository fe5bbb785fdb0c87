import { randomBytes } from 'node:crypto'
import { controlRouter, pageRouter, Refused, type Stage } from '../control.js'
import { createFaults } from '../faults.js'
import { createLog } from '../log.js'
import type { Said } from '../people.js'
import { createPoster } from '../post.js'
import { listen, wallClock, type Clock } from '../server.js'
import { Act, contentOf } from './acts.js'
import { answerOf, apiRouter, refused } from './api.js'
import { deedsOf } from './deeds.js'
import { methods, type BotJson, type Command } from './methods.js'
import { chatJson, createPeople, userJson, type Kept, type Person } from './people.js'
import { createQueue } from './queue.js'
import { createWebhook, TIMING, type Timing } from './webhook.js'

export interface TelegramOptions {
  /** 0: a free one. */
  port: number
  host?: string
  /** digits:letters, as BotFather gives it. */
  botToken: string
  username?: string
  clock?: Clock
  timing?: Partial<Timing>
  /** Messages a second before 429; without it as many as come. */
  perSecond?: number
  /** Of the faults that strike by chance. */
  seed?: number
}

export type TelegramSimulator = Awaited<ReturnType<typeof startTelegramSimulator>>

/** Queries of pressed buttons that can still be answered. */
const QUERIES_MAX = 10_000

/**
 * The Bot API, as its document describes it (a server of one's own with --local: webhooks may be plain http). The page
 * at `/` is a user's phone, `/control` commands it.
 */
export async function startTelegramSimulator(options: TelegramOptions) {
  const { botToken, clock = wallClock } = options
  const now = () => clock.now()
  const seconds = () => Math.floor(now().getTime() / 1000)
  const log = createLog(now)
  const faults = createFaults(options.seed)
  const people = createPeople(now)
  const poster = createPoster()
  const queue = createQueue({ log, faults, now })
  const queries = new Map<string, Person>()
  let commands: Command[] = []
  const bot: BotJson = {
    id: Number(botToken.split(':')[0]),
    is_bot: true,
    first_name: '青安',
    username: options.username ?? 'qingan_demo_bot',
  }
  const webhook = createWebhook({
    queue,
    log,
    faults,
    poster,
    now,
    timing: { ...TIMING, ...options.timing },
    async call(method, params) {
      const line = log.add({ kind: 'call', what: method, outcome: 'open' })
      log.end(line, (await answerOf(table, method, params).catch(refused)).end)
    },
  })
  const table = methods({
    bot,
    people,
    queue,
    webhook,
    queries,
    commands: { get: () => commands, set: (next) => void (commands = next) },
    now,
    perSecond: options.perSecond ?? Infinity,
  })

  const hand = async (person: Person, what: string, json: object, shown?: { text?: string; kept?: Kept }) => {
    const text = shown?.text
    const id = queue.nextId()
    const line = log.add({
      kind: 'user',
      what,
      user: person.id,
      key: String(id),
      outcome: 'open',
      ...(text === undefined ? {} : { text }),
    })
    const done = await queue.add(id, person.id, what, json, text)
    log.end(line, { outcome: done.taken ? 'taken' : 'gave-up' })
    if (shown?.kept) shown.kept.shown.way = done.taken ? 'taken' : 'gave-up'
    return done
  }

  const member = (person: Person, blocked: boolean): Promise<Said> => {
    person.blocked = blocked
    person.chat.show({ from: 'person', kind: '动作', text: blocked ? '停用机器人' : '重新启用机器人' })
    const kicked = { user: bot, status: 'kicked', until_date: 0 }
    const there = { user: bot, status: 'member' }
    const [was, is] = blocked ? [there, kicked] : [kicked, there]
    const my_chat_member = {
      chat: chatJson(person),
      from: userJson(person),
      date: seconds(),
      old_chat_member: was,
      new_chat_member: is,
    }
    return hand(person, blocked ? 'block' : 'unblock', { my_chat_member })
  }

  function press(person: Person, message: number, data: string): Promise<Said> {
    const kept = person.messages.get(message)
    const label = kept?.shown.buttons?.find(({ press: each }) => {
      const it = each as { press?: { data?: string } }
      return it.press?.data === data
    })?.label
    if (!kept?.fromBot || label === undefined) throw new Refused(404, '没有这个按钮')
    const id = String(randomBytes(8).readBigUInt64BE())
    queries.set(id, person)
    const oldest = queries.keys().next()
    if (queries.size > QUERIES_MAX && !oldest.done) queries.delete(oldest.value)
    const shown = person.chat.show({ from: 'person', kind: '按钮', text: label, way: 'open' })
    const callback_query = {
      id,
      from: userJson(person),
      message: kept.json,
      chat_instance: String(person.number * 31),
      data,
    }
    return hand(person, 'callback_query', { callback_query }, { text: data, kept: { ...kept, shown } })
  }

  function edit(person: Person, text: string, message?: number): Promise<Said> {
    const own = [...person.messages.values()].filter(({ fromBot, json }) => !fromBot && 'text' in json)
    const kept = message === undefined ? own.at(-1) : own.find(({ json }) => json.message_id === message)
    if (!kept) throw new Refused(404, '没有可以改的消息')
    kept.json = { ...kept.json, text, edit_date: seconds() }
    Object.assign(kept.shown, { text, edited: true, way: 'open' })
    return hand(person, 'edited_message', { edited_message: kept.json }, { text, kept })
  }

  function start(user: string, act: Act): Promise<Said> {
    const person = people.meet(user)
    if (typeof act !== 'string' && 'event' in act) return member(person, act.event === 'block')
    if (person.blocked) throw new Refused(409, '先重新启用机器人')
    if (typeof act !== 'string' && 'press' in act) return press(person, act.press.message, act.press.data)
    if (typeof act !== 'string' && 'edit' in act) return edit(person, act.edit, act.message)
    person.started = true
    const { what, fields, shown, kind } = contentOf(act)
    const message = {
      message_id: people.nextMessage(),
      from: userJson(person),
      chat: chatJson(person),
      date: seconds(),
      ...fields,
    }
    const kept: Kept = {
      json: message,
      fromBot: false,
      shown: person.chat.show({ from: 'person', text: shown, way: 'open', ...(kind ? { kind } : {}) }),
    }
    people.keep(person, kept)
    return hand(person, what, { message }, { text: shown, kept })
  }

  const menu = () =>
    commands.map(({ command, description }) => ({ label: description, press: `/${command}` }))
  const stage: Stage<Act> = {
    platform: 'telegram',
    title: 'Telegram 模拟器',
    log,
    faults,
    act: Act,
    start,
    users: {
      create: (name) => people.create(name),
      list: () => people.list(),
      view: (id) => people.view(id, menu()),
    },
    connection: () => {
      const hook = webhook.get()
      const waiting = queue.count()
      return `${hook ? `消息送到 ${hook.url}` : '等机器人来取消息'}${waiting ? `，还有 ${waiting} 条没有取走` : ''}`
    },
    deeds: deedsOf(start),
  }
  const server = await listen(
    [
      ['/control', controlRouter(stage)],
      ['/', pageRouter()],
      ['/', apiRouter({ botToken, table, log, faults })],
    ],
    options.port,
    options.host,
  )

  return {
    url: server.url,
    log,
    faults,
    users: stage.users,
    /** The number by which the bot knows this person. */
    numberOf: (user: string): number => people.meet(user).number,
    /** Does it as this person; resolves once the bot has it, or it is too old, or everything ends. */
    say: async (user: string, what: Act): Promise<Said> => start(user, Act.parse(what)),
    async stop(): Promise<void> {
      webhook.stop()
      queue.stop()
      await server.close()
      poster.close()
    },
  }
}
