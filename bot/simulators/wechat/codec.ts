import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

/** Block of the padding, which is longer than AES's own: 公众号《消息加解密》. */
const BLOCK = 32

/** sha1 over the sorted parts: the signature of every push, and with the encrypted text also msg_signature. */
export const signatureOf = (...parts: string[]): string =>
  createHash('sha1')
    .update([...parts].sort().join(''))
    .digest('hex')

const keyOf = (encodingAesKey: string) => Buffer.from(`${encodingAesKey}=`, 'base64')

/** AES-256-CBC over 16 random bytes, the length in 4 bytes big-endian, the XML and the appid. */
export function encrypt(xml: string, appId: string, encodingAesKey: string): string {
  const key = keyOf(encodingAesKey)
  const message = Buffer.from(xml)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(message.length)
  const plain = Buffer.concat([randomBytes(16), length, message, Buffer.from(appId)])
  const pad = BLOCK - (plain.length % BLOCK)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([
    cipher.update(Buffer.concat([plain, Buffer.alloc(pad, pad)])),
    cipher.final(),
  ]).toString('base64')
}

/** The XML of an encrypted answer; null when it is not for this account or not readable. */
export function decrypt(encrypted: string, appId: string, encodingAesKey: string): string | null {
  const key = keyOf(encodingAesKey)
  const bytes = Buffer.from(encrypted, 'base64')
  if (bytes.length === 0 || bytes.length % 16 !== 0) return null
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(bytes), decipher.final()])
  const pad = padded[padded.length - 1] ?? 0
  if (pad < 1 || pad > BLOCK || padded.length < 20 + pad) return null
  const plain = padded.subarray(0, padded.length - pad)
  const end = 20 + plain.readUInt32BE(16)
  if (end > plain.length || plain.subarray(end).toString() !== appId) return null
  return plain.subarray(20, end).toString()
}
