import { z } from 'zod'
import { aesCodec, signedBy, utf8 } from './codec.js'
import { Refused } from './refused.js'
import { replays } from './replays.js'
import { readXml } from './xml.js'

/** How old, or how far ahead, a signed request may be. */
const FRESH_MS = 5 * 60_000

const Query = z.object({
  timestamp: z.string().regex(/^\d{1,13}$/),
  nonce: z.string().max(128),
  signature: z.string().max(64).default(''),
  msg_signature: z.string().max(64).default(''),
  echostr: z.string().max(1024).default(''),
})

export interface Keys {
  appId: string
  token: string
  /** EncodingAESKey: with it every message must be encrypted, as in the safe and the compatible mode. */
  aesKey?: string
}

/** Believes what the 公众号 has signed, and nothing else. Every way out throws `Refused`. */
export function verifier({ appId, token, aesKey }: Keys) {
  const aes = aesKey ? aesCodec(aesKey) : null
  const seen = replays(FRESH_MS)

  const parse = (query: unknown, now: Date) => {
    const parsed = Query.safeParse(query)
    if (!parsed.success) throw new Refused('signature')
    const age = now.getTime() - Number(parsed.data.timestamp) * 1000
    if (Math.abs(age) > FRESH_MS) throw new Refused('stale')
    return parsed.data
  }

  return {
    /** The word to say back when the address is entered at the platform (GET). */
    echo(query: unknown, now: Date): string {
      const { signature, timestamp, nonce, echostr } = parse(query, now)
      if (!signedBy(signature, token, timestamp, nonce)) throw new Refused('signature')
      return echostr
    },

    /** The fields of a message (POST). */
    open(query: unknown, body: Uint8Array, now: Date): Record<string, unknown> {
      const { signature, msg_signature: sealed, timestamp, nonce } = parse(query, now)
      const outer = () => readXml(utf8(body))
      if (!aes) {
        if (!signedBy(signature, token, timestamp, nonce)) throw new Refused('signature')
        // Without encryption the signature says nothing about the body: one signature, one body.
        if (!seen.first(`${timestamp}.${nonce}`, body, now)) throw new Refused('replayed')
        const fields = outer()
        if (!fields.FromUserName && fields.Encrypt) throw new Refused('key')
        return fields
      }
      if (!sealed && !signedBy(signature, token, timestamp, nonce)) throw new Refused('signature')
      const { Encrypt: encrypted } = outer()
      if (typeof encrypted !== 'string' || !encrypted) throw new Refused('plain')
      if (!signedBy(sealed, token, timestamp, nonce, encrypted)) throw new Refused('signature')
      const inner = aes.decrypt(encrypted)
      if (inner.appId !== appId) throw new Refused('appid')
      return readXml(inner.xml)
    },
  }
}
