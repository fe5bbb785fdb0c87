import { existsSync, readFileSync } from 'node:fs'

const HEADER = 32
const FRAME_HEADER = 24
const MAGIC = 0x377f0682
/** SQLite raises the first salt by one whenever it starts the log anew over its old frames. */
const OLD_ROUNDS = 1_000_000

/** What stands in the log that the last run left. */
export interface LogState {
  /** Whole transactions, which SQLite takes over. */
  transactions: number
  /** Bytes after them that belong to this log but are no whole transaction: they are left out. */
  leftOut: number
}

type Sums = [number, number]

/** SQLite's running checksum: https://www.sqlite.org/fileformat2.html#checksum_algorithm */
function addTo([a, b]: Sums, bytes: Buffer, big: boolean): Sums {
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    a = (a + (big ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)) + b) >>> 0
    b = (b + (big ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4)) + a) >>> 0
  }
  return [a, b]
}

const hasSums = (bytes: Buffer, at: number, [a, b]: Sums): boolean =>
  bytes.readUInt32BE(at) === a && bytes.readUInt32BE(at + 4) === b

/** Where this log's bytes end that were written after `from`: frames of an earlier round are no loss. */
function endOf(log: Buffer, from: number, frame: number): number {
  let end = from
  for (let at = from; at + FRAME_HEADER <= log.length; at += frame) {
    const rounds = (log.readUInt32BE(16) - log.readUInt32BE(at + 8)) >>> 0
    if (rounds === 0 || rounds > OLD_ROUNDS) end = Math.min(log.length, at + frame)
  }
  return (log.length - from) % frame === 0 ? end : log.length
}

/**
 * Reads the log as SQLite will: up to the last commit whose checksums hold. Call it under the database's lock and before
 * the first write. Format: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
 */
export function inspectLog(path: string): LogState {
  const log = existsSync(path) ? readFileSync(path) : Buffer.alloc(0)
  if (log.length === 0) return { transactions: 0, leftOut: 0 }
  const magic = log.length < HEADER ? 0 : log.readUInt32BE(0)
  const big = magic === MAGIC + 1
  let sums = addTo([0, 0], log.subarray(0, 24), big)
  if ((magic !== MAGIC && !big) || !hasSums(log, 24, sums)) return { transactions: 0, leftOut: log.length }
  const frame = FRAME_HEADER + log.readUInt32BE(8)
  let [transactions, committed] = [0, HEADER]
  for (let at = HEADER; at + frame <= log.length; at += frame) {
    if (log.compare(log, 16, 24, at + 8, at + 16) !== 0) break
    sums = addTo(addTo(sums, log.subarray(at, at + 8), big), log.subarray(at + 24, at + frame), big)
    if (!hasSums(log, at + 16, sums)) break
    if (log.readUInt32BE(at + 4) === 0) continue
    transactions++
    committed = at + frame
  }
  return { transactions, leftOut: endOf(log, committed, frame) - committed }
}
