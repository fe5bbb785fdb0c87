import { lstat, readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { ImportFault } from '../../shared/law.js'
import { gatherer, LIMITS, wanted, type Gatherer, type SourceFile } from './gather.js'
import { readZip } from './zip.js'

interface Gathered {
  files: SourceFile[]
  faults: ImportFault[]
}

/** Reads files, folders and zips from disk. Faults are told, not thrown; nothing is written and no link is followed. */
export async function readSources(paths: readonly string[]): Promise<Gathered> {
  const gathered = gatherer()
  for (const path of paths) await take(path, 0, gathered)
  return gathered
}

/** Reads one file as it was uploaded: a text or a zip. */
export async function readUpload(name: string, content: Buffer): Promise<Gathered> {
  const gathered = gatherer()
  if (extname(name).toLowerCase() === '.zip') await takeZip(content, name, gathered)
  else if (!wanted(name)) gathered.fault(name, '只能导入 .md、.txt 或 .zip')
  else if (gathered.room(name, content.length)) gathered.add(name, content)
  return gathered
}

async function take(path: string, depth: number, gathered: Gatherer): Promise<void> {
  const info = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw error
  })
  if (!info) return gathered.fault(path, '没有这个文件')
  if (info.isSymbolicLink()) return gathered.fault(path, '是一个链接，不跟随链接')
  if (info.isDirectory()) return takeFolder(path, depth, gathered)
  if (!info.isFile()) return gathered.fault(path, '不是普通文件')
  if (extname(path).toLowerCase() === '.zip') {
    if (info.size > LIMITS.zipBytes) return gathered.fault(path, zipTooBig(info.size))
    return takeZip(await readFile(path), path, gathered)
  }
  if (!wanted(path)) return gathered.fault(path, '只能导入 .md、.txt、.zip 或文件夹')
  if (gathered.room(path, info.size)) gathered.add(path, await readFile(path))
}

async function takeFolder(path: string, depth: number, gathered: Gatherer): Promise<void> {
  if (depth > LIMITS.depth) return gathered.fault(path, '文件夹太深')
  const entries = await readdir(path, { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
    if (entry.isFile() && !wanted(entry.name)) continue
    await take(join(path, entry.name), depth + 1, gathered)
  }
}

async function takeZip(content: Buffer, path: string, gathered: Gatherer): Promise<void> {
  if (content.length > LIMITS.zipBytes) return gathered.fault(path, zipTooBig(content.length))
  await readZip(content, path, gathered)
}

const zipTooBig = (size: number) => `压缩包有 ${size} 字节，最多 ${LIMITS.zipBytes} 字节`
