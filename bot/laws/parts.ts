import { basename, dirname } from 'node:path'
import type { SourceFile } from './gather.js'
import { readArticleNumber } from './numerals.js'
import { readStatuteText } from './statute-text.js'

/**
 * A long statute may stand in a folder of its own: README.md with title and history, one file for each part of it
 * (the public just-laws collection does so with 民法典 and 宪法). Such files become one text, in the order of
 * their first articles; files that are statutes by themselves stay as they are.
 */
export function joinParts(files: readonly SourceFile[]): { whole: SourceFile[]; parts: string[] } {
  const whole: SourceFile[] = []
  const parts: string[] = []
  const folders = new Map<string, SourceFile[]>()
  for (const file of files) {
    const folder = dirname(file.path)
    folders.set(folder, [...(folders.get(folder) ?? []), file])
  }
  for (const inside of folders.values()) {
    const cover = inside.find(({ path }) => basename(path).toLowerCase() === 'readme.md')
    const others = inside.filter((file) => file !== cover)
    if (!cover || others.length === 0 || !isCover(cover) || !others.every(isPart)) {
      whole.push(...inside)
      continue
    }
    const ordered = others
      .map((file) => ({ file, first: firstArticle(file) }))
      .sort((a, b) => a.first - b.first)
      .map(({ file }) => headless(file.text))
    whole.push({ path: cover.path, text: [withoutLists(cover.text), ...ordered].join('\n\n') })
    parts.push(...others.map(({ path }) => path))
  }
  return { whole, parts }
}

/** Without the YAML head. */
const headless = (text: string) => text.replace(/^\uFEFF?---\r?\n(?:[\s\S]*?\n)??---\r?\n/, '')

/** Title and history, and no article. */
function isCover({ text }: SourceFile): boolean {
  const read = readStatuteText(text)
  return read.articles.length === 0 && read.clauses.length === 0 && read.history.length > 0
}

/** Begins with a heading of a part, or with articles that are not the first. */
function isPart({ text }: SourceFile): boolean {
  const first = headless(text).trimStart().split('\n')[0] ?? ''
  return /^#{1,3}\s*(?:第.+[编章]|附则|序言)/.test(first)
}

function firstArticle({ text }: SourceFile): number {
  const found = readStatuteText(text).articles[0]?.number
  return found ? (readArticleNumber(found)?.[0] ?? 0) : 0
}

/** The cover lists its parts as links: they would be read as its preface. */
const withoutLists = (text: string) => text.replace(/^\s*[-*+] .*$/gm, '')
