import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import { assemble, parseFile, type ContentFiles, type Parsed, type ParsedFile } from './content.js'

/** Texts remembered beyond the newest content: the live release, the drafts and the files differ in few. */
const KEPT_TIMES = 3

export type ContentReader = ReturnType<typeof contentReader>

/**
 * Parses content again and again in a serving process: a text known from before is not parsed again, and between two
 * files the event loop has its turn (all of them together would stall every chat for half a second).
 */
export function contentReader() {
  const known = new Map<string, ParsedFile>()
  return {
    async read(files: ContentFiles): Promise<Parsed> {
      const parsed: ParsedFile[] = []
      for (const [path, text] of Object.entries(files)) {
        const key = `${path}\0${text}`
        const found = known.get(key)
        if (!found) await turnOfTheLoop()
        const file = found ?? parseFile(path, text)
        // Again at the end: what is used stays, what is not falls off the front.
        known.delete(key)
        known.set(key, file)
        parsed.push(file)
      }
      for (const key of known.keys()) {
        if (known.size <= KEPT_TIMES * parsed.length) break
        known.delete(key)
      }
      return assemble(files, parsed)
    },
  }
}
