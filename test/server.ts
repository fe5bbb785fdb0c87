import { randomBytes, randomUUID } from 'node:crypto'
import type { ChatMessage } from '../shared/message.js'
import { readConfig } from '../bot/config.js'
import type { Knowledge } from '../bot/conversation/receive.js'
import { start, type Running, type StartOptions } from '../bot/main.js'
import { realKnowledge } from './brain.js'
import { followEvents } from './events.js'
import { until } from './until.js'

let learnt: Promise<Knowledge> | undefined
/** Content and brain, once per test file. */
export const knowledge = (): Promise<Knowledge> => (learnt ??= realKnowledge())

/** The real server on a free port, in memory unless another place is given. */
export async function testServer(
  env: Record<string, string> = {},
  options: StartOptions = {},
): Promise<Running & { client(token?: string): Promise<Client>; told: string[] }> {
  const key = randomBytes(32).toString('hex')
  const config = readConfig({ PORT: '0', BURST_MS: '20', LOG_LEVEL: 'silent', DATA_KEY: key, ...env })
  const place = options.place ?? { memory: true as const }
  const told: string[] = []
  const running = await start(config, {
    tell: (line) => told.push(line),
    strictReplies: true,
    ...options,
    place,
    knowledge: options.knowledge ?? (await knowledge()),
  })
  return { ...running, told, client: (token) => client(running.url, token) }
}

/** A young person's browser, as far as the network sees it. */
export type Client = Awaited<ReturnType<typeof client>>

/** A browser with a session, its own or a new one; `address` is where a proxy says that it stands. */
export async function client(url: string, given?: string, address?: string) {
  const web = `${url}/channels/web`
  const token = given ?? (await session(url))
  const headers = {
    authorization: `Bearer ${token}`,
    ...(address ? { 'x-forwarded-for': address } : {}),
  }

  const messagesAfter = async (after: number): Promise<ChatMessage[]> => {
    const response = await fetch(`${web}/messages?after=${after}`, { headers })
    if (!response.ok) throw new Error(`messages: ${response.status}`)
    return ((await response.json()) as { messages: ChatMessage[] }).messages
  }

  return {
    token,
    headers,
    messagesAfter,

    /** Posts a message under an id of its own, or a given one. */
    say: (text: string, id: string = randomUUID()): Promise<Response> =>
      fetch(`${web}/messages`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ id, text }),
      }),

    /** Posts bytes as they are. */
    post: (body: string | Uint8Array, contentType = 'application/json'): Promise<Response> =>
      fetch(`${web}/messages`, {
        method: 'POST',
        headers: { ...headers, 'content-type': contentType },
        body,
      }),

    /** The whole history. */
    async history(): Promise<ChatMessage[]> {
      const all: ChatMessage[] = []
      for (;;) {
        const page = await messagesAfter(all.at(-1)?.number ?? 0)
        if (page.length === 0) return all
        all.push(...page)
      }
    },

    /** The bot's words to everything said so far: the history, once its newest message is not the person's. */
    waitForReply: (after = 0): Promise<ChatMessage[]> =>
      until(async () => {
        const messages = await messagesAfter(after)
        const last = messages.at(-1)
        return last && last.from !== 'person' ? messages : null
      }, 'a reply'),

    forget: (): Promise<Response> => fetch(`${web}/conversation`, { method: 'DELETE', headers }),

    /** Follows the conversation's events, from a message number on. */
    events: (lastEventId?: number) =>
      followEvents(`${web}/events`, {
        ...headers,
        ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }),
      }),
  }
}

/** A new session of the web chat. */
export async function session(url: string): Promise<string> {
  const response = await fetch(`${url}/channels/web/session`, { method: 'POST' })
  return ((await response.json()) as { token: string }).token
}
