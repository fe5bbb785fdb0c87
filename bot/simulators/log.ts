/** What became of a call or a push. `open`: not over yet. `taken`: the other side has it, whoever knows of it. */
export type Outcome = 'open' | 'taken' | 'refused' | 'dropped' | 'lost' | 'timeout' | 'failed' | 'gave-up'

/** One line of a simulator's log. Lines stand in the order in which things began; how they ended is written into them. */
export interface LogLine {
  n: number
  /** By the simulator's clock. */
  at: string
  /** `call`: the bot asks the platform. `push`: the platform hands something to the bot. `user`: a person does something. */
  kind: 'call' | 'push' | 'user'
  /** The called method, or the kind of what is pushed or done. */
  what: string
  user?: string
  /** What makes it one: MsgId, update_id, message_id. The same in the lines `user` and `push` of one thing. */
  key?: string
  text?: string
  /** Which attempt of a push, from 1. */
  attempt?: number
  outcome: Outcome
  /** HTTP status of the answer. */
  status?: number
  /** The platform's own code: errcode, error_code. */
  code?: number
  /** The fault that was commanded and struck here. */
  fault?: string
}

/** Lines kept: a trial of thousands of messages fits, and memory stays bounded. */
const KEPT = 200_000

export type Log = ReturnType<typeof createLog>

/** Everything that happened between bot and platform, in order. */
export function createLog(now: () => Date) {
  const lines: LogLine[] = []
  const listeners = new Set<() => void>()
  let dropped = 0

  return {
    /** Writes a line and returns it, so that its end can be written into it. */
    add(line: Omit<LogLine, 'n' | 'at'>): LogLine {
      const whole = { n: dropped + lines.length + 1, at: now().toISOString(), ...line }
      lines.push(whole)
      if (lines.length > KEPT) dropped += lines.splice(0, KEPT / 10).length
      for (const listener of listeners) listener()
      return whole
    },

    /** Writes how it ended. */
    end(line: LogLine, end: Partial<LogLine>): void {
      Object.assign(line, end)
      for (const listener of listeners) listener()
    },

    /** Lines after number `n`, oldest first. */
    after: (n = 0, limit = Infinity): LogLine[] => {
      const from = Math.max(0, n - dropped)
      return lines.slice(from, from + limit)
    },

    /** Calls back whenever a line is written or ends; returns how to stop. */
    follow(listener: () => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
