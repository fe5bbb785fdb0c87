import { randomUUID } from 'node:crypto'
import { DateTime } from 'luxon'
import type { Role } from '../../shared/staff.js'
import { ZONE } from '../content/lines.js'
import type { TelegramSimulator } from '../simulators/telegram/simulator.js'
import type { WechatSimulator } from '../simulators/wechat/simulator.js'
import { openSeat, tokenOf, unknownPassword, until, type Seat } from './demo-console.js'

interface Parts {
  url: string
  /** The link for the first administrator. */
  first: string
  wechat: WechatSimulator
  telegram: TelegramSimulator
}

const EVERY_ROLE: Role[] = ['administrator', 'supervisor', 'counselor', 'editor', 'campaigner']

/**
 * Fills a new installation through its own interface, as staff and young people would: accounts, both channels on,
 * conversations, somebody who waits for a human, a warning that waits for approval. Resolves with the one-time link of
 * an account that may do everything.
 */
export async function seed({ url, first, wechat, telegram }: Parts): Promise<string> {
  const keeper = openSeat(url)
  await keeper.post('/welcome/first', {
    token: tokenOf(first),
    name: 'keeper',
    workName: '小白',
    password: unknownPassword(),
  })
  await keeper.put('/channels/telegram/ruling', { text: '演示：只连本机的模拟器，没有数据出境' })
  const template = wechat.templates.find(({ kind }) => kind === 'template')
  await keeper.put('/channels/wechat/template', { template: template?.id ?? null })
  const lin = await member(url, keeper, 'lin', '小林老师', ['counselor'])
  const zhou = await member(url, keeper, 'zhou', '小周', ['campaigner', 'editor'])

  await question(wechat)
  await subscription(telegram)
  await webVisitor(url)
  await handover(wechat, lin)
  await waiting(telegram, lin)
  await warning(zhou)
  const { link } = await keeper.post<{ link: string }>('/staff', {
    name: 'demo',
    workName: '演示',
    roles: EVERY_ROLE,
  })
  return `${url}${link}`
}

async function member(url: string, by: Seat, name: string, workName: string, roles: Role[]): Promise<Seat> {
  const { link } = await by.post<{ link: string }>('/staff', { name, workName, roles })
  const seat = openSeat(url)
  await seat.post('/welcome', { token: tokenOf(link), password: unknownPassword() })
  return seat
}

type Phone = Pick<WechatSimulator, 'users' | 'say'> | Pick<TelegramSimulator, 'users' | 'say'>

/** Writes as this person and waits for the answer: the last message that came. */
async function talk(phone: Phone, user: string, act: string | { start: string }) {
  const came = () => phone.users.view(user)?.messages.filter(({ from }) => from === 'bot') ?? []
  const before = came().length
  const say = phone.say as (user: string, act: unknown) => Promise<unknown>
  await say(user, act)
  return until(() => (came().length > before ? came().at(-1) : null), 'an answer')
}

/** Asks what the law says, on WeChat. */
async function question(wechat: WechatSimulator): Promise<void> {
  const ming = wechat.users.create('小明')
  await wechat.say(ming, { event: 'subscribe' })
  await talk(wechat, ming, '高年级的人天天拦着我要钱，不给就打，我能报警吗')
}

/** Comes by a code that offers a subscription, on Telegram, and says yes. */
async function subscription(telegram: TelegramSimulator): Promise<void> {
  const hai = telegram.users.create('小海')
  await talk(telegram, hai, { start: 'drugs' })
  const buttons = () => telegram.users.view(hai)?.messages.flatMap((each) => each.buttons ?? [])
  const [yes] = await until(
    () => (buttons()?.length ? buttons() : null),
    'the question about the subscription',
  )
  await telegram.say(hai, yes?.press as { press: { message: number; data: string } })
}

/** Writes on the web page. */
async function webVisitor(url: string): Promise<void> {
  const session = await fetch(`${url}/channels/web/session`, { method: 'POST' })
  const { token } = (await session.json()) as { token: string }
  await fetch(`${url}/channels/web/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ id: randomUUID(), text: '暑假打工，老板一直不给工资怎么办' }),
  })
}

interface Waiting {
  id: string
  conversation: string
}
/** Who begins to wait while this is done. */
async function newlyWaiting(lin: Seat, work: () => Promise<unknown>): Promise<Waiting> {
  const waiting = async () => (await lin.get<{ items: Waiting[] }>('/escalations?state=waiting')).items
  const before = new Set((await waiting()).map(({ id }) => id))
  await work()
  return until(async () => (await waiting()).find(({ id }) => !before.has(id)), 'somebody who waits')
}

/** In distress on WeChat; a counselor comes, writes, and gives the conversation back. */
async function handover(wechat: WechatSimulator, lin: Seat): Promise<void> {
  await lin.put('/desk/duty', { onDuty: true })
  const yu = wechat.users.create('小雨')
  await wechat.say(yu, { event: 'subscribe' })
  const { id, conversation } = await newlyWaiting(lin, () => talk(wechat, yu, '我撑不下去了，不想活了'))
  await lin.post(`/escalations/${id}/claim`)
  const text = '我是小林老师，是真人，你写的我看过了。你现在身边有人吗？'
  await lin.post(`/conversations/${conversation}/replies`, { key: randomUUID(), text })
  await until(
    () => wechat.users.view(yu)?.messages.some((each) => each.text.includes('我是小林老师，是真人')),
    'the counselor’s words',
  )
  await wechat.say(yu, '我妈回来了，我好一点了，谢谢老师')
  await lin.post(`/escalations/${id}/resolve`, { outcome: 'helped', topic: null, level: 'watch' })
}

/** In danger on Telegram, and nobody has come yet. */
async function waiting(telegram: TelegramSimulator, lin: Seat): Promise<void> {
  const ana = telegram.users.create('阿娜')
  await talk(telegram, ana, { start: '' })
  await newlyWaiting(lin, () => talk(telegram, ana, '我爸喝醉了又在打我，我不敢回家'))
  await lin.put('/desk/duty', { onDuty: false })
}

interface Template {
  id: string
  topic: string
  audience: string
  text: { zh: string; mn: string | null }
}

/** The next warning of the calendar, written for tomorrow, waits for a second person. */
async function warning(zhou: Seat): Promise<void> {
  const { items } = await zhou.get<{ items: Template[] }>('/warnings')
  const { channels } = await zhou.get<{ channels: string[] }>('/campaign-choices')
  const next = items[0]
  if (!next) return
  const start = DateTime.now().setZone(ZONE).plus({ days: 1 }).set({ hour: 10, minute: 0 })
  const { id } = await zhou.post<{ id: string }>('/campaigns', {
    topic: next.topic,
    text: next.text,
    audience: next.audience,
    schedule: { start: start.toFormat("yyyy-MM-dd'T'HH:mm"), repeat: 'once', until: null },
    channels,
    template: next.id,
  })
  await zhou.post(`/campaigns/${id}/submit`, { version: 1 })
}
