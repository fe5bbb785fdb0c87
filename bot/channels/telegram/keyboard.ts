import type { Bubble } from '../../../shared/message.js'

/** Most buttons under one message: the rest would be scrolled past. Telegram takes a hundred. */
export const BUTTONS_MAX = 8
/** What Telegram lets a button carry, in bytes. */
const DATA_MAX = 64

/** The buttons of a bubble under its message, one a row. Each carries its own words, as far as they fit. */
export function keyboard(buttons: Bubble['buttons']) {
  if (!buttons?.length) return {}
  return { reply_markup: { inline_keyboard: buttons.map((text) => [{ text, callback_data: dataOf(text) }]) } }
}

function dataOf(label: string): string {
  let data = ''
  for (const char of label) {
    if (Buffer.byteLength(data + char) > DATA_MAX) break
    data += char
  }
  return data
}
