import { createCipheriv, createDecipheriv, randomBytes, scrypt, type ScryptOptions } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { promisify } from 'node:util'
import { AppError } from '../errors.js'

/**
 * The file of a backup: a header (magic, salt), then frames of AES-256-GCM (NIST SP 800-38D). The key comes from the
 * passphrase by scrypt (RFC 7914); it serves this file only, so a frame's number is its nonce. Each frame is bound to the
 * header and says whether it is the last, so that none can be changed, moved, left out or cut off (the STREAM construction,
 * https://eprint.iacr.org/2015/189).
 */
const MAGIC = Buffer.from('QINGAN BACKUP 1\n')
const SALT_BYTES = 16
const TAG_BYTES = 16
const FRAME_BYTES = 256 * 1024
const MAX_FRAME_BYTES = 20 * 1024 * 1024
/** 128 MB and about half a second for each guess at the passphrase. */
const SCRYPT: ScryptOptions = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 }

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)

const nonce = (frame: number): Buffer => {
  const bytes = Buffer.alloc(12)
  bytes.writeBigUInt64BE(BigInt(frame), 4)
  return bytes
}
const bound = (header: Buffer, last: boolean): Buffer => Buffer.concat([header, Buffer.from([last ? 1 : 0])])

const invalid = (why: string, cause?: unknown): AppError => new AppError('backup.invalid', { why }, { cause })

/** Writes pieces of bytes, encrypted; `end` makes the file whole and durable. */
export async function encryptTo(file: FileHandle, passphrase: string) {
  const header = Buffer.concat([MAGIC, randomBytes(SALT_BYTES)])
  const key = await derive(passphrase, header.subarray(MAGIC.length), 32, SCRYPT)
  await file.write(header)
  let pieces: Uint8Array[] = []
  let [size, frame] = [0, 0]
  const flush = async (last: boolean): Promise<void> => {
    const cipher = createCipheriv('aes-256-gcm', key, nonce(frame++))
    cipher.setAAD(bound(header, last))
    const body = Buffer.concat([cipher.update(Buffer.concat(pieces)), cipher.final(), cipher.getAuthTag()])
    const length = Buffer.alloc(4)
    length.writeUInt32BE(body.length)
    await file.write(Buffer.concat([length, body]))
    pieces = []
    size = 0
  }
  return {
    async write(bytes: Uint8Array): Promise<void> {
      pieces.push(bytes)
      size += bytes.length
      if (size >= FRAME_BYTES) await flush(false)
    },
    async end(): Promise<void> {
      await flush(true)
      await file.sync()
    },
  }
}

async function read(file: FileHandle, length: number, at: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length)
  const { bytesRead } = await file.read(bytes, 0, length, at)
  return bytes.subarray(0, bytesRead)
}

/** The decrypted frames, each whole. Throws `backup.invalid` at the first byte that is not what was written. */
export async function* decryptFrom(file: FileHandle, passphrase: string): AsyncGenerator<Buffer> {
  const header = await read(file, MAGIC.length + SALT_BYTES, 0)
  if (header.length < MAGIC.length + SALT_BYTES || !header.subarray(0, MAGIC.length).equals(MAGIC))
    throw invalid('this is no backup of 青安')
  const key = await derive(passphrase, header.subarray(MAGIC.length), 32, SCRYPT)
  const { size } = await file.stat()
  for (let [at, frame] = [header.length, 0]; ; frame++) {
    const prefix = await read(file, 4, at)
    const length = prefix.length < 4 ? 0 : prefix.readUInt32BE(0)
    if (length < TAG_BYTES || length > MAX_FRAME_BYTES || at + 4 + length > size)
      throw invalid('the backup is cut off or was changed')
    const body = await read(file, length, at + 4)
    at += 4 + length
    const last = at === size
    const decipher = createDecipheriv('aes-256-gcm', key, nonce(frame))
    decipher.setAAD(bound(header, last))
    decipher.setAuthTag(body.subarray(-TAG_BYTES))
    let plain: Buffer
    try {
      plain = Buffer.concat([decipher.update(body.subarray(0, -TAG_BYTES)), decipher.final()])
    } catch (cause) {
      throw invalid(
        frame === 0
          ? 'the passphrase is wrong, or the backup was changed'
          : 'the backup is cut off or was changed',
        cause,
      )
    }
    yield plain
    if (last) return
  }
}
