import type { Bubble, CitationCard, LineView } from '../../shared/message.js'
import type { Capabilities } from './channel.js'

const STATE_WORDS: Record<LineView['state'], string> = {
  open: '现在有人接',
  likely: '现在应该能打通',
  closed: '现在没人接',
}

/** A bubble as this channel can show it: buttons become numbers, cards become text, long text is split. */
export function compose(bubble: Bubble, capabilities: Capabilities, publicUrl?: string): Bubble[] {
  const { maxText, buttons, cards } = capabilities
  const parts = [flat(bubble, capabilities, publicUrl)]
  const native = (bubble.buttons?.length ?? 0) <= buttons
  if (bubble.buttons?.length && !native)
    parts.push(bubble.buttons.map((label, i) => `${i + 1} ${label}`).join('\n'))
  const pieces = split(parts.join('\n'), maxText)
  return pieces.map((text, i) => {
    const last = i === pieces.length - 1
    return {
      text,
      ...(last && native && bubble.buttons ? { buttons: bubble.buttons } : {}),
      ...(last && cards && bubble.lines ? { lines: bubble.lines } : {}),
      ...(last && cards && bubble.citations ? { citations: bubble.citations } : {}),
    }
  })
}

/**
 * Bubbles that were said in one go, as the messages of a network that counts them: joined, and at most `most`. What
 * does not fit goes in the order of its weight: first the articles' plain words, then the articles, then the end.
 */
export function composeJoined(
  bubbles: readonly Bubble[],
  capabilities: Capabilities,
  { publicUrl, most }: { publicUrl?: string; most: number | null },
): Bubble[] {
  const short = bubbles.map((bubble) => ({
    ...bubble,
    citations: bubble.citations?.map((card) => ({ ...card, plain: '' })),
  }))
  const bare = bubbles.map(({ citations: _, ...bubble }) => bubble)
  const tries = [bubbles, short, bare].map((each) =>
    compose(joined(each, capabilities, publicUrl), capabilities, publicUrl),
  )
  const fitting = tries.find((pieces) => most === null || pieces.length <= most)
  if (fitting) return fitting
  const kept = (tries[2] as Bubble[]).slice(0, most as number)
  const last = kept.at(-1)
  if (last) last.text = `${last.text.slice(0, capabilities.maxText - 1)}…`
  return kept
}

/** Several bubbles as one; what may be pressed stands under the last. */
function joined(bubbles: readonly Bubble[], capabilities: Capabilities, publicUrl?: string): Bubble {
  if (bubbles.length === 1) return bubbles[0] as Bubble
  const text = bubbles.map((bubble) => flat(bubble, capabilities, publicUrl)).join('\n\n')
  const { buttons } = bubbles.at(-1) ?? {}
  if (!capabilities.cards) return { text, ...(buttons ? { buttons } : {}) }
  const lines = bubbles.flatMap((bubble) => bubble.lines ?? [])
  const citations = bubbles.flatMap((bubble) => bubble.citations ?? [])
  return {
    text,
    ...(buttons ? { buttons } : {}),
    ...(lines.length ? { lines } : {}),
    ...(citations.length ? { citations } : {}),
  }
}

/** A bubble's words, with its cards in words where the network shows none. */
function flat({ text, lines, citations }: Bubble, { cards }: Capabilities, publicUrl?: string): string {
  if (cards) return text
  const parts = [text]
  if (lines?.length) parts.push(lines.map(lineText).join('\n'))
  if (citations?.length) parts.push(citations.map((card) => citationText(card, publicUrl)).join('\n'))
  return parts.join('\n')
}

const lineText = (line: LineView) => `${line.number} ${line.name}（${STATE_WORDS[line.state]}）`
/** With a short link to the article's own words where this installation can be reached from outside. */
function citationText({ law, article, plain, path }: CitationCard, publicUrl?: string): string {
  const link = publicUrl && path ? ` ${publicUrl.replace(/\/$/, '')}${path}` : ''
  return `《${law}》${article}${plain ? `：${plain}` : ''}${link}`
}

/** Cuts at the last sentence border that fits, never inside a surrogate pair. */
function split(text: string, max: number): string[] {
  const pieces: string[] = []
  let rest = text
  while (rest.length > max) {
    const head = rest.slice(0, max)
    const border = Math.max(...['\n', '。', '！', '？', '；'].map((mark) => head.lastIndexOf(mark))) + 1
    let at = border > max / 3 ? border : max
    if (/[\uD800-\uDBFF]/.test(rest.charAt(at - 1))) at--
    pieces.push(rest.slice(0, at).trimEnd())
    rest = rest.slice(at).trimStart()
  }
  if (rest || pieces.length === 0) pieces.push(rest)
  return pieces
}
