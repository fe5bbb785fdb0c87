import { randomBytes } from 'node:crypto'

/** 《获取稳定版接口调用凭据》: lifetime, and how long before its end the next one is given and both are good. */
const LIFE_MS = 7_200_000
const OVERLAP_MS = 300_000
/** Forced renewal: not twice within 30 s, 20 times a day. */
const FORCE_GAP_MS = 30_000
const FORCES_A_DAY = 20

interface Token {
  value: string
  until: number
}

export type Tokens = ReturnType<typeof createTokens>

/** The stable access token of one account. */
export function createTokens(now: () => Date) {
  let current: Token | null = null
  let last: Token | null = null
  const expired = new Set<string>()
  let forced: number[] = []

  const fresh = (at: number): Token => ({
    value: `${Math.floor(at / 1000)}_${randomBytes(60).toString('base64url')}`,
    until: at + LIFE_MS,
  })

  return {
    /** The token to use; null when forced renewals are used up for today. */
    grant(force: boolean): { access_token: string; expires_in: number } | null {
      const at = now().getTime()
      if (force) {
        forced = forced.filter((each) => each > at - 86_400_000)
        const soon = (forced.at(-1) ?? 0) > at - FORCE_GAP_MS
        if (!soon && forced.length >= FORCES_A_DAY) return null
        if (!soon) {
          forced.push(at)
          current = last = null
        }
      }
      if (!current || current.until - OVERLAP_MS <= at) {
        last = current && { ...current, until: Math.min(current.until, at + OVERLAP_MS) }
        current = fresh(at)
      }
      return { access_token: current.value, expires_in: Math.floor((current.until - at) / 1000) }
    },

    /** 0, or the errcode: 40001 for one that is not known or not the latest, 42001 for one that was good once. */
    check(token: string): 0 | 40001 | 42001 {
      const at = now().getTime()
      const known = [current, last].find((each) => each?.value === token)
      if (known) return known.until > at ? 0 : 42001
      return expired.has(token) ? 42001 : 40001
    },

    /** All tokens run out now. */
    expire(): void {
      for (const each of [current, last]) if (each) expired.add(each.value)
      current = last = null
    },

    /** All tokens are void now, as after somebody else's forced renewal. */
    revoke(): void {
      current = last = null
    },
  }
}
