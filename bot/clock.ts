/** The only source of time: tests and trials own it. */
export interface Clock {
  now(): Date
}

/** The machine's time, moved by `offsetMs` (how a spawned server is put at another hour). */
export function systemClock(offsetMs = 0): Clock {
  return { now: () => new Date(Date.now() + offsetMs) }
}
