import { randomBytes } from 'node:crypto'
import { controlRouter, pageRouter, Refused, type Stage } from '../control.js'
import { createFaults } from '../faults.js'
import { createLog } from '../log.js'
import type { Said } from '../people.js'
import { createPoster } from '../post.js'
import { listen, wallClock, type Clock } from '../server.js'
import { Act, pushOf } from './acts.js'
import { apiRouter } from './api.js'
import { deedsOf } from './deeds.js'
import { menuButtons, type MenuButton } from './menu.js'
import { createPeople, type Person } from './people.js'
import { createPusher, TIMING, type Account, type Timing } from './push.js'
import { TEMPLATES, type Template } from './templates.js'
import { createTokens } from './tokens.js'

export interface WechatOptions {
  /** 0: a free one. */
  port: number
  host?: string
  appId: string
  secret: string
  token: string
  /** EncodingAESKey, 43 characters; without it everything is plain. */
  aesKey?: string
  mode?: Account['mode']
  /** Where the account's server takes messages. */
  webhook: string
  clock?: Clock
  timing?: Partial<Timing>
  templates?: readonly Template[]
  /** Of the faults that strike by chance. */
  seed?: number
}

export type WechatSimulator = Awaited<ReturnType<typeof startWechatSimulator>>

/**
 * The 公众号 platform, as its documents describe it: takes what users write and hands it to the account's server, and
 * answers the account's calls. The page at `/` is a user's phone, `/control` commands it.
 */
