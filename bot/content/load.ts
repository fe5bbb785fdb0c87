import { createHash } from 'node:crypto'
import type { StoredContent, StoredContents } from '../store/intents.js'
import type { ContentFiles } from './content.js'

/** What the start did with each file. */
export interface LoadReport {
  added: string[]
  updated: string[]
  removed: string[]
  /** Changed in the console since it came from its file: kept. */
  keptFromConsole: string[]
  /** Changed on both sides: the console's text stays, and somebody must choose. */
  conflicts: string[]
}

/** The files of intents/ beside the store. */
export interface Comparison {
  report: LoadReport
  /** What is written now: the files, and over them what the console changed. */
  draft: ContentFiles
  /** What the files bring since they were last taken over. */
  news: { changed: ContentFiles; removed: string[] }
  /** Writes the news into the store; again and again is once. */
  takeOver(stored: StoredContents): Promise<void>
}

/**
 * Compares the files of intents/ with the store. A file changed → the store follows; the console changed → its text
 * stays; both → it stays too and is reported; nothing is overwritten unseen.
 */
export function compareFiles(files: ContentFiles, stored: readonly StoredContent[]): Comparison {
  const report: LoadReport = { added: [], updated: [], removed: [], keptFromConsole: [], conflicts: [] }
  const draft: ContentFiles = {}
  const news: Comparison['news'] = { changed: {}, removed: [] }
  const known = new Map(stored.map((content) => [content.path, content]))
  for (const [path, text] of Object.entries(files).sort()) {
    const was = known.get(path)
    const fileChanged = was && was.fileHash !== sha256(text)
    if (!was || (fileChanged && !isEdited(was)) || (fileChanged && was.text === text)) {
      news.changed[path] = text
      report[was ? 'updated' : 'added'].push(path)
      draft[path] = text
    } else {
      if (isEdited(was)) report[fileChanged ? 'conflicts' : 'keptFromConsole'].push(path)
      draft[path] = was.text
    }
  }
  for (const gone of stored.filter(({ path }) => !(path in files))) {
    if (isEdited(gone)) {
      report[gone.fileHash === NO_FILE ? 'keptFromConsole' : 'conflicts'].push(gone.path)
      draft[gone.path] = gone.text
    } else {
      news.removed.push(gone.path)
      report.removed.push(gone.path)
    }
  }
  return {
    report,
    draft,
    news,
    async takeOver(contents) {
      for (const [path, text] of Object.entries(news.changed))
        await contents.put({ path, text, fileHash: sha256(text) }, known.get(path) ?? null)
      for (const path of news.removed) await contents.remove(known.get(path) as StoredContent)
    },
  }
}

/** The file hash of a document that somebody chose to keep though its file is gone. */
export const NO_FILE = ''

/** Whether the console changed it since it came from its file. */
export const isEdited = ({ text, fileHash }: StoredContent): boolean => sha256(text) !== fileHash

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
