import { z } from 'zod'
import type { LogLine } from '../log.js'
import { ApiError, badRequest, tooMany } from './errors.js'
import { buttonsOf, markupOf } from './markup.js'
import { chatJson, type Kept, type People, type Person } from './people.js'
import { updateJson, type Queue } from './queue.js'
import { Bool, Int, json } from './values.js'
import type { Webhook } from './webhook.js'

/** 《sendMessage》: longest text. */
const TEXT_MAX = 4096

export interface BotJson {
  id: number
  is_bot: true
  first_name: string
  username: string
}

export interface MethodParts {
  bot: BotJson
  people: People
  queue: Queue
  webhook: Webhook
  commands: { get(): Command[]; set(commands: Command[]): void }
  /** Queries of pressed buttons that wait for their answer. */
  queries: Map<string, Person>
  now(): Date
  /** Messages a second before 429; Infinity: none. */
  perSecond: number
}

export interface Command {
  command: string
  description: string
}

export interface Answered {
  result: unknown
  description?: string
  note?: Partial<LogLine>
}
/** `gone` strikes when the bot has hung up. */
export type Method = (params: Record<string, unknown>, gone?: AbortSignal) => Answered | Promise<Answered>

const SECRET = /^[A-Za-z0-9_-]{1,256}$/
const COMMAND = /^[a-z0-9_]{1,32}$/

