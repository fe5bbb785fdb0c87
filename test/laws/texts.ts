import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { contentFolder } from '../../bot/content/folder.js'
import { StatuteFile } from '../../bot/laws/articles.js'
import { importLaws, type ImportOptions } from '../../bot/laws/import.js'
import { readLibrary } from '../../bot/laws/library.js'
import { createVault } from '../../bot/store/crypto.js'
import { openStore, type Store } from '../../bot/store/store.js'

/** The official texts are no part of the project: where they are not at hand, what needs them is skipped, and that is said. */
export const LAWS = process.env.QINGAN_LAWS

/** The bare list that ships with the content. */
export const { statutes: LISTED } = StatuteFile.parse(
  parse(readFileSync(join(contentFolder(), 'laws/articles.yml'), 'utf8')),
)

export const NOW = new Date('2026-11-02T10:00:00+08:00')
export const DAY = '2026-11-02'

export const memoryStore = (): Promise<Store> => openStore({ memory: true }, createVault(Buffer.alloc(32, 7)))

/** Imports texts given as path → text. */
export const importTexts = (
  store: Pick<Store, 'statutes'>,
  texts: Record<string, string>,
  options: Partial<ImportOptions> = {},
) =>
  importLaws(
    store,
    { files: Object.entries(texts).map(([path, text]) => ({ path, text })), faults: [] },
    { known: LISTED, now: NOW, ...options },
  )

export const libraryOf = (store: Store) => readLibrary(store)

const NUMBERS = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十']

/** A small statute of our own: each article from its words. */
export function statute(
  title: string,
  passed: string,
  articles: readonly string[],
  since = '2020年1月1日',
): string {
  const body = articles.map((words, i) => `**第${NUMBERS[i]}条** ${words}`).join('\n\n')
  return `# ${title}\n\n${passed}通过\n\n## 第一章 总则\n\n${body}\n\n## 附则\n\n**第${NUMBERS[articles.length]}条** 本法自${since}起施行。\n`
}
