import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { TEXT_MAX } from '../control.js'

const Text = z.string().min(1).max(TEXT_MAX)

/** What a person can do on Telegram. */
export const Act = z.union([
  Text,
  z.strictObject({ text: Text }),
  /** Changes the last message of one's own, or the one with this message_id. */
  z.strictObject({ edit: Text, message: z.number().int().optional() }),
  /** Presses an inline button under the message with this message_id. */
  z.strictObject({ press: z.strictObject({ message: z.number().int(), data: z.string().min(1).max(64) }) }),
  z.strictObject({ voice: z.union([z.literal(true), z.string()]) }),
  z.strictObject({ image: z.literal(true), caption: z.string().max(1024).optional() }),
  z.strictObject({ sticker: z.union([z.literal(true), z.string().min(1).max(16)]) }),
  /** Comes by t.me/bot?start=… and presses Start. */
  z.strictObject({ start: z.string().regex(/^[\w-]{0,64}$/) }),
  z.strictObject({ event: z.enum(['block', 'unblock']) }),
])
export type Act = z.infer<typeof Act>

const id = () => randomBytes(30).toString('base64url')
const file = (more: object) => ({
  file_id: id(),
  file_unique_id: id().slice(0, 16),
  file_size: 12_345,
  ...more,
})

/** What a message holds beside the fields that every one has, and how the phone shows it. */
export function contentOf(act: Exclude<Act, { edit: string } | { press: object } | { event: string }>): {
  what: string
  fields: object
  shown: string
  kind?: string
} {
  if (typeof act === 'string' || 'text' in act) return written(typeof act === 'string' ? act : act.text)
  if ('start' in act) return written(act.start ? `/start ${act.start}` : '/start')
  if ('voice' in act) {
    const voice = file({ duration: 3, mime_type: 'audio/ogg' })
    return { what: 'voice', fields: { voice }, shown: '一段语音', kind: '语音' }
  }
  if ('image' in act) {
    const { caption } = act
    const photo = [90, 320, 800].map((width) => file({ width, height: width }))
    const fields = { photo, ...(caption ? { caption } : {}) }
    return { what: 'photo', fields, shown: caption ?? '一张图片', kind: '图片' }
  }
  const emoji = act.sticker === true ? '😢' : act.sticker
  const shape = { width: 512, height: 512, type: 'regular', is_animated: false, is_video: false }
  return { what: 'sticker', fields: { sticker: file({ ...shape, emoji }) }, shown: emoji, kind: '贴纸' }
}

function written(text: string): { what: string; fields: object; shown: string } {
  const command = /^\/[a-zA-Z0-9_]{1,32}/.exec(text)?.[0]
  const entities = command ? [{ type: 'bot_command', offset: 0, length: command.length }] : undefined
  return { what: 'text', fields: { text, ...(entities ? { entities } : {}) }, shown: text }
}