/** What the simulated Bot API can be asked; names in lower case. */
export function methods(parts: MethodParts): Record<string, Method> {
  const { bot, people, queue, webhook, now } = parts
  let second = { at: 0, sent: 0 }
  let description = ''

  const chatOf = (params: Record<string, unknown>): Person => {
    if (params.chat_id === undefined || params.chat_id === '') throw badRequest('chat_id is empty')
    const number = Int.safeParse(params.chat_id)
    const person = number.success ? people.byNumber(number.data) : undefined
    if (!person) throw badRequest('chat not found')
    if (person.blocked) throw new ApiError(403, 'Forbidden: bot was blocked by the user')
    if (!person.started) throw new ApiError(403, "Forbidden: bot can't initiate conversation with a user")
    return person
  }

  const textOf = (params: Record<string, unknown>): string => {
    const text = typeof params.text === 'string' ? params.text.trim() : ''
    if (!text) throw badRequest('message text is empty')
    if (text.length > TEXT_MAX) throw badRequest('message is too long')
    if (params.parse_mode) throw badRequest('unsupported parse_mode')
    return text
  }

  const ours = (person: Person, params: Record<string, unknown>): Kept => {
    const id = Int.safeParse(params.message_id)
    const kept = id.success ? person.messages.get(id.data) : undefined
    if (!kept) throw badRequest('message to edit not found')
    if (!kept.fromBot) throw badRequest("message can't be edited")
    return kept
  }

  const change = (params: Record<string, unknown>, text: string | null): Answered => {
    const person = chatOf(params)
    const kept = ours(person, params)
    const markup = markupOf(params.reply_markup)
    const next: Kept['json'] = { ...kept.json, ...(text === null ? {} : { text }) }
    delete next.reply_markup
    if (markup) next.reply_markup = markup
    if (
      JSON.stringify([next.text, next.reply_markup]) ===
      JSON.stringify([kept.json.text, kept.json.reply_markup])
    )
      throw badRequest(
        'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
      )
    const edited = Math.floor(now().getTime() / 1000)
    kept.json = { ...next, edit_date: edited }
    kept.shown.text = String(next.text)
    kept.shown.edited = true
    kept.shown.buttons = buttonsOf(markup, kept.json.message_id)
    return {
      result: kept.json,
      note: { user: person.id, key: String(kept.json.message_id), text: String(next.text) },
    }
  }

  const limited = () => {
    const at = Math.floor(now().getTime() / 1000)
    if (second.at !== at) second = { at, sent: 0 }
    if (++second.sent > parts.perSecond) throw tooMany(1)
  }

  return {
    getme: () => ({
      result: {
        ...bot,
        can_join_groups: false,
        can_read_all_group_messages: false,
        supports_inline_queries: false,
      },
    }),

    setwebhook: (params) => {
      const url = typeof params.url === 'string' ? params.url : ''
      const secret = params.secret_token
      const given = z
        .object({
          max_connections: Int.min(1).max(100).default(40),
          allowed_updates: json(z.array(z.string()).max(50)).optional(),
          drop_pending_updates: Bool.default(false),
        })
        .safeParse(params)
      if (!given.success) throw badRequest(`invalid ${given.error.issues[0]?.path.join('.')} specified`)
      if (secret !== undefined && secret !== '' && !(typeof secret === 'string' && SECRET.test(secret)))
        throw badRequest('secret token contains unallowed characters')
      // As a Bot API server of one's own with --local: also http, any port, any address.
      if (url && !/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
        throw badRequest('bad webhook: An HTTPS URL must be provided for webhook')
      if (given.data.allowed_updates) queue.allow(given.data.allowed_updates)
      if (given.data.drop_pending_updates) queue.clear()
      const was = webhook.get()
      const next = url
        ? { url, connections: given.data.max_connections, ...(secret ? { secret: secret as string } : {}) }
        : null
      webhook.set(next)
      const same = was?.url === url && was?.secret === next?.secret
      return { result: true, description: same ? 'Webhook is already set' : 'Webhook was set' }
    },

    deletewebhook: ({ drop_pending_updates: drop }) => {
      if (Bool.default(false).safeParse(drop).data) queue.clear()
      const was = webhook.get()
      webhook.set(null)
      return { result: true, description: was ? 'Webhook was deleted' : 'Webhook is already deleted' }
    },

    getwebhookinfo: () => {
      const hook = webhook.get()
      const failure = webhook.failure()
      return {
        result: {
          url: hook?.url ?? '',
          has_custom_certificate: false,
          pending_update_count: queue.count(),
          ...(failure
            ? {
                last_error_date: Math.floor(failure.at.getTime() / 1000),
                last_error_message: failure.message,
              }
            : {}),
          ...(hook ? { max_connections: hook.connections } : {}),
          ...(queue.allowed().length ? { allowed_updates: queue.allowed() } : {}),
        },
      }
    },

    getupdates: async (params, gone) => {
      if (webhook.get())
        throw new ApiError(
          409,
          "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
        )
      const given = z
        .object({
          offset: Int.default(0),
          limit: Int.min(1).max(100).catch(100),
          timeout: Int.min(0).max(50).catch(0),
          allowed_updates: json(z.array(z.string()).max(50)).optional(),
        })
        .safeParse(params)
      if (!given.success) throw badRequest(`invalid ${given.error.issues[0]?.path.join('.')} specified`)
      if (given.data.allowed_updates) queue.allow(given.data.allowed_updates)
      return { result: (await queue.fetch(given.data, gone)).map(updateJson) }
    },

    sendmessage: (params) => {
      const person = chatOf(params)
      const text = textOf(params)
      const markup = markupOf(params.reply_markup)
      limited()
      const message_id = people.nextMessage()
      const message = {
        message_id,
        from: bot,
        chat: chatJson(person),
        date: Math.floor(now().getTime() / 1000),
        text,
        ...(markup && 'inline_keyboard' in markup ? { reply_markup: markup } : {}),
      }
      const buttons = buttonsOf(markup, message_id)
      const shown = person.chat.show({ from: 'bot', text, ...(buttons ? { buttons } : {}) })
      people.keep(person, { json: message, fromBot: true, shown })
      return { result: message, note: { user: person.id, key: String(message_id), text } }
    },

    editmessagetext: (params) => change(params, textOf(params)),
    editmessagereplymarkup: (params) => change(params, null),

    answercallbackquery: ({ callback_query_id: id, text }) => {
      const person = typeof id === 'string' ? parts.queries.get(id) : undefined
      if (!person) throw badRequest('query is too old and response timeout expired or query ID is invalid')
      parts.queries.delete(id as string)
      if (typeof text === 'string' && text) person.chat.show({ from: 'platform', text: text.slice(0, 200) })
      return { result: true, note: { user: person.id } }
    },

    sendchataction: (params) => {
      const person = chatOf(params)
      if (typeof params.action !== 'string' || !params.action)
        throw badRequest('wrong parameter action in request')
      return { result: true, note: { user: person.id } }
    },

    setmycommands: (params) => {
      const given = json(
        z.array(z.object({ command: z.string(), description: z.string() })).max(100),
      ).safeParse(params.commands)
      if (!given.success) throw badRequest("can't parse commands: expected an Array of BotCommand")
      for (const { command, description } of given.data) {
        if (!COMMAND.test(command.replace(/^\//, ''))) throw badRequest('BOT_COMMAND_INVALID')
        if (!description.trim() || description.length > 256)
          throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID')
      }
      parts.commands.set(given.data.map((each) => ({ ...each, command: each.command.replace(/^\//, '') })))
      return { result: true }
    },
    getmycommands: () => ({ result: parts.commands.get() }),
    deletemycommands: () => {
      parts.commands.set([])
      return { result: true }
    },

    setmydescription: (params) => {
      const given = z.string().max(512).default('').safeParse(params.description)
      if (!given.success) throw badRequest('bot description is too long')
      description = given.data
      return { result: true }
    },
    getmydescription: () => ({ result: { description } }),
  }
}
