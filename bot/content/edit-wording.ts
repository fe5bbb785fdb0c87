import { parse } from 'yaml'
import type { ContentFault, Signature, Wording } from '../../shared/content.js'
import { SystemFile } from '../../shared/intent.js'
import { AppError } from '../errors.js'
import { LINES_PATH, messageHash, type Content, type ContentFiles, type SystemMessage } from './content.js'
import type { Drafts } from './drafts.js'
import type { Doing } from './edit-intents.js'
import { dayOf } from './lines.js'
import { sha256 } from './load.js'
import { checkExpiry, standing } from './standing.js'
import { rewrite } from './yaml-edit.js'

/** What staff read, not young people: signed by nobody. */
const FOR_STAFF = new Set(['console'])

export type WordingEditor = ReturnType<typeof wordingEditor>

/** Words that belong to no topic, as staff read, change and sign them: drafts, live only by a release. */
export function wordingEditor(drafts: Drafts) {
  const read = async (file: string) => {
    const path = `system/${file}.yml`
    if (FOR_STAFF.has(file) || path === LINES_PATH) throw new AppError('record.unknown')
    const { text } = await drafts.stored(path)
    return { path, text, parsed: SystemFile.parse(parse(text)) }
  }

  return {
    /** Every message a young person may read, file by file. */
    async list(at: Date, file?: string): Promise<Wording[]> {
      const files = await drafts.files()
      const [content, conflicts] = await Promise.all([drafts.content(files), drafts.conflicts()])
      const disputed = new Set(conflicts.map(({ path }) => path))
      return spoken(content)
        .filter(([id]) => !file || id.startsWith(`${file}.`))
        .map(([id, message]) => rowOf(id, message, files, disputed, drafts, dayOf(at)))
    },

    /**
     * Keeps other words for a message; its buttons lead somewhere in the program and stay. Throws `content.faults`,
     * `content.changed` when the file (`hash`) is no longer what was read, `record.unknown`.
     */
    async save(id: string, hash: string, words: string, doing: Doing): Promise<void> {
      const [file, key] = placeOf(id)
      const { path, parsed } = await read(file)
      const was = parsed.messages[key]
      if (!was) throw new AppError('record.unknown')
      const lost = placeholderFaults(path, key, was.text, words)
      if (lost.length) throw new AppError('content.faults', { tell: { faults: lost } })
      const next = { ...was, text: words.trim() }
      // A signature holds only for the words it signed.
      next.reviews = was.reviews.filter((review) => review.hash === messageHash(next))
      const messages = { ...parsed.messages, [key]: next }
      await drafts.keep({ path, hash, ...doing, verb: 'edited', fields: [key] }, (text) =>
        rewrite(text, parsed, { ...parsed, messages }),
      )
    },

    /** Puts a signature under every message of a file as it was read (`hash`). */
    async sign(file: string, hash: string, { role, name, expires }: Signature, doing: Doing): Promise<void> {
      const { path, parsed } = await read(file)
      const date = dayOf(doing.at)
      checkExpiry(date, expires)
      const messages = Object.fromEntries(
        Object.entries(parsed.messages).map(([key, message]) => {
          const signs = messageHash(message)
          const others = message.reviews.filter((review) => review.hash === signs && review.role !== role)
          return [key, { ...message, reviews: [...others, { role, name, date, expires, hash: signs }] }]
        }),
      )
      await drafts.keep({ path, hash, ...doing, verb: 'signed', fields: [] }, (text) =>
        rewrite(text, parsed, { ...parsed, messages }),
      )
    },

    history: (file: string) => drafts.history(`system/${file}.yml`),
  }
}

/** The messages young people may read. */
export const spoken = (content: Content): [id: string, message: SystemMessage][] =>
  [...content.system].filter(([id]) => !FOR_STAFF.has(placeOf(id)[0]))

/** `danger.life.yes` → the file danger, the key life.yes. */
function placeOf(id: string): [file: string, key: string] {
  const at = id.indexOf('.')
  return [id.slice(0, at), id.slice(at + 1)]
}

function rowOf(
  id: string,
  message: SystemMessage,
  files: ContentFiles,
  disputed: Set<string>,
  drafts: Drafts,
  day: string,
): Wording {
  const [file] = placeOf(id)
  const path = `system/${file}.yml`
  const text = files[path] ?? ''
  return {
    id,
    file,
    ...message,
    hash: sha256(text),
    ...standing(message.reviews, messageHash(message), day),
    changed: drafts.isChanged(path, text),
    conflict: disputed.has(path),
  }
}

/** `{{feeling}}` and the like are filled in by the program: they must still be there, and no new one. */
function placeholderFaults(path: string, key: string, was: string, next: string): ContentFault[] {
  const found = (text: string) =>
    [...new Set(text.match(/\{\{(?!hotline\.)[^}]*\}\}/g) ?? [])].sort().join(' ')
  if (found(was) === found(next)) return []
  return [{ path, at: `messages.${key}`, what: `系统要填的地方不能改：${found(was) || '这里没有'}` }]
}
