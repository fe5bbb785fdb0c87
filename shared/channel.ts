import { z } from 'zod'

/** What arrived and the machine cannot read: kept, shown to the desk, never ignored. */
export const Unreadable = z.enum(['voice', 'image', 'sticker', 'video', 'location', 'other'])
export type Unreadable = z.infer<typeof Unreadable>

/** What somebody did beside writing. `edit`: the words are those of an earlier message, changed. */
export const InboundEvent = z.enum(['subscribe', 'unsubscribe', 'menu', 'scan', 'edit'])
export type InboundEvent = z.infer<typeof InboundEvent>

/** What may be sent to somebody now. */
export const Allowance = z.object({
  /** `closed`: the window is over or its messages are used up. `gone`: they have blocked or left us. */
  state: z.enum(['open', 'closed', 'gone']),
  /** Which window is open: the long one their own message opens, or the short one of an event. */
  window: z.enum(['message', 'event']).nullable(),
  /** Messages a human may still send before they write again; null: any number. */
  left: z.number().int().min(0).nullable(),
  /** Of these, what the machine may use: the rest is kept for the human. */
  bot: z.number().int().min(0).nullable(),
  /** When the window closes by itself; null: never. */
  until: z.iso.datetime().nullable(),
})
export type Allowance = z.infer<typeof Allowance>

/** Why the network will not get a message any more. */
export const Undelivered = z.enum(['closed', 'gone', 'refused', 'late'])
export type Undelivered = z.infer<typeof Undelivered>

/** Where a message for a person is on its way, on a channel that has to be handed it. */
export const Transit = z.object({
  state: z.enum(['waiting', 'in-flight', 'sent', 'undelivered']),
  why: Undelivered.nullable(),
  /** It may have arrived twice: we never heard whether the network took it the first time. */
  doubled: z.boolean(),
})
export type Transit = z.infer<typeof Transit>

/** One channel as its setup page shows it. No secret stands in it: settings only by name. */
export const ChannelStatus = z.object({
  name: z.string(),
  /** It has its settings, and may run. */
  on: z.boolean(),
  /** Settings it needs and lacks, by name. */
  missing: z.array(z.string()),
  /** What to register at the platform, and where: to be copied. */
  register: z.array(z.object({ what: z.string(), value: z.string() })),
  /** `failing`: the last look failed, it may come back. `dead`: nothing will work until somebody does something. */
  state: z.enum(['ok', 'failing', 'dead', 'off']),
  /** In plain Chinese, what is wrong and what helps. */
  why: z.string().optional(),
  /** Since when it has been in this state. */
  since: z.iso.datetime(),
})
export type ChannelStatus = z.infer<typeof ChannelStatus>
