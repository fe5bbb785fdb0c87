import { z } from 'zod'
import type { Button } from '../people.js'
import { badRequest } from './errors.js'
import { json } from './values.js'

/** Longest callback_data, in bytes. */
const DATA_MAX = 64

const InlineButton = z.object({
  text: z.string().min(1),
  callback_data: z.string().optional(),
  url: z.string().optional(),
})
const Markup = z.union([
  z.object({ inline_keyboard: z.array(z.array(InlineButton)) }),
  z.object({ keyboard: z.array(z.array(z.union([z.string(), z.object({ text: z.string().min(1) })]))) }),
  z.object({ remove_keyboard: z.literal(true) }),
  z.object({ force_reply: z.literal(true) }),
])
export type Markup = z.infer<typeof Markup>

/** reply_markup of a call; undefined without one. */
export function markupOf(value: unknown): Markup | undefined {
  if (value === undefined || value === '') return undefined
  const parsed = json(Markup).safeParse(value)
  if (!parsed.success) throw badRequest('object expected as reply markup')
  const markup = parsed.data as Markup
  if ('inline_keyboard' in markup) {
    for (const { callback_data: data, url } of markup.inline_keyboard.flat()) {
      if (data === undefined && url === undefined)
        throw badRequest(
          "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        )
      if (data !== undefined && (!data || Buffer.byteLength(data) > DATA_MAX))
        throw badRequest('BUTTON_DATA_INVALID')
    }
  }
  return markup
}

/** The buttons as the phone shows them. A link leads nowhere here. */
export function buttonsOf(markup: Markup | undefined, message: number): Button[] | undefined {
  if (!markup) return undefined
  if ('inline_keyboard' in markup)
    return markup.inline_keyboard
      .flat()
      .filter(({ callback_data: data }) => data !== undefined)
      .map(({ text, callback_data: data }) => ({ label: text, press: { press: { message, data } } }))
  if ('keyboard' in markup)
    return markup.keyboard.flat().map((button) => {
      const label = typeof button === 'string' ? button : button.text
      return { label, press: label }
    })
  return undefined
}
