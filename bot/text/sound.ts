import { pinyin } from 'pinyin-pro'
import { unitOf } from './syllables.js'

const HAN = /\p{Script=Han}/gu
/** Begun with the one common character whose first reading in the dictionary is not its commonest. */
const units = new Map<string, string>([['了', unitOf('le') as string]])

/** A text as it would read were it typed in pinyin: each character by its commonest reading, as one unit a syllable. */
export const sounded = (text: string): string => text.replace(HAN, unit)

function unit(char: string): string {
  let found = units.get(char)
  if (found === undefined) {
    const syllable = pinyin(char, { toneType: 'none', v: true }).replace('ü', 'v')
    found = unitOf(syllable) ?? char
    units.set(char, found)
  }
  return found
}
