import { readdir, readFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError } from '../errors.js'
import { faultLine } from './faults.js'
import { parseContent, type Content, type ContentFiles } from './content.js'

/** The project's intents/ folder, from the sources or from dist/. */
export function contentFolder(): string {
  const beside = fileURLToPath(new URL('../../intents', import.meta.url))
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../../intents', import.meta.url))
}

/** Reads every YAML file below a folder. */
export async function readFolder(folder: string): Promise<ContentFiles> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = found
    .filter((entry) => entry.isFile() && entry.name.endsWith('.yml'))
    .map((entry) => join(entry.parentPath, entry.name))
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')))
  return Object.fromEntries(
    paths.map((path, i) => [relative(folder, path).split(sep).join('/'), texts[i] as string]),
  )
}

/** Parses, or throws `content.invalid` naming the first faults. */
export function contentOf(files: ContentFiles): Content {
  const { content, faults } = parseContent(files)
  if (content) return content
  const why = faults.slice(0, 5).map(faultLine)
  throw new AppError('content.invalid', { why: `${faults.length} faults; ${why.join('; ')}` })
}