export async function startWechatSimulator(options: WechatOptions) {
  const { appId, secret, token, aesKey, webhook, clock = wallClock, templates = TEMPLATES } = options
  const now = () => clock.now()
  const account: Account = { appId, token, webhook, mode: aesKey ? (options.mode ?? 'safe') : 'plain' }
  if (aesKey) account.aesKey = aesKey
  const log = createLog(now)
  const faults = createFaults(options.seed)
  const people = createPeople(now)
  const tokens = createTokens(now)
  const poster = createPoster()
  const original = `gh_${randomBytes(6).toString('hex')}`
  let menu: MenuButton[] | null = null
  let verified: boolean | null = null
  // Numbers beyond 2^53, as the platform's are; after a new start of the simulator they are others.
  let lastId = BigInt(Date.now()) * 10_000_000n
  const messageId = () => String(++lastId)
  // Of what is sent out the numbers are small.
  let lastSent = Math.floor(Date.now() / 1000)
  const pusher = createPusher({
    account,
    log,
    faults,
    poster,
    now,
    timing: { ...TIMING, ...options.timing },
    reply: (user, text) => void people.get(user)?.chat.show({ from: 'bot', text }),
  })

  const pushed = (
    person: Person,
    what: string,
    key: string,
    fields: object,
    text?: string,
  ): Promise<Said> => {
    const CreateTime = Math.floor(now().getTime() / 1000)
    const head = { ToUserName: original, FromUserName: person.id, CreateTime }
    const event = 'Event' in fields
    const all = {
      ...head,
      MsgType: event ? 'event' : what,
      ...fields,
      ...(event ? {} : { MsgId: { bare: key } }),
    }
    return pusher.push({ user: person.id, what, key, fields: all, ...(text === undefined ? {} : { text }) })
  }

  function change(person: Person, act: Act): void {
    if (typeof act === 'string' || !('event' in act)) {
      // A line of a menu message counts as a click in the menu: 《客服消息》.
      const pressed = typeof act !== 'string' && 'press' in act
      person.allowance.open(pressed ? 'event' : 'message', now())
      return
    }
    if (act.event === 'unsubscribe') {
      person.following = false
      person.allowance.close()
      person.consents.clear()
    }
    if (act.event === 'subscribe') person.following = true
    if (act.event === 'subscribe' || act.event === 'SCAN' || act.event === 'CLICK')
      person.allowance.open('event', now())
    if (act.event === 'subscribe_msg_popup_event' && act.answer === 'accept') {
      const lasting = templates.some(({ id, kind }) => id === act.template && kind === 'lasting')
      person.consents.set(act.template, lasting ? Infinity : (person.consents.get(act.template) ?? 0) + 1)
    }
  }

  function start(user: string, act: Act): Promise<Said> {
    const person = people.meet(user)
    if (!person.following && !(typeof act !== 'string' && 'event' in act && act.event === 'subscribe'))
      throw new Refused(409, '先关注')
    return go(person, act)
  }

  async function go(person: Person, act: Act): Promise<Said> {
    const { what, fields, shown, kind } = pushOf(act, () => randomBytes(24).toString('base64url'))
    change(person, act)
    const key = messageId()
    const message = person.chat.show({ from: 'person', text: shown, way: 'open', ...(kind ? { kind } : {}) })
    const text = kind === '动作' ? undefined : shown
    const line = log.add({
      kind: 'user',
      what,
      user: person.id,
      key,
      outcome: 'open',
      ...(text ? { text } : {}),
    })
    const said = await pushed(person, what, key, fields, text)
    message.way = said.taken ? 'taken' : 'gave-up'
    if (!said.taken && kind !== '动作')
      person.chat.show({ from: 'platform', text: '该公众号提供的服务出现故障，请稍后再试' })
    log.end(line, { outcome: said.taken ? 'taken' : 'gave-up' })
    return said
  }

  function receipt(person: Person, { id, kind }: Template, msgid: string): void {
    const failed = person.rejects
    const fields =
      kind === 'template'
        ? {
            Event: 'TEMPLATESENDJOBFINISH',
            MsgID: { bare: msgid },
            Status: failed ? 'failed:user block' : 'success',
          }
        : {
            Event: 'subscribe_msg_sent_event',
            SubscribeMsgSentEvent: {
              List: [
                {
                  TemplateId: id,
                  MsgID: msgid,
                  ErrorCode: { bare: failed ? '43101' : '0' },
                  ErrorStatus: failed ? 'user block' : 'success',
                },
              ],
            },
          }
    // After the answer to the call.
    setImmediate(() => void pushed(person, fields.Event, msgid, fields))
  }

  /** The GET that makes sure whose address it is. */
  async function verify(): Promise<boolean> {
    return (verified = await pusher.verify())
  }

  const stage: Stage<Act> = {
    platform: 'wechat',
    title: '公众号模拟器',
    log,
    faults,
    act: Act,
    start,
    users: {
      create: (name) => people.create(name),
      list: () => people.list(),
      view: (id) => people.view(id, menuButtons(menu ?? [])),
    },
    connection: () =>
      `消息送到 ${webhook}${verified === null ? '' : verified ? '，服务器地址验证通过' : '，服务器地址没有通过验证'}`,
    deeds: deedsOf(start, { people, tokens, templates, verify }),
  }
  const api = apiRouter({
    appId,
    secret,
    tokens,
    people,
    templates,
    menu: { get: () => menu, set: (next) => void (menu = next) },
    now,
    messageId: () => String(++lastSent),
    receipt,
    log,
    faults,
  })
  const server = await listen(
    [
      ['/control', controlRouter(stage)],
      ['/', pageRouter()],
      ['/', api],
    ],
    options.port,
    options.host,
  )

  return {
    url: server.url,
    log,
    faults,
    templates,
    users: stage.users,
    /** Does it as this person; resolves once the account's server has it or the platform has given up. */
    say: async (user: string, what: Act): Promise<Said> => start(user, Act.parse(what)),
    verify,
    /** Tokens run out now (42001), or are replaced by somebody else (40001). */
    expireTokens: () => tokens.expire(),
    revokeTokens: () => tokens.revoke(),
    /** As if 48 hours had gone by for this person. */
    closeWindow: (user: string) => people.meet(user).allowance.close(),
    /** Whether this person has the account's notices switched off. */
    reject: (user: string, rejects: boolean) => void (people.meet(user).rejects = rejects),
    async stop(): Promise<void> {
      pusher.stop()
      await server.close()
      poster.close()
    },
  }
}
