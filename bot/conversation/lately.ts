import { z } from 'zod'
import { TALK_MAX, TALK_MESSAGES } from '../safety/assess.js'

/** After a longer silence a new talk begins. Milliseconds. */
const SAME_TALK_MS = 6 * 3_600_000

/** What a person wrote last, the latest last, and when (milliseconds): danger is read beside it. */
export const Lately = z.array(z.object({ text: z.string(), at: z.number() }))
export type Lately = z.infer<typeof Lately>

/** The words that belong to the talk that goes on at `now`. */
export const sameTalk = (lately: Lately, now: Date): string[] =>
  lately.filter(({ at }) => now.getTime() - at < SAME_TALK_MS).map(({ text }) => text)

/** As much as is read beside the next message, once these were said. */
export const latelyAfter = (before: Lately, texts: readonly string[], now: Date): Lately =>
  [...before, ...texts.map((text) => ({ text: text.slice(-TALK_MAX), at: now.getTime() }))].slice(
    -TALK_MESSAGES,
  )
