import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { AppError } from '../errors.js'

/** Seals and opens what a person wrote, and makes the keyed hash an address is found by. */
export interface Vault {
  /** AES-256-GCM (NIST SP 800-38D), a fresh 96-bit nonce each time; `context` binds the text to its place. */
  seal(text: string, context: string): Buffer
  /** Throws `store.key-wrong` when the bytes were changed, moved to another context, or sealed by another key. */
  open(sealed: Uint8Array, context: string): string
  /** HMAC-SHA-256, hexadecimal. */
  hash(text: string): string
}

const VERSION = 1

/** A vault from a 32-byte key; separate keys for sealing and hashing come from HKDF (RFC 5869). */
export function createVault(key: Buffer): Vault {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', key, '', `qingan ${purpose}`, 32))
  const sealKey = derive('seal')
  const hashKey = derive('hash')
  return {
    seal(text, context) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce)
      cipher.setAAD(Buffer.from(context))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.getAuthTag(), body])
    },
    open(sealed, context) {
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
      try {
        if (bytes[0] !== VERSION) throw new RangeError(`sealed by version ${bytes[0]}`)
        const decipher = createDecipheriv('aes-256-gcm', sealKey, bytes.subarray(1, 13))
        decipher.setAAD(Buffer.from(context))
        decipher.setAuthTag(bytes.subarray(13, 29))
        return Buffer.concat([decipher.update(bytes.subarray(29)), decipher.final()]).toString('utf8')
      } catch (cause) {
        throw new AppError('store.key-wrong', { why: 'a stored text does not open with this key' }, { cause })
      }
    },
    hash: (text) => createHmac('sha256', hashKey).update(text).digest('hex'),
  }
}

/**
 * The key: `DATA_KEY` where set, else the file beside the data folder, made once with mode 0600. `made` is its
 * path when this call made it, so that the start can say so: who loses it loses every conversation. No second key
 * is made for data that has one.
 */
export function dataKey(
  given: string | undefined,
  dataDir: string,
  hasData: boolean,
): { key: Buffer; made?: string } {
  if (given) return { key: Buffer.from(given, 'hex') }
  const path = `${resolve(dataDir)}.key`
  if (existsSync(path)) {
    const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'hex')
    if (key.length !== 32)
      throw new AppError('store.key-wrong', { why: `${path} holds no key of 64 hexadecimal digits` })
    return { key }
  }
  if (hasData) throw new AppError('store.key-wrong', { why: `there is data, but its key ${path} is missing` })
  mkdirSync(dirname(path), { recursive: true })
  const key = randomBytes(32)
  writeFileSync(path, `${key.toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  chmodSync(path, 0o600)
  return { key, made: path }
}

/** lean() hands out BSON Binary or Buffer, depending on the driver: bytes either way. */
export function bytes(value: Uint8Array | { buffer: Uint8Array }): Uint8Array {
  return value instanceof Uint8Array ? value : value.buffer
}
