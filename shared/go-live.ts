import { z } from 'zod'
import { LineCheck } from './line.js'

/** What an administrator states, with a name and a date; some in words of their own. */
export const StatementName = z.enum(['operator', 'adult', 'notice', 'key'])
export type StatementName = z.infer<typeof StatementName>

/** The statements that say something: who operates it, which adult answers for it. */
export const SAID = ['operator', 'adult'] as const satisfies readonly StatementName[]

export const StatementForm = z.strictObject({
  /** For operator and adult: the name; else empty. */
  text: z.string().trim().max(80).default(''),
  /** For the notice: the hash of the words that were read. */
  hash: z.string().default(''),
})
export type StatementForm = z.infer<typeof StatementForm>

export const Statement = z.object({
  name: StatementName,
  /** Null: nobody has said so yet. */
  said: z
    .object({
      text: z.string(),
      by: z.object({ id: z.string(), workName: z.string() }),
      at: z.iso.datetime(),
    })
    .nullable(),
  /** Whether it holds now: a notice that was changed has to be read again. */
  holds: z.boolean(),
})
export type Statement = z.infer<typeof Statement>

/** The go-live list: what must be true before anything says that this is a real hotline. */
export const GoLive = z.object({
  /** No longer a demo. */
  real: z.boolean(),
  since: z.iso.datetime().nullable(),
  by: z.object({ id: z.string(), workName: z.string() }).nullable(),
  statements: z.array(Statement),
  notice: z.object({ text: z.array(z.string()), hash: z.string() }),
  lines: z.object({
    holds: z.boolean(),
    missing: z.array(z.object({ number: z.string(), name: z.string(), check: LineCheck })),
  }),
  staff: z.object({
    holds: z.boolean(),
    desk: z.number().int(),
    administrators: z.number().int(),
  }),
  signed: z.object({
    holds: z.boolean(),
    intents: z.array(z.object({ id: z.string(), title: z.string() })),
    wording: z.array(z.object({ file: z.string(), count: z.number().int() })),
    /** Holding, but for 30 days more at most. */
    expiring: z.number().int(),
  }),
  /** Channels whose servers lie abroad and that have their settings: each needs a ruling, and is off without one. */
  abroad: z.object({
    holds: z.boolean(),
    channels: z.array(z.object({ name: z.string(), ruled: z.boolean() })),
  }),
  ready: z.boolean(),
})
export type GoLive = z.infer<typeof GoLive>

/** Members of the desk, and administrators, that there must be. */
export const DESK_LEAST = 2
export const ADMINISTRATORS_LEAST = 1
