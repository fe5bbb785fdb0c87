import { randomBytes, timingSafeEqual } from 'node:crypto'

/** Days a session may be written from. */
const DAYS = 30

/** Sessions of the web chat: a random address with its issue date, signed, so that none need be stored. */
export function sessions(sign: (text: string) => string) {
  const seal = (body: string) => sign(`web-session:${body}`).slice(0, 32)
  return {
    issue(now: Date): string {
      const day = Math.floor(now.getTime() / 86_400_000).toString(36)
      const body = `${randomBytes(18).toString('base64url')}.${day}`
      return `${body}.${seal(body)}`
    },

    /** The address a token stands for, or null when it is not ours or too old. */
    read(token: string, now: Date): string | null {
      const found = /^([A-Za-z0-9_-]{24})\.([a-z0-9]{1,6})\.([0-9a-f]{32})$/.exec(token)
      if (!found) return null
      const [, address, day, mark] = found as unknown as [string, string, string, string]
      const right = Buffer.from(seal(`${address}.${day}`))
      if (!timingSafeEqual(right, Buffer.from(mark))) return null
      const age = now.getTime() / 86_400_000 - parseInt(day, 36)
      return age >= -1 && age < DAYS + 1 ? address : null
    },
  }
}
