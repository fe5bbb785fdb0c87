import { createCipheriv, createDecipheriv, createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { Refused } from './refused.js'

/** PKCS#7 to 32 bytes, not to the 16 of an AES block (公众号 消息加解密说明). */
const BLOCK = 32
const RANDOM = 16

/** SHA-1 over the sorted parts, in hex: how the 公众号 signs (token, timestamp, nonce, in safe mode the encrypted text too). */
export function signatureOf(...parts: string[]): string {
  return createHash('sha1')
    .update([...parts].sort().join(''))
    .digest('hex')
}

/** Whether `given` is the signature of these parts; takes the same time whatever is wrong. */
export function signedBy(given: string, ...parts: string[]): boolean {
  const right = Buffer.from(signatureOf(...parts))
  const tried = Buffer.from(given)
  return tried.length === right.length && timingSafeEqual(tried, right)
}

/** What a safe-mode message held: the XML, and the AppID it was made for. */
export interface Opened {
  xml: string
  appId: string
}

/** Seals and opens messages of the safe mode with an EncodingAESKey of 43 characters. */
export function aesCodec(aesKey: string) {
  const key = Buffer.from(`${aesKey}=`, 'base64')
  const iv = key.subarray(0, 16)

  return {
    /** 16 random bytes + length of the XML (4 bytes, big-endian) + XML + AppID, padded, AES-256-CBC, base64. */
    encrypt(xml: string, appId: string, random: Buffer = randomBytes(RANDOM)): string {
      const body = Buffer.from(xml)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(body.length)
      const plain = Buffer.concat([random, length, body, Buffer.from(appId)])
      const pad = BLOCK - (plain.length % BLOCK)
      const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false)
      return Buffer.concat([
        cipher.update(plain),
        cipher.update(Buffer.alloc(pad, pad)),
        cipher.final(),
      ]).toString('base64')
    },

    /** The way back. Throws `Refused`: `key` when it does not open with this key, `encoding` when it is not UTF-8. */
    decrypt(encrypted: string): Opened {
      const bytes = Buffer.from(encrypted, 'base64')
      if (bytes.length === 0 || bytes.length % 16 !== 0) throw new Refused('key')
      const decipher = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false)
      const padded = Buffer.concat([decipher.update(bytes), decipher.final()])
      const pad = padded.at(-1) as number
      const end = padded.length - pad
      if (pad < 1 || pad > BLOCK || end < RANDOM + 4) throw new Refused('key')
      if (padded.subarray(end).some((byte) => byte !== pad)) throw new Refused('key')
      const from = RANDOM + 4
      const to = from + padded.readUInt32BE(RANDOM)
      if (to > end) throw new Refused('key')
      return { xml: utf8(padded.subarray(from, to)), appId: utf8(padded.subarray(to, end)) }
    },
  }
}

/** Bytes as UTF-8, and nothing else. */
export function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    throw new Refused('encoding', { cause: error })
  }
}
