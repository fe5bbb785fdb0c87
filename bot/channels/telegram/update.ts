import { z } from 'zod'
import type { Unreadable } from '../../../shared/channel.js'
import { TEXT_MAX } from '../../../shared/message.js'
import type { Inbound } from '../../conversation/inbox.js'
import { wordsOf } from './commands.js'

/** What of an inbound message Telegram tells; the channel's name is added where it is stored. */
export type Arrival = Omit<Inbound, 'channel'>

/** A warning somebody can subscribe to by a link: its id is what the link carries, its title what they would say. */
export interface LinkedTopic {
  id: string
  title: string
}

/** The kinds we ask Telegram for (Bot API, allowed_updates). */
export const KINDS = ['message', 'edited_message', 'callback_query', 'my_chat_member'] as const

const Id = z.number().int().safe()
const Chat = z.object({ id: Id, type: z.string().max(32) })
const Words = z.string().max(TEXT_MAX).optional()
/** Whatever else a message holds is looked at by the names of its fields alone. */
const Message = z.looseObject({ chat: Chat, text: Words, caption: Words })
type Message = z.infer<typeof Message>
const Key = z.object({ text: z.string().max(TEXT_MAX), callback_data: z.string().optional() })
const Pressed = z.object({
  id: z.string().max(256),
  data: z.string().max(256).optional(),
  message: z
    .object({
      chat: Chat,
      reply_markup: z.object({ inline_keyboard: z.array(z.array(Key)) }).optional(),
    })
    .optional(),
})

export const Update = z.object({
  update_id: Id.min(0),
  message: Message.optional(),
  edited_message: Message.optional(),
  callback_query: Pressed.optional(),
  my_chat_member: z
    .object({ chat: Chat, new_chat_member: z.object({ status: z.string().max(32) }) })
    .optional(),
})
export type Update = z.infer<typeof Update>

/** What an update asks for. */
export interface Asked {
  /** To be stored, in order. */
  arrivals: Arrival[]
  /** A pressed button: Telegram shows it as busy until it is answered. */
  pressed?: string
  /** A group somebody has put the bot into: others read along there, so it leaves. */
  leave?: number
}

const CONTENT: [field: string, kind: Unreadable][] = [
  ['photo', 'image'],
  ['sticker', 'sticker'],
  ['voice', 'voice'],
  ['audio', 'voice'],
  ['video', 'video'],
  ['video_note', 'video'],
  ['animation', 'video'],
  ['location', 'location'],
  ['venue', 'location'],
]
/** What Telegram itself writes into a private chat: nobody has said it. */
const SERVICE = [
  'pinned_message',
  'message_auto_delete_timer_changed',
  'write_access_allowed',
  'connected_website',
  'users_shared',
  'chat_shared',
  'successful_payment',
  'chat_background_set',
]

/** Reads an update. Only what somebody says to us alone is taken; no name is read anywhere. */
export function readUpdate(update: Update, topics: readonly LinkedTopic[]): Asked {
  const { message, edited_message: edited, callback_query: query, my_chat_member: member } = update
  const key = String(update.update_id)
  const chat = message?.chat ?? edited?.chat ?? query?.message?.chat ?? member?.chat
  if (!chat) return { arrivals: [], ...(query ? { pressed: query.id } : {}) }
  if (chat.type !== 'private') return leaving(update, chat)
  const from = { address: String(chat.id), key }
  if (message) return { arrivals: arrivalsOf(message, from, topics) }
  if (edited) {
    const text = edited.text ?? edited.caption ?? ''
    return { arrivals: text ? [{ ...from, text, event: 'edit' }] : [] }
  }
  if (query) return { arrivals: pressOf(query, from), pressed: query.id }
  // Who starts again says so with /start.
  const left = member?.new_chat_member.status === 'kicked'
  return { arrivals: left ? [{ ...from, text: '', event: 'unsubscribe' }] : [] }
}

type From = Pick<Arrival, 'address' | 'key'>

function arrivalsOf(message: Message, from: From, topics: readonly LinkedTopic[]): Arrival[] {
  const { text, caption } = message
  if (text !== undefined) return [spoken(text, from, topics)]
  const kind = CONTENT.find(([field]) => field in message)?.[1]
  if (!kind && SERVICE.some((field) => field in message)) return []
  const thing: Arrival = { ...from, text: '', unreadable: kind ?? 'other' }
  // Words under a picture are words: they are read for danger like any others.
  return caption ? [thing, { ...from, key: `${from.key}.caption`, text: caption }] : [thing]
}

/** `/start drugs` comes from a link (t.me/bot?start=drugs); what it leads to is asked first, never done. */
function spoken(text: string, from: From, topics: readonly LinkedTopic[]): Arrival {
  const [, command, rest = ''] = /^\/([a-z0-9_]{1,32})(?:@\w{1,32})?(?:\s+(.*))?$/su.exec(text.trim()) ?? []
  if (command === 'start' || (command === 'help' && !rest)) {
    const topic = topics.find(({ id }) => id === rest)
    if (topic) return { ...from, text: `订阅${topic.title}` }
    // A link we do not know (any more) is greeted; words typed behind the command are words.
    if (/^[\w-]{0,64}$/.test(rest)) return { ...from, text: '', event: 'subscribe' }
    return { ...from, text: rest }
  }
  return { ...from, text: (command && !rest && wordsOf(command)) || text }
}

/** A press says what stands on the button. The data may be cut, or forged by a client: they are words, no more. */
function pressOf({ data = '', message }: NonNullable<Update['callback_query']>, from: From): Arrival[] {
  const keys = message?.reply_markup?.inline_keyboard.flat() ?? []
  const text = keys.find(({ callback_data }) => callback_data === data)?.text ?? data
  return text ? [{ ...from, text }] : []
}

function leaving(update: Update, chat: { id: number }): Asked {
  const inside = update.my_chat_member?.new_chat_member.status
  const gone = inside === 'left' || inside === 'kicked'
  const pressed = update.callback_query?.id
  return { arrivals: [], ...(gone ? {} : { leave: chat.id }), ...(pressed ? { pressed } : {}) }
}
