import { Timestamp } from 'bson'
import { Fault } from './fault.js'
import type { Store } from './store.js'
import { isDoc, type Doc } from './values.js'

/** As long as MongoDB keeps the past for snapshot reads. */
const KEPT_MS = 5 * 60_000

interface Snapshot {
  time: Timestamp
  documents: Map<string, Doc[]>
  takenAt: number
}

/**
 * The read concern `snapshot`: every read of a session sees all collections as they were at its first one. Documents are
 * replaced and never changed, so a snapshot is a list of references.
 */
export class Snapshots {
  private taken: Snapshot[] = []
  private last = 0

  constructor(private readonly store: Store) {}

  /** The snapshot a read asks for (a new one for the first), or undefined where it asks for none. */
  of(readConcern: unknown): Snapshot | undefined {
    if (!isDoc(readConcern) || readConcern.level !== 'snapshot') return undefined
    const { atClusterTime: time } = readConcern
    if (time === undefined) return this.take()
    const found = this.taken.find((snapshot) => time instanceof Timestamp && snapshot.time.equals(time))
    if (!found) throw new Fault(239, 'Read timestamp is older than the oldest available timestamp.')
    return found
  }

  private take(): Snapshot {
    const now = Date.now()
    const time = new Timestamp({ t: Math.floor(now / 1000), i: ++this.last })
    const documents = new Map(this.store.list().map((each) => [each.namespace, each.documents()]))
    const snapshot = { time, documents, takenAt: now }
    this.taken.push(snapshot)
    return snapshot
  }

  sweep(now: number): void {
    this.taken = this.taken.filter(({ takenAt }) => now - takenAt < KEPT_MS)
  }
}
