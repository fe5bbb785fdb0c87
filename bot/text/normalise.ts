import { Converter } from 'opencc-js'
import { EMOJI_WORDS } from './emoji.js'
import { isMongolianCyrillic, isMongolianLatin } from './mongolian.js'

/** Text made comparable, with the way back: `offsets[i]` is where unit i of `text` began in the original. */
export interface Normalised {
  text: string
  offsets: Uint32Array
}

/** `from: 'tw'` turns 活著 into 活着, which 't' and 'hk' leave alone. */
const toSimplified = Converter({ from: 'tw', to: 'cn' })

/** Zero-width, bidirectional, variation and control characters: they carry no meaning and hide words. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Mn}\p{Me}\uFE00-\uFE0F]/u
const KEPT_CONTROL = new Set(['\n', '\t', '\r'])
const MONGOLIAN = /[\u1800-\u18AF]/
const PICTURE = /\p{Extended_Pictographic}/u

/**
 * Folds a message: NFKC, lower case, traditional → simplified, meaningful emoji → words, invisible characters
 * out. Lone surrogates become spaces. Work is linear in the length.
 */
export function normalise(original: string): Normalised {
  const out: string[] = []
  const offsets: number[] = []
  const push = (piece: string, at: number) => {
    out.push(piece)
    for (let i = 0; i < piece.length; i++) offsets.push(at)
  }
  for (let i = 0; i < original.length;) {
    const code = original.codePointAt(i) as number
    const width = code > 0xffff ? 2 : 1
    if (code >= 0xd800 && code <= 0xdfff) push(' ', i)
    else if (code < 0x7f && code >= 0x20)
      push(code >= 65 && code <= 90 ? String.fromCharCode(code + 32) : original.charAt(i), i)
    else if (code >= 0x4e00 && code <= 0x9fff) push(original.charAt(i), i)
    else pushOther(original.slice(i, i + width), i, push)
    i += width
  }
  return { text: simplify(out.join('')), offsets: Uint32Array.from(offsets) }
}

function pushOther(char: string, at: number, push: (piece: string, at: number) => void): void {
  if (KEPT_CONTROL.has(char)) return push('\n', at)
  const word = EMOJI_WORDS.get(char)
  if (word) return push(word, at)
  if (MONGOLIAN.test(char)) return push(char, at)
  if (INVISIBLE.test(char)) return
  if (PICTURE.test(char)) return push(' ', at)
  push(char.normalize('NFKC').toLowerCase(), at)
}

/** Keeps the length, so that the offsets stay true: where a phrase changes length, characters go one by one. */
function simplify(text: string): string {
  const whole = toSimplified(text)
  if (whole.length === text.length) return whole
  return Array.from(text, (char) => {
    const one = toSimplified(char)
    return one.length === char.length ? one : char
  }).join('')
}

export type Script = 'chinese' | 'latin' | 'mongolian' | 'cyrillic' | 'other' | 'none'

/** Which script most letters of a message are in; `none` when it has no letters. Mongolian is that in each of its three: its own, Cyrillic and Latin. */
export function scriptOf(text: string): Script {
  const counts: Record<Exclude<Script, 'none'>, number> = {
    chinese: 0,
    latin: 0,
    mongolian: 0,
    cyrillic: 0,
    other: 0,
  }
  for (const char of text) {
    if (/\p{Script=Han}/u.test(char)) counts.chinese += 2
    else if (/[a-zA-Z]/.test(char)) counts.latin++
    else if (/\p{Script=Mongolian}/u.test(char)) counts.mongolian++
    else if (/\p{Script=Cyrillic}/u.test(char)) counts.cyrillic++
    else if (/\p{L}/u.test(char)) counts.other++
  }
  let best: Script = 'none'
  let most = 0
  for (const [script, count] of Object.entries(counts)) {
    if (count > most) {
      most = count
      best = script as Script
    }
  }
  if (best === 'cyrillic' && isMongolianCyrillic(text)) return 'mongolian'
  if (best === 'latin' && isMongolianLatin(text)) return 'mongolian'
  return best
}
