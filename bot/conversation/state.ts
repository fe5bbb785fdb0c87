import { z } from 'zod'
import { Reader } from '../../shared/intent.js'
import { RiskKind } from '../../shared/risk.js'
import { Lately } from './lately.js'

/** Where a pressed button leads: a layer of an intent, another intent, a step of a flow, a human. */
const Offer = z.object({ label: z.string(), to: z.string() })
export type Offer = z.infer<typeof Offer>

/** What the bot remembers of a conversation between turns. Kept sealed. */
export const State = z.object({
  topic: z.string().nullable(),
  reader: Reader.nullable(),
  age: z.number().int().nullable(),
  region: z.string().nullable(),
  /** Misunderstandings in a row. */
  misses: z.number().int(),
  /** What the last reply offered to press. */
  offered: z.array(Offer),
  /** Kinds of danger whose urgent words were already said: they are not repeated. */
  spoken: z.array(RiskKind),
  /** The caring question was asked. */
  asked: z.boolean(),
  /** An attempt was answered with one question, 你现在在哪里: what comes next is its answer, whatever it sounds like. */
  awaitsPlace: z.boolean(),
  /** It was said that harm to a minor must be reported. */
  noticed: z.boolean(),
  /** No messages that the bot starts. */
  optedOut: z.boolean(),
  greeted: z.boolean(),
  /** It was said that somebody at the desk knows. */
  told: z.boolean().default(false),
  /** Warnings were offered: once is enough. */
  invited: z.boolean().default(false),
  lately: Lately.default([]),
})
export type State = z.infer<typeof State>

/** A stranger. */
export const freshState = (): State => ({
  topic: null,
  reader: null,
  age: null,
  region: null,
  misses: 0,
  offered: [],
  spoken: [],
  asked: false,
  awaitsPlace: false,
  noticed: false,
  optedOut: false,
  greeted: false,
  told: false,
  invited: false,
  lately: [],
})
