export interface Segment {
  text: string
  /** Taken as danger by the machine. */
  marked: boolean
}

/** A text cut where its evidence begins and ends; what overlaps is one, what reaches beyond the text is cut to it. */
export function segmentsOf(text: string, evidence: readonly { start: number; end: number }[]): Segment[] {
  const segments: Segment[] = []
  let at = 0
  for (const { start, end } of [...evidence].sort((a, b) => a.start - b.start)) {
    const from = Math.max(at, start)
    const to = Math.min(text.length, end)
    if (to <= from) continue
    if (from > at) segments.push({ text: text.slice(at, from), marked: false })
    const last = segments.at(-1)
    if (last?.marked) last.text += text.slice(from, to)
    else segments.push({ text: text.slice(from, to), marked: true })
    at = to
  }
  if (at < text.length) segments.push({ text: text.slice(at), marked: false })
  return segments
}
