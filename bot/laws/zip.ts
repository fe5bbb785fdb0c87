import { fromBufferPromise, validateFileName, type Entry, type ZipFile } from 'yauzl'
import { decode, decodeAs, LIMITS, wanted, type Gatherer } from './gather.js'

/** Bit 11 of an entry's flags: its name is UTF-8. */
const UTF8_NAME = 0x800
/** Deflate reaches about 1000 : 1 on zeros alone; a statute stays below 10 : 1. */
const MOST_RATIO = 100

/** Adds the texts of a zip to what was gathered. It is read in memory: no entry ever becomes a file. */
export async function readZip(content: Buffer, name: string, gathered: Gatherer): Promise<void> {
  try {
    // Names are decoded here: archives made on Chinese Windows carry GB18030 ones.
    const zip = await fromBufferPromise(content, { lazyEntries: true, decodeStrings: false })
    if (zip.entryCount > LIMITS.files)
      return gathered.fault(name, `压缩包里有 ${zip.entryCount} 个文件，最多 ${LIMITS.files} 个`)
    for await (const entry of zip.eachEntry()) await takeEntry(zip, entry, name, gathered)
  } catch (error) {
    // yauzl throws plain errors at a broken or lying archive: a fault of the file, not of the program.
    gathered.fault(name, `压缩包打不开：${(error as Error).message}`)
  }
}

async function takeEntry(zip: ZipFile, entry: Entry, zipName: string, gathered: Gatherer): Promise<void> {
  const inside = nameOf(entry)
  if (inside === null) return gathered.fault(zipName, '压缩包里有个文件名的编码认不出')
  const path = `${zipName}/${inside}`
  const unsafe = validateFileName(inside)
  if (unsafe) return gathered.fault(path, `压缩包里的路径不安全：${unsafe}`)
  if (inside.endsWith('/') || !wanted(inside) || /(?:^|\/)(?:\.|__MACOSX\/)/.test(inside)) return
  if (entry.isEncrypted()) return gathered.fault(path, '压缩包有密码')
  if (entry.uncompressedSize > entry.compressedSize * MOST_RATIO + 1_000)
    return gathered.fault(path, '压缩比不正常，不解压')
  if (!gathered.room(path, entry.uncompressedSize)) return
  // yauzl fails the stream when it grows beyond the declared size, which `room` has looked at.
  const pieces: Buffer[] = []
  for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(piece as Buffer)
  gathered.add(path, Buffer.concat(pieces))
}

function nameOf(entry: Entry): string | null {
  const utf8 = decode(entry.fileNameRaw)
  if (utf8 !== null || entry.generalPurposeBitFlag & UTF8_NAME) return utf8
  return decodeAs('gb18030', entry.fileNameRaw)
}
