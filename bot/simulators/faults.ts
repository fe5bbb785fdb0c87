import { z } from 'zod'

/**
 * What can be made to go wrong. Of the bot's calls: `drop` cuts the connection before anything is taken, `lose` takes it
 * and cuts before the answer, `silence` neither takes nor answers, `status` answers 5xx, `limit` refuses for too many
 * calls. Of the platform's pushes: `drop` cuts in the middle of the request, `lose` before the bot's answer is read,
 * `repeat` hands over once more what was taken, `reorder` lets the next one overtake.
 */
const KINDS = {
  calls: ['drop', 'lose', 'silence', 'status', 'limit'],
  pushes: ['drop', 'lose', 'repeat', 'reorder'],
} as const
export type FaultKind = (typeof KINDS)['calls' | 'pushes'][number]
type Side = keyof typeof KINDS

/** Longest list of commanded faults. */
const FAULTS_MAX = 50

export const Fault = z
  .strictObject({
    kind: z.enum(['drop', 'lose', 'silence', 'status', 'limit', 'repeat', 'reorder']),
    /** Whom it strikes. */
    on: z.enum(['calls', 'pushes']).optional(),
    /** How often; without it until it is taken back. */
    times: z.number().int().min(1).max(1_000_000).optional(),
    /** Which share of what could be struck is struck. */
    share: z.number().gt(0).max(1).default(1),
    /** Only what has this in its name: `message/custom/send`, `sendMessage`, `text`. */
    only: z.string().min(1).max(64).optional(),
    /** Of `status`. */
    status: z.number().int().min(500).max(599).default(502),
    /** Of `limit`: seconds to wait, where the platform says so. */
    retryAfter: z.number().int().min(1).max(3600).default(1),
    /** Of `limit`: the errcode, where the platform has several. */
    code: z.number().int().optional(),
  })
  .transform(({ on, ...fault }) => ({
    ...fault,
    on:
      on ?? (fault.kind === 'repeat' || fault.kind === 'reorder' ? ('pushes' as const) : ('calls' as const)),
  }))
  .refine(({ kind, on }) => (KINDS[on] as readonly string[]).includes(kind), '这种故障不能放在这一边')
export type Fault = z.infer<typeof Fault>
export const Faults = z.array(Fault).max(FAULTS_MAX)

type More = Partial<Omit<z.input<typeof Fault>, 'kind'>>

export type FaultBox = ReturnType<typeof createFaults>

/** Faults on command. With the same seed and the same traffic the same things go wrong. */
export function createFaults(seed = 1) {
  const random = randomFrom(seed)
  let faults: Fault[] = []
  const command =
    (kind: FaultKind) =>
    (more: More = {}): void => {
      faults = Faults.parse([...faults, { ...more, kind }])
    }

  return {
    drop: command('drop'),
    lose: command('lose'),
    silence: command('silence'),
    status: command('status'),
    limit: command('limit'),
    repeat: command('repeat'),
    reorder: command('reorder'),

    /** What is commanded and not used up. */
    list: (): Fault[] => [...faults],

    /** Replaces everything commanded before. */
    set: (next: Fault[]) => void (faults = [...next]),
    clear: () => void (faults = []),

    /** The fault that strikes now, if any; one of `kinds`. Counts it. */
    draw(on: Side, what: string, kinds: readonly FaultKind[] = KINDS[on]): Fault | null {
      for (const fault of faults) {
        if (fault.on !== on || !kinds.includes(fault.kind)) continue
        if (fault.only && !what.includes(fault.only)) continue
        if (fault.share < 1 && random() >= fault.share) continue
        if (fault.times !== undefined && --fault.times === 0) faults = faults.filter((each) => each !== fault)
        return fault
      }
      return null
    },
  }
}

/** mulberry32: small, and the same on every machine. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
