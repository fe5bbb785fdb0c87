import { z } from 'zod'

const clock = z
  .string()
  .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, '时间写成 HH:MM，如 09:00，最晚 24:00')

/** Police and ambulance: in every list, at every hour, whatever is edited. */
export const EMERGENCY_NUMBERS = ['110', '120'] as const

/** When a line is staffed on one kind of day, Asia/Shanghai; `to` may be 24:00. */
export const Hours = z.strictObject({ from: clock, to: clock })

export const Hotline = z.strictObject({
  /** The number as dialled, also the name in `{{hotline.12355}}`. */
  number: z.string().regex(/^\d{3,12}$/, '号码是 3 到 12 个数字'),
  name: z.string().min(2).max(20),
  /** One short line a child understands: what this line is for. */
  purpose: z.string().min(2).max(40),
  /** Province the line serves; `全国` serves everyone. */
  region: z.string().default('全国'),
  contact: z.array(z.enum(['call', 'text'])).min(1),
  /** Shown first in danger, before every other line, always. */
  emergency: z.boolean().default(false),
  /** Kinds of danger this line takes; empty means it is shown only where an answer names it. */
  danger: z.array(z.string()).default([]),
  /** `workday` includes make-up workdays, `restday` weekends, `holiday` statutory holidays. Absent = closed. */
  hours: z.strictObject({
    workday: z.array(Hours).default([]),
    restday: z.array(Hours).default([]),
    holiday: z.array(Hours).default([]),
  }),
  /** Who checked number and hours, when, until when that holds. Null: nobody yet, and the bot says so. */
  verified: z.strictObject({ on: z.iso.date(), by: z.string().min(1), expires: z.iso.date() }).nullable(),
})
export type Hotline = z.infer<typeof Hotline>

export const HotlineFile = z.strictObject({ about: z.string(), lines: z.array(Hotline).min(2) })
export type HotlineFile = z.infer<typeof HotlineFile>
