import type { HeldOut } from '../content/held-out.js'
import type { Proportion } from '../nlu/intervals.js'
import { FIGURES, type Measured } from './held-out-figures.js'

/** Charts: width and height of the drawing, in its own units. */
const SIZE = 320
const EDGE = 36

/** The report as one page that fetches nothing: figures with their intervals as bars, the cells, and how far a confidence can be believed. */
export function heldOutPage(sides: readonly Measured[]): string {
  const [{ found }] = sides as [Measured]
  const names = sides.map(({ name }) => name)
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What the bot understands</title>
<style>${STYLE}</style>
<main>
<h1>What the bot understands</h1>
<p>Read by ${escaped(names.join(' and by '))}: every line that intents/ holds out, none of which anything was learnt from. The dark mark is the share, the band its 95 % interval (Wilson).</p>
${FIGURES.map(([title, rows]) => figures(title, rows, sides)).join('\n')}
<h2>Danger by kind, speaker and style</h2>
<p>The worst first; the lines missed open with a click. They are painful to read, and only for those who mend them.</p>
${cells(found)}
<h2>When danger is raised in a conversation</h2>
${delays(found)}
<h2>Which topics are taken for which</h2>
${confusion(found)}
<h2>How far a confidence can be believed</h2>
<p>On the line, topics said with a confidence of 0.7 would be right seven times in ten.</p>
${reliability(found)}
</main>
</html>
`
}

const STYLE = `
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1c2321; background: #fbfbf9 }
main { max-width: 60rem; margin: 0 auto; padding: 1rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .25rem .5rem; vertical-align: top; border-bottom: 1px solid #d9dedb }
th { font-weight: 600 }
td.bar { width: 40%; min-width: 8rem }
td.n { white-space: nowrap; font-variant-numeric: tabular-nums }
svg { max-width: 100%; height: auto; display: block }
.band { fill: #a9cdbf } .mark { fill: #14503c } .line { stroke: #14503c; fill: none; stroke-width: 2 } .ideal { stroke: #767f7b; stroke-dasharray: 4 4 }
.wide { overflow-x: auto } .matrix td, .matrix th { text-align: center; padding: .2rem .35rem } .field { background: color-mix(in srgb, #6fb59c var(--share), transparent) }
.dot { fill: #14503c } text { font-size: 11px; fill: #1c2321 }
@media (prefers-color-scheme: dark) {
  body { color: #e7ecea; background: #161a19 } th, td { border-color: #3a4441 } text { fill: #e7ecea }
  .band { fill: #2f5f50 } .mark, .dot { fill: #a9dcc9 } .line { stroke: #a9dcc9 } .ideal { stroke: #98a29e }
}
@media (max-width: 40rem) { td.bar { display: none } td.n { white-space: normal } th, td { padding: .25rem; overflow-wrap: anywhere } }
`

type Rows = (typeof FIGURES)[number][1]

function figures(title: string, rows: Rows, sides: readonly Measured[]): string {
  const body = rows.flatMap(([name, better, of]) =>
    sides.map(({ name: side, found }, i) => {
      const label =
        i === 0 ? `${escaped(name)}${better === 'less' ? ' <small>(less is better)</small>' : ''}` : ''
      return `<tr><th scope="row">${label}</th>${sides.length > 1 ? `<td>${escaped(side)}</td>` : ''}${shareCells(of(found))}</tr>`
    }),
  )
  return `<h2>${escaped(title)}</h2><table><tbody>${body.join('')}</tbody></table>`
}

function cells({ cells: all }: HeldOut): string {
  const rows = all.map(({ kind, speaker, style, raised, missed }) => {
    const lines = missed.map((text) => `<li>${escaped(text)}</li>`).join('')
    const opened = missed.length
      ? `<details><summary>${missed.length} missed</summary><ul>${lines}</ul></details>`
      : ''
    return `<tr><th scope="row">${escaped(kind)}</th><td>${escaped(speaker)}</td><td>${escaped(style)}</td>${shareCells(raised)}<td>${opened}</td></tr>`
  })
  return `<table><thead><tr><th>Kind</th><th>Speaker</th><th>Style</th><td class="bar"></td><th>Raised</th><td></td></tr></thead><tbody>${rows.join('')}</tbody></table>`
}

/** A bar from 0 to 1 with the share and its interval, and the same in figures. */
function shareCells({ share, low, high, count, of }: Proportion): string {
  if (share === null) return '<td class="bar"></td><td class="n">–</td>'
  const at = (value: number) => (value * 200).toFixed(1)
  const bar = `<svg viewBox="0 0 200 12" aria-hidden="true"><rect class="band" x="${at(low)}" y="2" width="${at(high - low)}" height="8"/><rect class="mark" x="${at(Math.min(0.99, share))}" y="0" width="2" height="12"/></svg>`
  return `<td class="bar">${bar}</td><td class="n">${share.toFixed(3)} [${low.toFixed(2)}–${high.toFixed(2)}] ${count} of ${of}</td>`
}

function delays({ talks }: HeldOut): string {
  const most = Math.max(1, ...talks.delays.map(({ count }) => count))
  const rows = talks.delays.map(({ messages, count }) => {
    const when =
      messages === 0 ? 'at that message' : `${Math.abs(messages)} ${messages < 0 ? 'before' : 'after'}`
    const bar = `<svg viewBox="0 0 200 12" aria-hidden="true"><rect class="mark" x="0" y="1" width="${((count / most) * 200).toFixed(1)}" height="10"/></svg>`
    return `<tr><th scope="row">${when}</th><td class="bar">${bar}</td><td class="n">${count}</td></tr>`
  })
  return `<p>Messages before or after the one at which a careful human would act; never: ${talks.never}.</p><table><tbody>${rows.join('')}</tbody></table>`
}

/** Pairs of topics shown below the table. */
const PAIRS_SHOWN = 30

/** Each row's phrases by what was answered: the darker a field, the larger its share of the row. */
function confusion({ confusion: { groups, answers, counts, pairs } }: HeldOut): string {
  const head = answers.map((answer) => `<th scope="col">${escaped(answer)}</th>`).join('')
  const rows = groups.map((group, i) => {
    const row = counts[i] as number[]
    const all = row.reduce((sum, count) => sum + count, 0) || 1
    const fields = row.map((count) =>
      count === 0
        ? '<td></td>'
        : `<td class="field" style="--share: ${Math.round((100 * count) / all)}%">${count}</td>`,
    )
    return `<tr><th scope="row">${escaped(group)}</th>${fields.join('')}</tr>`
  })
  const worst = pairs
    .slice(0, PAIRS_SHOWN)
    .map(({ topic, answered, count }) => `<li>${escaped(topic)} → ${escaped(answered)}: ${count}</li>`)
  return `<p>Rows: the group a held-out phrase belongs to. Columns: the group that was answered, a question back (asked), or none of ours (refused).</p>
<div class="wide"><table class="matrix"><thead><tr><td></td>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>
<details><summary>Most often taken for another</summary><ul>${worst.join('')}</ul></details>`
}

function reliability({ reliability: bins }: HeldOut): string {
  const x = (value: number) => (EDGE + value * (SIZE - 2 * EDGE)).toFixed(1)
  const y = (value: number) => (SIZE - EDGE - value * (SIZE - 2 * EDGE)).toFixed(1)
  const points = bins.map(({ said, right }) => ({ said, share: right.share ?? 0, of: right.of }))
  const ticks = [0, 0.5, 1].map(
    (at) =>
      `<text x="${x(at)}" y="${SIZE - 16}" text-anchor="middle">${at}</text><text x="${EDGE - 6}" y="${y(at)}" text-anchor="end" dominant-baseline="middle">${at}</text>`,
  )
  const described = points
    .map(({ said, share, of }) => `${said.toFixed(2)}: ${share.toFixed(2)} of ${of}`)
    .join('; ')
  return `<svg viewBox="0 0 ${SIZE} ${SIZE}" width="${SIZE}" role="img" aria-label="confidence said and share right: ${described}">
<line class="ideal" x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}"/>
<polyline class="line" points="${points.map(({ said, share }) => `${x(said)},${y(share)}`).join(' ')}"/>
${points.map(({ said, share, of }) => `<circle class="dot" cx="${x(said)}" cy="${y(share)}" r="${(2 + Math.sqrt(of) / 6).toFixed(1)}"/>`).join('')}
${ticks.join('')}
<text x="${SIZE / 2}" y="${SIZE - 2}" text-anchor="middle">confidence said</text>
<text x="10" y="${SIZE / 2}" text-anchor="middle" transform="rotate(-90 10 ${SIZE / 2})">share right</text>
</svg>`
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string) => text.replace(/[&<>"']/g, (char) => ESCAPES[char] as string)
