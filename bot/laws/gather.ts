import { basename, extname } from 'node:path'
import type { ImportFault } from '../../shared/law.js'

/** A file given for import, as text. */
export interface SourceFile {
  /** As it was named, with the path inside a folder or zip; slashes. */
  path: string
  text: string
}

/** What one import may bring: far above every real collection, far below what would hurt. */
export const LIMITS = {
  files: 5_000,
  /** Bytes of one file; the longest statute has 330,000. */
  fileBytes: 2_000_000,
  /** Bytes of all files together. */
  allBytes: 64_000_000,
  zipBytes: 32_000_000,
  depth: 8,
}

const TEXTS = new Set(['.md', '.markdown', '.txt'])

/** Whether a file of this name can hold a statute or describe some. */
export const wanted = (path: string): boolean =>
  TEXTS.has(extname(path).toLowerCase()) || basename(path) === 'index.json'

export type Gatherer = ReturnType<typeof gatherer>

/** Counts what comes in, and refuses what is too much. */
export function gatherer() {
  const files: SourceFile[] = []
  const faults: ImportFault[] = []
  let bytes = 0
  let full = false
  const fault = (path: string, what: string) => void faults.push({ path, line: 0, what })
  return {
    files,
    faults,
    fault,
    /** Whether there is room for `size` more bytes; a refusal is said. */
    room(path: string, size: number): boolean {
      if (size > LIMITS.fileBytes) {
        fault(path, `文件有 ${size} 字节，一个文件最多 ${LIMITS.fileBytes} 字节`)
        return false
      }
      if (files.length >= LIMITS.files || bytes + size > LIMITS.allBytes) {
        if (!full) fault(path, `文件太多或太大：一次最多 ${LIMITS.files} 个、${LIMITS.allBytes} 字节`)
        full = true
        return false
      }
      bytes += size
      return true
    },
    add(path: string, content: Uint8Array): void {
      const text = decode(content)
      if (text === null) fault(path, '不是 UTF-8 文本，请另存为 UTF-8 再导入')
      else files.push({ path, text })
    },
  }
}

/** UTF-8 text without a byte-order mark; null when it is anything else. */
export function decode(content: Uint8Array): string | null {
  const text = decodeAs('utf-8', content)
  return text === null || text.includes('\0') || text.includes('\uFFFD') ? null : text
}

/** The text in this encoding, or null when the bytes are not in it. */
export function decodeAs(encoding: 'utf-8' | 'gb18030', content: Uint8Array): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(content)
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return null
    throw error
  }
}
