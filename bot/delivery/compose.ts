import type { Bubble, CitationCard, LineView } from '../../shared/message.js'
import type { Capabilities } from './channel.js'

const STATE_WORDS: Record<LineView['state'], string> = {
  open: '现在有人接',
  likely: '现在应该能打通',
  closed: '现在没人接',
}

/** A bubble as this channel can show it: buttons become numbers, cards become text, long text is split. */
export function compose(
  bubble: Bubble,
  { maxText, buttons, cards }: Capabilities,
  publicUrl?: string,
): Bubble[] {
  const parts = [bubble.text]
  if (!cards) {
    if (bubble.lines?.length) parts.push(bubble.lines.map(lineText).join('\n'))
    if (bubble.citations?.length)
      parts.push(bubble.citations.map((card) => citationText(card, publicUrl)).join('\n'))
  }
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

const lineText = (line: LineView) => `${line.number} ${line.name}（${STATE_WORDS[line.state]}）`
/** With a short link to the article's own words where this installation can be reached from outside. */
function citationText({ law, article, plain, path }: CitationCard, publicUrl?: string): string {
  const link = publicUrl && path ? ` ${publicUrl.replace(/\/$/, '')}${path}` : ''
  return `《${law}》${article}：${plain}${link}`
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
