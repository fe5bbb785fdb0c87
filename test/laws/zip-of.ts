import { crc32, deflateRawSync } from 'node:zlib'

/** A zip with these entries; `declared` lies about the unpacked size, `body` about what is in it. */
export function zipOf(
  entries: readonly (readonly [name: string | Buffer, text: string])[],
  lie: { declared?: number; body?: Uint8Array } = {},
): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, text] of entries) {
    const content = Buffer.from(text)
    const packed = Buffer.from(lie.body ?? deflateRawSync(content))
    const nameBytes = Buffer.from(name as string)
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt16LE(typeof name === 'string' ? 0x800 : 0, 2)
    shared.writeUInt16LE(8, 4)
    shared.writeUInt32LE(checksum(content), 10)
    shared.writeUInt32LE(packed.length, 14)
    shared.writeUInt32LE(lie.declared ?? content.length, 18)
    shared.writeUInt16LE(nameBytes.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), shared, nameBytes, packed])
    const central = Buffer.alloc(14)
    central.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), shared, central, nameBytes]))
    parts.push(local)
    offset += local.length
  }
  const all = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(all.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, all, end])
}

/** As the format wants it. */
const checksum = (content: Buffer): number => crc32(content)
