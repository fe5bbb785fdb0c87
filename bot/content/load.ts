import { createHash } from 'node:crypto'
import type { StoredContents } from '../store/intents.js'
import type { ContentFiles } from './content.js'

/** What the start did with each file. */
export interface LoadReport {
  added: string[]
  updated: string[]
  removed: string[]
  /** Changed in the console since it came from its file: kept. */
  keptFromConsole: string[]
  /** Changed on both sides: the console's text stays live, and somebody must choose. */
  conflicts: string[]
}

/**
 * Brings the files of intents/ into the store. A file changed → the store follows; the console changed → its
 * text stays; both → it stays too and is reported; nothing is overwritten unseen.
 */
export async function loadContent(
  files: ContentFiles,
  stored: StoredContents,
): Promise<{ files: ContentFiles; report: LoadReport }> {
  const report: LoadReport = { added: [], updated: [], removed: [], keptFromConsole: [], conflicts: [] }
  const live: ContentFiles = {}
  const known = new Map((await stored.all()).map((content) => [content.path, content]))
  for (const [path, text] of Object.entries(files).sort()) {
    const fileHash = sha256(text)
    const was = known.get(path)
    known.delete(path)
    const edited = was && sha256(was.text) !== was.fileHash
    const fileChanged = was && was.fileHash !== fileHash
    if (!was || (fileChanged && !edited) || (fileChanged && was.text === text)) {
      await stored.put({ path, text, fileHash })
      report[was ? 'updated' : 'added'].push(path)
      live[path] = text
    } else {
      if (edited) report[fileChanged ? 'conflicts' : 'keptFromConsole'].push(path)
      live[path] = was.text
    }
  }
  for (const gone of known.values()) {
    if (sha256(gone.text) === gone.fileHash) {
      await stored.remove(gone.path)
      report.removed.push(gone.path)
    } else {
      report.conflicts.push(gone.path)
      live[gone.path] = gone.text
    }
  }
  return { files: live, report }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
