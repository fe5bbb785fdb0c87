import { FailReason, SkipReason, type Tally } from '../../shared/campaign.js'
import type { TallyRow } from '../store/deliveries.js'

/** Fewer than this are not told apart. */
const FEW = 5

/**
 * Reasons as the console may see them: where few people are protected, all reasons are one number, so that nobody
 * is told from a code in the list of persons to have been in danger (预防未成年人犯罪法 第五十九条; small cells).
 */
export function coarse(skipped: Tally['skipped']): Tally['skipped'] {
  const shielded = skipped.protected ?? 0
  if (shielded === 0 || shielded >= FEW) return skipped
  return { several: Object.values(skipped).reduce((sum, count) => sum + count, 0) }
}

/** Counts by occurrence, the newest first. */
export function talliesOf(rows: TallyRow[]): Tally[] {
  const byTime = new Map<number, Tally>()
  for (const { occurrence, outcome, reason, deferred, count } of rows) {
    const time = occurrence.getTime()
    const tally = byTime.get(time) ?? emptyTally(occurrence)
    byTime.set(time, tally)
    if (outcome === 'sent') tally.sent += count
    if (outcome === 'planned') tally.planned += count
    if (outcome === 'planned' && deferred) tally.deferred += count
    if (outcome === 'skipped') {
      const why = SkipReason.parse(reason)
      tally.skipped[why] = (tally.skipped[why] ?? 0) + count
    }
    if (outcome === 'failed') {
      const why = FailReason.parse(reason)
      tally.failed[why] = (tally.failed[why] ?? 0) + count
    }
  }
  return [...byTime.entries()].sort(([a], [b]) => b - a).map(([, tally]) => tally)
}

const emptyTally = (occurrence: Date): Tally => ({
  occurrence: occurrence.toISOString(),
  planned: 0,
  deferred: 0,
  sent: 0,
  skipped: {},
  failed: {},
})
