import { randomUUID } from 'node:crypto'
import { Agent, request as open, type IncomingMessage } from 'node:http'
import { follow, type Follower } from './bench-stream.js'

/** Under the chat's limit of messages in ten seconds for one session. */
const TURNS_A_SESSION = 10
const REPLY_MS = 15_000

const SAYINGS = [
  '同学天天打我还拍视频发群里，我不敢告诉老师',
  '今天天气不错',
  '我爸妈离婚了，我能自己选跟谁吗',
  '暑假打工老板不给工资怎么办',
  '玩游戏充了三千块能退吗',
  '最近晚上总是睡不着，心里很慌',
  '老师罚我站了一上午，这合法吗',
  '我不想活了',
  '网上认识的人要我的照片',
  '谢谢你',
]

/** One turn, in milliseconds since its POST began. */
export interface Turn {
  /** The POST was answered: the message is stored. */
  accepted: number
  /** The first reply of the bot was on the person's side. */
  visible: number
}

export interface TurnLoad {
  turns: Turn[]
  perSecond: number
  /** Answered 429 and stored all the same. */
  slowed: number
  /** No reply within fifteen seconds. */
  lost: number
}

export interface RequestLoad {
  milliseconds: number[]
  perSecond: number
}

/** How much load: what is reached first ends it. */
export interface Bounds {
  /** Conversations or connections at once. */
  atOnce: number
  seconds: number
  /** Turns or requests. */
  most: number
}

/**
 * Talks to a server as the chat page does: a session, a message, its reply through the event stream, the next
 * message; a new session from a new address (TRUST_PROXY=1) every ten turns.
 */
export async function loadTurns(url: string, { atOnce, seconds, most }: Bounds): Promise<TurnLoad> {
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity })
  const found: TurnLoad = { turns: [], perSecond: 0, slowed: 0, lost: 0 }
  const from = performance.now()
  const until = from + seconds * 1000
  let within = 0
  let begun = 0
  const goOn = () => performance.now() < until && begun < most

  const session = async (): Promise<void> => {
    const headers = { 'x-forwarded-for': nextAddress() }
    const { token } = JSON.parse((await send(agent, `${url}/channels/web/session`, headers, '')).text) as {
      token: string
    }
    const talk = new Talk(agent, url, { ...headers, authorization: `Bearer ${token}` })
    try {
      for (let i = 0; i < TURNS_A_SESSION && goOn(); i++) {
        const turn = await talk.turn(SAYINGS[begun++ % SAYINGS.length] as string)
        if (!turn) {
          found.lost++
          return
        }
        found.turns.push(turn)
        if (performance.now() <= until) within++
      }
    } finally {
      found.slowed += talk.slowed
      talk.close()
    }
  }
  const person = async () => {
    while (goOn()) await session()
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, person))
  } finally {
    agent.destroy()
  }
  found.perSecond = within / ((Math.min(performance.now(), until) - from) / 1000)
  return found
}

/** Posts messages to a baseline, the next when the last was answered. */
export async function loadRequests(url: string, { atOnce, seconds, most }: Bounds): Promise<RequestLoad> {
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity })
  const milliseconds: number[] = []
  const from = performance.now()
  const until = from + seconds * 1000
  let begun = 0
  const connection = async () => {
    while (performance.now() < until && begun < most) {
      const body = JSON.stringify({ id: randomUUID(), text: SAYINGS[begun++ % SAYINGS.length] })
      const started = performance.now()
      const { status } = await send(agent, `${url}/messages`, {}, body)
      if (status >= 300) throw new Error(`a baseline answered ${status}`)
      milliseconds.push(performance.now() - started)
    }
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, connection))
  } finally {
    agent.destroy()
  }
  return { milliseconds, perSecond: milliseconds.length / ((performance.now() - from) / 1000) }
}

/** One session of one person. */
class Talk {
  slowed = 0
  private follower: Follower | null = null

  constructor(
    private readonly agent: Agent,
    private readonly url: string,
    private readonly headers: Record<string, string>,
  ) {}

  /** Null when no reply came. Throws when the message was refused. */
  async turn(text: string): Promise<Turn | null> {
    const id = randomUUID()
    const started = performance.now()
    const watched = this.follower?.replyTo(id, REPLY_MS)
    const { status, text: body } = await send(
      this.agent,
      `${this.url}/channels/web/messages`,
      this.headers,
      JSON.stringify({ id, text }),
    )
    const accepted = performance.now() - started
    if (status === 429 && body.includes('"stored":true')) this.slowed++
    else if (status !== 202) throw new Error(`a message was answered ${status}`)
    const visible = await (watched ?? this.firstReply())
    return visible === null ? null : { accepted, visible: visible - started }
  }

  close(): void {
    this.follower?.close()
  }

  /** There is no stream before the first word. */
  private firstReply(): Promise<number | null> {
    this.follower = follow(`${this.url}/channels/web/events`, this.headers)
    return this.follower.firstReply(REPLY_MS)
  }
}

/** A GET as text; throws when it is not answered 200. */
export async function read(url: string, headers: Record<string, string>): Promise<string> {
  const response = await fetch(url, { headers })
  if (!response.ok) throw new Error(`${new URL(url).pathname} was answered ${response.status}`)
  return response.text()
}

function send(
  agent: Agent,
  url: string,
  headers: Record<string, string>,
  body: string,
): Promise<{ status: number; text: string }> {
  return new Promise((fulfil, reject) => {
    const options = { agent, method: 'POST', headers: { ...headers, 'content-type': 'application/json' } }
    const request = open(url, options, (response: IncomingMessage) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        fulfil({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
      )
      response.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}

let addresses = 0

/** Never the same twice in sixteen million: the limits of one address are not what is measured. */
function nextAddress(): string {
  const number = addresses++
  return `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`
}
