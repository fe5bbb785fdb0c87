import { DateTime } from 'luxon'
import type { Signed } from '../../shared/content.js'
import type { Review } from '../../shared/intent.js'
import { AppError } from '../errors.js'
import { holds } from './content.js'

/** From here on a signature or a check is said to run out soon. Days. */
export const SOON_DAYS = 30

/** How words stand under their reviews on `day`. */
export function standing(
  reviews: readonly Review[],
  hash: string,
  day: string,
): { signed: Signed; until: string | null } {
  const own = reviews.filter((review) => review.hash === hash && review.date <= day)
  const until =
    own
      .map(({ expires }) => expires)
      .sort()
      .at(-1) ?? null
  if (!until) return { signed: 'unsigned', until }
  if (!own.some((review) => holds(review, hash, day))) return { signed: 'lapsed', until }
  return { signed: until <= soonAfter(day) ? 'expiring' : 'signed', until }
}

export const soonAfter = (day: string): string =>
  DateTime.fromISO(day).plus({ days: SOON_DAYS }).toISODate() as string

/** A signature holds for a year and a month at most: law and numbers change. Throws `content.expiry`. */
export function checkExpiry(date: string, expires: string): void {
  const latest = DateTime.fromISO(date).plus({ months: 13 }).toISODate() as string
  if (expires <= date || expires > latest) throw new AppError('content.expiry', { tell: { latest } })
}
