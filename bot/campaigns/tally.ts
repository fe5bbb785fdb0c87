import { FailReason, SkipReason, type Tally } from '../../shared/campaign.js'
import type { TallyRow } from '../store/deliveries.js'

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
