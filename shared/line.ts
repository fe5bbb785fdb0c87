import { z } from 'zod'
import { Hotline } from './hotline.js'
import { LineView } from './message.js'

/** How far a line's number and hours can be relied on. */
export const LineCheck = z.enum(['verified', 'expiring', 'lapsed', 'unverified'])
export type LineCheck = z.infer<typeof LineCheck>

/** A line as staff see it. */
export const LineRow = z.object({
  /** Its number: the id of a line. */
  id: z.string(),
  line: Hotline,
  state: LineView.shape.state,
  hoursText: z.string(),
  check: LineCheck,
  /** Police and ambulance: neither removed, nor closed, nor given another number. */
  protected: z.boolean(),
  /** sha256 of the whole list: who saves names the list that was read. */
  hash: z.string(),
})
export type LineRow = z.infer<typeof LineRow>

/** What a person changes of a line. A change of number or hours ends its verification. */
export const LineForm = Hotline.omit({ verified: true, emergency: true })
export type LineForm = z.infer<typeof LineForm>

/** Who checked number and hours, and until when that holds. The day is today. */
export const LineVerification = z.strictObject({
  by: z.string().trim().min(1).max(30),
  expires: z.iso.date(),
})
export type LineVerification = z.infer<typeof LineVerification>
