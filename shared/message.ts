import { z } from 'zod'

/** Longest message a person may send, in UTF-16 units. All of it is read for danger. */
export const TEXT_MAX = 20_000

/** A hotline as a person sees it at this moment. */
export const LineView = z.object({
  number: z.string(),
  name: z.string(),
  purpose: z.string(),
  contact: z.array(z.enum(['call', 'text'])),
  /** `open`: verified and within its hours. `likely`: within hours nobody has verified yet. */
  state: z.enum(['open', 'likely', 'closed']),
  hours: z.string(),
})
export type LineView = z.infer<typeof LineView>

/** A citation as a card: where the plain line comes from, and since when the article is in force in these words. */
export const CitationCard = z.object({
  law: z.string(),
  article: z.string(),
  plain: z.string(),
  /** In force since (施行). */
  since: z.string(),
  /** Date of the version the article is read in (修正、修订). */
  version: z.string(),
  /** Path of the public page with the article's own words, where its text was imported. */
  path: z.string().optional(),
  /** The paragraph (款) that matters, counted from 1. */
  paragraph: z.number().int().positive().optional(),
})
export type CitationCard = z.infer<typeof CitationCard>

/** One bubble. */
export const Bubble = z.object({
  text: z.string(),
  buttons: z.array(z.string()).optional(),
  citations: z.array(CitationCard).optional(),
  lines: z.array(LineView).optional(),
  /** Everything before this was deleted: the page clears it away too. */
  cleared: z.boolean().optional(),
})
export type Bubble = z.infer<typeof Bubble>

export const Author = z.enum(['person', 'bot', 'counselor', 'system'])
export type Author = z.infer<typeof Author>

/** A message as the web chat receives it. */
export const ChatMessage = Bubble.extend({
  number: z.number().int(),
  from: Author,
  /** The client's own id, on the person's messages. */
  id: z.string().optional(),
  /** The work name of the human who wrote it. */
  name: z.string().optional(),
  at: z.iso.datetime(),
})
export type ChatMessage = z.infer<typeof ChatMessage>

/** What the web chat posts. The id is made by the client, so that sending again never doubles. */
export const WebInbound = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9-]{8,64}$/),
  text: z.string().min(1),
})
export type WebInbound = z.infer<typeof WebInbound>
