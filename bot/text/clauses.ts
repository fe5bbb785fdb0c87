/** A stretch of the normalised text: [start, end). */
export interface Span {
  start: number
  end: number
}

/** A clause without punctuation is cut here: voice-to-text runs on without any. Characters. */
const LONG_CLAUSE = 36
const STEP = 18

const BREAK = /[\n。！？!?；;，,、~～:：\p{Zs}]/u
/** A space inside a word spelt to slip past a filter (自 杀) is no border. */
const SPACE = /[\p{Zs}]/u

/** Cuts a normalised text into clauses; long ones without punctuation become overlapping windows. */
export function clauses(text: string): Span[] {
  const spans: Span[] = []
  let start = 0
  for (let i = 0; i <= text.length; i++) {
    const char = text.charAt(i)
    const border =
      i === text.length ||
      ellipsis(text, i) ||
      (BREAK.test(char) && !(SPACE.test(char) && insideWord(text, i)))
    if (!border) continue
    if (i > start) cut(spans, start, i)
    start = i + 1
  }
  return spans
}

/**
 * The windows risk is read in: each clause alone and each pair of neighbours, so that 我不想 / 活了 across a
 * comma is seen and a sentence in a long letter is not drowned.
 */
export function windows(text: string): Span[] {
  const parts = clauses(text)
  const all: Span[] = [...parts]
  for (let i = 1; i < parts.length; i++) {
    const before = parts[i - 1] as Span
    const here = parts[i] as Span
    if (here.start >= before.end && here.end - before.start <= 2 * LONG_CLAUSE)
      all.push({ start: before.start, end: here.end })
  }
  return all
}

/** Normalising turns … into dots; one alone stands in a number or an address. */
function ellipsis(text: string, at: number): boolean {
  return text.charAt(at) === '.' && (text.charAt(at - 1) === '.' || text.charAt(at + 1) === '.')
}

function insideWord(text: string, at: number): boolean {
  const single = (i: number) => !text.charAt(i) || BREAK.test(text.charAt(i))
  // 自 杀: one letter, a space, one letter
  return single(at - 2) || single(at + 2)
}

function cut(spans: Span[], start: number, end: number): void {
  if (end - start <= LONG_CLAUSE) {
    spans.push({ start, end })
    return
  }
  for (let from = start; from < end; from += STEP) {
    spans.push({ start: from, end: Math.min(end, from + LONG_CLAUSE) })
    if (from + LONG_CLAUSE >= end) return
  }
}
