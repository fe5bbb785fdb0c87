import { availableParallelism } from 'node:os'
import type { RequestLoad, Turn, TurnLoad } from './bench-load.js'
import type { Trip } from './bench-wire.js'

/** The server's own counters over the measured time. */
export interface ServerTimes {
  turns: number
  /** From taking a turn to its recorded reply, all turns together. */
  turnSeconds: number
  /** All threads. */
  cpuSeconds: number
}

export interface Measured {
  seconds: number
  conversations: number
  together: { load: TurnLoad; times: ServerTimes }
  alone: { load: TurnLoad; times: ServerTimes; trips: Trip[] }
  echo: RequestLoad
  insert: RequestLoad
}

/** Means of one turn, milliseconds. */
interface Share {
  accept: number
  decideAndRecord: number
  /** Lease, carrying out, sending, hint, stream, and the queue before each of them. */
  rest: number
  visible: number
  cpu: number
}

export type Figures = ReturnType<typeof figuresOf>

/** The figures of a run: per second, milliseconds, and per turn. */
export function figuresOf({ seconds, conversations, together, alone, echo, insert }: Measured) {
  const visible = together.load.turns.map((turn) => turn.visible)
  const turns = alone.load.turns.length
  const trips = alone.trips.map(({ name, calls, milliseconds }) => ({
    name,
    perTurn: round(calls / turns, 2),
    millisecondsPerTurn: round(milliseconds / turns, 2),
  }))
  return {
    node: process.version,
    cores: availableParallelism(),
    seconds,
    conversations,
    turns: {
      ...rateOf(visible, together.load.perSecond),
      slowed: together.load.slowed,
      lost: together.load.lost,
    },
    echo: rateOf(echo.milliseconds, echo.perSecond),
    insert: rateOf(insert.milliseconds, insert.perSecond),
    turnsToEcho: round(together.load.perSecond / echo.perSecond, 4),
    turnsToInsert: round(together.load.perSecond / insert.perSecond, 4),
    alone: rateOf(
      alone.load.turns.map((turn) => turn.visible),
      alone.load.perSecond,
    ),
    share: { together: shareOf(together), alone: shareOf(alone) },
    roundTrips: round(sum(alone.trips.map(({ calls }) => calls)) / turns, 2),
    roundTripMilliseconds: round(sum(alone.trips.map(({ milliseconds }) => milliseconds)) / turns, 2),
    trips,
  }
}

/** A run as aligned text. */
export function benchReport(measured: Measured): string {
  const found = figuresOf(measured)
  const { together, alone } = found.share
  const { slowed, lost } = found.turns
  const shares: [string, keyof Share][] = [
    ['POST answered, message stored', 'accept'],
    ['decide and record (qingan_turn_seconds)', 'decideAndRecord'],
    ['lease, carry out, send, stream, queueing', 'rest'],
    ['POST to reply visible', 'visible'],
    ['processor time of the server, all threads', 'cpu'],
  ]
  return [
    `${found.conversations} conversations at once, ${found.seconds} s each; ${found.cores} cores, Node ${found.node}`,
    '',
    columns('', ['per second', 'p50 ms', 'p99 ms']),
    rateRow('turns, POST to reply visible', found.turns),
    rateRow('turns, one conversation alone', found.alone),
    rateRow('express JSON echo', found.echo),
    rateRow('express and one durable insert', found.insert),
    columns('turns ÷ echo', [found.turnsToEcho.toFixed(3)]),
    columns('turns ÷ durable insert', [found.turnsToInsert.toFixed(3)]),
    ...(slowed || lost
      ? [columns('slowed (429, stored); without reply', [String(slowed), String(lost)])]
      : []),
    '',
    columns('Where a turn goes, mean ms', ['together', 'alone']),
    ...shares.map(([name, key]) => columns(name, [together[key].toFixed(1), alone[key].toFixed(1)])),
    '',
    columns('Database a turn, one conversation alone', ['round trips', 'ms']),
    columns('all (they may overlap)', [found.roundTrips.toFixed(2), found.roundTripMilliseconds.toFixed(2)]),
    ...found.trips.map((trip) =>
      columns(`  ${trip.name}`, [trip.perTurn.toFixed(2), trip.millisecondsPerTurn.toFixed(2)]),
    ),
    '',
  ].join('\n')
}

export interface Rate {
  count: number
  perSecond: number
  p50: number
  p99: number
}

/** Of these times: how many, how many a second, the middle and the slowest hundredth, milliseconds. */
export function rateOf(milliseconds: readonly number[], perSecond: number): Rate {
  const sorted = [...milliseconds].sort((a, b) => a - b)
  const at = (share: number) => round(sorted[Math.ceil(share * sorted.length) - 1] ?? NaN, 2)
  return { count: sorted.length, perSecond: round(perSecond, 1), p50: at(0.5), p99: at(0.99) }
}

function shareOf({ load, times }: { load: TurnLoad; times: ServerTimes }): Share {
  const mean = (each: (turn: Turn) => number) => sum(load.turns.map(each)) / load.turns.length
  const accept = mean((turn) => turn.accepted)
  const visible = mean((turn) => turn.visible)
  const decideAndRecord = (times.turnSeconds / times.turns) * 1000
  const rest = visible - accept - decideAndRecord
  const cpu = (times.cpuSeconds / times.turns) * 1000
  const all = { accept, decideAndRecord, rest, visible, cpu }
  return Object.fromEntries(
    Object.entries(all).map(([key, value]) => [key, round(value, 2)]),
  ) as unknown as Share
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
const round = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits
/** A line of a report. */
export const columns = (name: string, values: string[]) =>
  `${name.padEnd(44)}${values.map((each) => each.padStart(13)).join('')}`
export const rateRow = (name: string, { perSecond, p50, p99 }: Rate) =>
  columns(name, [perSecond.toFixed(1), p50.toFixed(1), p99.toFixed(1)])
