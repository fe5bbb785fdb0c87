import { inSyllables } from './syllables.js'

/** FNV-1a over UTF-16 units, 32 bits. */
function hash(text: string, start: number, end: number): number {
  let h = 0x811c9dc5 ^ (end - start)
  for (let i = start; i < end; i++) {
    h ^= text.charCodeAt(i)
    h = Math.imul(h, 0x01000193)
  }
  return h >>> 0
}

const NOISE = /[\p{P}\p{S}\p{Z}\s]+/gu

/** Character 1–2-grams of a normalised text as hashes, punctuation dropped, borders marked by `^` and `$`. */
export function ngrams(text: string): Uint32Array {
  const bare = `^${text.replace(NOISE, '')}$`
  const grams = new Uint32Array(bare.length * 2 - 1)
  let n = 0
  for (let size = 1; size <= 2; size++) {
    for (let i = 0; i + size <= bare.length; i++) grams[n++] = hash(bare, i, i + size)
  }
  return grams.subarray(0, n)
}

const PAUSES = /[,.，。;；、\p{Z}\s]+/gu
const REPEATED = /([\p{P}\p{S}])\1+/gu
const LONGEST_PHRASE = 3

/**
 * Character 1–3-grams of a normalised text as hashes. What ends a thought is one pause, typed as a comma, a stop or a space;
 * both ends are pauses too, and marked: 死了 alone is not the end of 累死了. Other punctuation is kept, repeated marks
 * once; a syllable of pinyin counts as one character.
 */
export function phrases(text: string): Uint32Array {
  const paused = inSyllables(text).replace(PAUSES, ' ').replace(REPEATED, '$1').trim()
  const once = `^ ${paused} $`
  const grams: number[] = []
  for (let size = 1; size <= LONGEST_PHRASE; size++)
    for (let i = 0; i + size <= once.length; i++) grams.push(hash(once, i, i + size))
  return Uint32Array.from(grams)
}

/** Character bigrams of a normalised text, as strings, for the search index. */
export function bigrams(text: string): string[] {
  const bare = text.replace(NOISE, '')
  if (bare.length === 1) return [bare]
  const grams: string[] = []
  for (let i = 0; i + 2 <= bare.length; i++) grams.push(bare.slice(i, i + 2))
  return grams
}
