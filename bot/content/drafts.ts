import type { Conflict } from '../../shared/content.js'
import { AppError } from '../errors.js'
import type { StoredContent } from '../store/intents.js'
import type { Store } from '../store/store.js'
import { checkFile } from './check.js'
import { LINES_PATH, type Content, type ContentFiles } from './content.js'
import { contentOf } from './folder.js'
import { dayOf } from './lines.js'
import type { Live } from './live.js'
import { compareFiles, NO_FILE, sha256 } from './load.js'
import type { ContentReader } from './reader.js'

export interface DraftParts {
  store: Pick<Store, 'contents' | 'feed'>
  reader: ContentReader
  /** The files this program came with. */
  shipped: ContentFiles
  live: Pick<Live, 'files'>
  /** The operator's own imported statutes, where there are any: then it is their words that count. */
  texts?(): Content['texts']
}

/** A change of one document by a member of staff. */
export interface Change {
  path: string
  /** sha256 of the text that was read before. */
  hash: string
  by: { id: string }
  at: Date
  verb: string
  fields: string[]
}

export type Drafts = ReturnType<typeof createDrafts>

/** What is written now, released or not. Every change passes the checks, names what it changes, and is remembered. */
export function createDrafts({ store, reader, shipped, live, texts = () => null }: DraftParts) {
  const files = async (): Promise<ContentFiles> =>
    Object.fromEntries((await store.contents.all()).map(({ path, text }) => [path, text]))

  /** All of it parsed. Throws `content.invalid` when a document no longer parses. */
  const content = async (given?: ContentFiles): Promise<Content> => {
    const written = given ?? (await files())
    return (await reader.read(written)).content ?? contentOf(written)
  }

  const stored = async (path: string): Promise<StoredContent> => {
    const found = await store.contents.one(path)
    if (!found) throw new AppError('record.unknown')
    return found
  }

  /** Throws `content.changed` when somebody else has saved since. */
  const readAs = async (path: string, hash: string): Promise<StoredContent> => {
    const was = await stored(path)
    if (sha256(was.text) !== hash) throw new AppError('content.changed')
    return was
  }

  const write = async (
    was: StoredContent,
    next: Pick<StoredContent, 'text' | 'fileHash'>,
    change: Change,
  ) => {
    const { by, at, verb, fields } = change
    if (!(await store.contents.change(was, next, { by: by.id, at, verb, fields })))
      throw new AppError('content.changed')
    await store.feed.publish('content')
  }

  return {
    files,
    content,
    stored,

    /** What is wrong with a document if it said `text`. */
    async faults(path: string, text: string, at: Date) {
      const parsed = await reader.read({ ...(await files()), [path]: text })
      return parsed.content
        ? checkFile({ ...parsed.content, texts: texts() }, path, dayOf(at))
        : parsed.faults.filter((fault) => fault.path === path)
    },

    /**
     * Keeps a changed document. Throws `content.faults` with each mistake at its field, and keeps nothing then;
     * `content.changed` when it is no longer what was read; `record.unknown`.
     */
    async keep(change: Change, text: (was: string) => string): Promise<void> {
      const was = await readAs(change.path, change.hash)
      const next = text(was.text)
      if (next === was.text) return
      const faults = (await this.faults(change.path, next, change.at)).filter(({ due }) => !due)
      if (faults.length) throw new AppError('content.faults', { tell: { faults } })
      await write(was, { text: next, fileHash: was.fileHash }, change)
    },

    /** Whether a document is written otherwise than it is said. Lines are said as they are written. */
    isChanged: (path: string, text: string): boolean => path !== LINES_PATH && live.files()[path] !== text,

    async history(path: string) {
      await stored(path)
      return store.contents.history(path)
    },

    /** Documents changed both in the console and in their file. */
    async conflicts(): Promise<Conflict[]> {
      const all = await store.contents.all()
      const { conflicts } = compareFiles(shipped, all).report
      return all
        .filter(({ path }) => conflicts.includes(path))
        .map(({ path, text }) => ({ path, hash: sha256(text), console: text, file: shipped[path] ?? null }))
    },

    /** Ends a conflict: the console's words stay, or the file's are taken. Both are remembered. */
    async resolve(
      path: string,
      hash: string,
      take: 'console' | 'file',
      by: { id: string },
      at: Date,
    ): Promise<void> {
      const was = await readAs(path, hash)
      const file = shipped[path]
      const change = { path, hash, by, at, verb: take === 'file' ? 'file-taken' : 'console-kept', fields: [] }
      if (file === undefined && take === 'file') {
        if (!(await store.contents.remove(was))) throw new AppError('content.changed')
        return store.feed.publish('content')
      }
      const text = take === 'file' && file !== undefined ? file : was.text
      await write(was, { text, fileHash: file === undefined ? NO_FILE : sha256(file) }, change)
    },
  }
}
