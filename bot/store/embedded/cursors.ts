import { Long } from 'bson'
import { Fault } from './fault.js'
import type { Doc } from './values.js'
import { batchLength } from './wire.js'

const IDLE_MS = 10 * 60_000
const FIRST_BATCH = 101

interface Cursor {
  namespace: string
  docs: Doc[]
  at: number
  usedAt: number
}

/** Open cursors. A cursor is a snapshot: the documents as they were when the query ran. */
export class Cursors {
  private readonly open = new Map<number, Cursor>()
  private lastId = 0

  /** The first reply of a query; keeps a cursor when more is left and `single` does not forbid it. */
  start(namespace: string, docs: Doc[], batchSize: unknown, single = false): Doc {
    const count = typeof batchSize === 'number' ? batchSize : FIRST_BATCH
    const taken = count === 0 ? 0 : batchLength(docs, 0, count)
    let id = 0
    if (taken < docs.length && !single) {
      id = ++this.lastId
      this.open.set(id, { namespace, docs, at: taken, usedAt: Date.now() })
    }
    return {
      cursor: {
        id: Long.fromNumber(id),
        ns: namespace,
        firstBatch: taken === docs.length ? docs : docs.slice(0, taken),
      },
    }
  }

  /** The next batch; the id in the reply is 0 when it was the last one. */
  next(id: unknown, batchSize: unknown): Doc {
    const cursor = this.open.get(Number(id))
    if (!cursor) throw new Fault(43, `cursor id ${String(id)} not found`)
    const taken = batchLength(
      cursor.docs,
      cursor.at,
      typeof batchSize === 'number' && batchSize > 0 ? batchSize : Infinity,
    )
    const batch = cursor.docs.slice(cursor.at, cursor.at + taken)
    cursor.at += taken
    cursor.usedAt = Date.now()
    const done = cursor.at === cursor.docs.length
    if (done) this.open.delete(Number(id))
    return { cursor: { id: Long.fromNumber(done ? 0 : Number(id)), ns: cursor.namespace, nextBatch: batch } }
  }

  kill(ids: unknown[]): Doc {
    const [killed, missing]: [unknown[], unknown[]] = [[], []]
    for (const id of ids) (this.open.delete(Number(id)) ? killed : missing).push(Long.fromNumber(Number(id)))
    return { cursorsKilled: killed, cursorsNotFound: missing, cursorsAlive: [], cursorsUnknown: [] }
  }

  /** Forgets cursors nobody has read from for ten minutes, as MongoDB does. */
  sweep(now: number): void {
    for (const [id, cursor] of this.open) if (now - cursor.usedAt > IDLE_MS) this.open.delete(id)
  }
}
