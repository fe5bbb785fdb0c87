import { clauses, type Span } from '../text/clauses.js'

/** One problem of a message. */
export interface Problem {
  intent: string
  /** Of the vote, the best over stretches of the message together with the whole, 0..2. */
  share: number
}

/** A message of fewer characters holds one problem. */
const SHORTEST = 24
/** Clauses are joined until a stretch is this long: 我不想 alone is about nothing. Characters. */
const STRETCH = 10
/** Problems of less are not worth a button. */
const LEAST = 0.14
const MOST = 3
/** What one step of danger (none, watch, urgent) is worth in the order of answering. */
const URGENCY = 0.15

/**
 * The problems of a message, most urgent first: every stretch of it votes, and so does the whole. `urgency` is 0, 1 or
 * 2 by the topic's usual danger. Work grows linearly with the length.
 */
export function problemsIn(
  text: string,
  vote: (text: string) => ReadonlyMap<string, number>,
  urgency: (intent: string) => number,
): Problem[] {
  if (text.length < SHORTEST) return []
  const stretches = stretchesOf(text)
  if (stretches.length < 2) return []
  const shares = new Map(vote(text))
  const best = new Map<string, number>()
  for (const { start, end } of stretches)
    for (const [id, share] of vote(text.slice(start, end))) best.set(id, Math.max(best.get(id) ?? 0, share))
  for (const [id, share] of best) shares.set(id, (shares.get(id) ?? 0) + share)
  return [...shares]
    .map(([intent, share]) => ({ intent, share }))
    .filter(({ intent, share }) => share >= LEAST && !intent.startsWith('chat.'))
    .sort((a, b) => b.share - a.share)
    .slice(0, MOST)
    .sort((a, b) => order(b, urgency) - order(a, urgency))
}

const order = ({ intent, share }: Problem, urgency: (intent: string) => number) =>
  share + URGENCY * urgency(intent)

/** From each clause on: as many as make a stretch, and one more. */
function stretchesOf(text: string): Span[] {
  const parts = clauses(text)
  return parts.flatMap(({ start }, i) => {
    let last = i
    while (last + 1 < parts.length && (parts[last] as Span).end - start < STRETCH) last++
    const stretch = { start, end: (parts[last] as Span).end }
    const next = parts[last + 1]
    return next ? [stretch, { start, end: next.end }] : [stretch]
  })
}
