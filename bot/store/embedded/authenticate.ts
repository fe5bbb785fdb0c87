import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { Binary } from 'bson'
import { Fault } from './fault.js'
import type { Doc } from './values.js'

const USER = 'qingan'
/** What a connection may ask before it has given the password. */
const OPEN = new Set(['hello', 'isMaster', 'ismaster', 'ping', 'buildInfo'])

/** The password of one run of a server on loopback, where any user of the machine can connect. */
export const newPassword = (): string => randomBytes(24).toString('base64url')

/** The part of a URI that carries the password (SASL PLAIN, RFC 4616: it never leaves the machine). */
export const credentials = (password: string): { user: string; options: string } => ({
  user: `${USER}:${password}@`,
  options: '&authMechanism=PLAIN&authSource=$external',
})

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Guards one connection: gives the reply to a log-in, throws where one is needed first, else lets the command pass. */
export function guard(password: string): (command: Doc) => Doc | undefined {
  const expected = digest(`\0${USER}\0${password}`)
  let known = false
  return (command) => {
    const name = Object.keys(command)[0] ?? ''
    if (name !== 'saslStart') {
      if (known || OPEN.has(name)) return undefined
      throw new Fault(13, `command ${name} requires authentication`)
    }
    const { mechanism, payload } = command
    const given = payload instanceof Binary ? Buffer.from(payload.value()).toString('utf8') : ''
    known = mechanism === 'PLAIN' && timingSafeEqual(digest(given), expected)
    if (!known) throw new Fault(18, 'Authentication failed.')
    return { conversationId: 1, done: true, payload: new Binary(Buffer.alloc(0)), ok: 1 }
  }
}
