import { z } from 'zod'
import type { Inbound } from '../../conversation/inbox.js'
import type { Unreadable } from '../../../shared/channel.js'
import { Refused } from './refused.js'

/** What of an inbound message the 公众号 tells; the channel's name is added by the bot. */
export type Arrival = Omit<Inbound, 'channel'>

const Digits = z
  .string()
  .trim()
  .regex(/^\d{1,20}$/)
const Fields = z.object({
  /** The OpenID: somebody's address on this 公众号 and no other. */
  FromUserName: z
    .string()
    .trim()
    .regex(/^[\w-]{1,128}$/),
  CreateTime: Digits,
  MsgType: z.string().trim().toLowerCase(),
  MsgId: Digits.optional(),
  Content: z.string().default(''),
  Recognition: z.string().default(''),
  Event: z.string().trim().max(64).default(''),
  EventKey: z.string().max(1024).default(''),
})
type Fields = z.infer<typeof Fields>

/** What WeChat writes in place of a sticker it does not hand on. */
const STICKER = /^[[【](?:收到不支持的消息类型，暂无法显示|Unsupported Message)[\]】]$/

const UNREADABLE: Record<string, Unreadable> = {
  image: 'image',
  voice: 'voice',
  video: 'video',
  shortvideo: 'video',
  location: 'location',
}

/**
 * A message of the 公众号 as ours; null for events nobody answers (a menu link opened, a position reported by the
 * app itself, receipts of template messages). Throws `Refused`.
 */
export function arrivalOf(xml: Record<string, unknown>): Arrival | null {
  const parsed = Fields.safeParse(xml)
  if (!parsed.success) throw new Refused('xml')
  const fields = parsed.data
  if (fields.MsgType === 'event') return eventOf(fields)
  // Messages are told apart by MsgId; without one, by when they were written (公众号 接收普通消息, 消息排重).
  const key = fields.MsgId ?? `${fields.CreateTime}.${fields.MsgType}`
  const message = { address: fields.FromUserName, key }
  if (fields.MsgType === 'text' && !STICKER.test(fields.Content.trim()))
    return { ...message, text: fields.Content }
  if (fields.MsgType === 'text') return { ...message, text: '', unreadable: 'sticker' }
  const heard = fields.Recognition.trim()
  if (fields.MsgType === 'voice' && heard) return { ...message, text: heard }
  return { ...message, text: '', unreadable: UNREADABLE[fields.MsgType] ?? 'other' }
}

function eventOf({ FromUserName: address, CreateTime, Event, EventKey }: Fields): Arrival | null {
  // Events have no MsgId.
  const message = { address, key: `${CreateTime}.${Event}.${EventKey}`, text: '' }
  switch (Event.toLowerCase()) {
    case 'subscribe':
      return { ...message, event: 'subscribe' }
    case 'unsubscribe':
      return { ...message, event: 'unsubscribe' }
    case 'scan':
      return { ...message, event: 'scan' }
    case 'click':
      // The keys of our menu are words.
      return { ...message, text: EventKey, event: 'menu' }
    default:
      return null
  }
}
