import { GROUPS } from '../../shared/content.js'
import type { LayerName } from '../../shared/intent.js'
import { DangerKind, LineStyle, Speaker } from '../../shared/risk.js'
import type { Content } from '../content/content.js'
import {
  byReader,
  byReading,
  coverageOf,
  type Coverage,
  type DangerCell,
  type TopicCoverage,
} from '../content/coverage.js'

/** Topics of the list to read first; more would not be read at one sitting. */
const READ_FIRST = 20
const LAYER_NUMBERS: Record<LayerName, string> = { first: '1', more: '2', help: '3' }

/** `qingan content report`: what the content covers on `day`, worst and most urgent first, as aligned text. */
export function contentReport(content: Content, day: string): string {
  const coverage = coverageOf(content, day)
  const { topics, cells } = coverage
  return [
    `Topics on ${day}: ${topics.length}. Layers: 1 first, 2 more, 3 help.`,
    ...table(
      [
        'topic',
        'risk',
        'danger',
        'said',
        'test',
        'young',
        'parent',
        'friend',
        'adult',
        'cites',
        'signed',
        'longest',
      ],
      topics.map(topicRow),
    ),
    '',
    'By group',
    ...table(['group', 'topics', 'said', 'test', 'unsigned', 'running out', 'unverified'], groupRows(topics)),
    '',
    `Own answers: ${byReader(topics)
      .map(([reader, count]) => `${reader} ${count}`)
      .join(', ')}`,
    ...readability(coverage),
    '',
    'Lines of danger: learnt + held out',
    ...dangerTable(cells),
    '',
    ...conversationRows(content),
    '',
    'To be read by a person first (docs/wording.md says for what)',
    ...table(
      ['', 'topic', 'signed', 'title'],
      [...topics]
        .sort(byReading)
        .slice(0, READ_FIRST)
        .map(({ id, signed, title }, i) => [String(i + 1), id, signed, title]),
    ),
    '',
  ].join('\n')
}

function topicRow({
  id,
  risk,
  danger,
  utterances,
  test,
  readers,
  citations,
  ...rest
}: TopicCoverage): string[] {
  const layers = (['young', 'parent', 'friend', 'adult'] as const).map(
    (reader) => readers[reader]?.map((name) => LAYER_NUMBERS[name]).join('') ?? '',
  )
  const signed = rest.until ? `${rest.signed} ${rest.until}` : rest.signed
  const counts = [utterances, test].map(String)
  return [id, risk, danger ?? '', ...counts, ...layers, String(citations), signed, rest.sentence.toFixed(0)]
}

function groupRows(topics: readonly TopicCoverage[]): string[][] {
  const sum = (numbers: number[]) => String(numbers.reduce((a, b) => a + b, 0))
  return Object.keys(GROUPS).map((group) => {
    const own = topics.filter(({ id }) => id.startsWith(`${group}.`))
    return [
      group,
      String(own.length),
      sum(own.map(({ utterances }) => utterances)),
      sum(own.map(({ test }) => test)),
      String(own.filter(({ signed }) => signed === 'unsigned').length),
      String(own.filter(({ signed }) => signed === 'expiring' || signed === 'lapsed').length),
      sum(own.map(({ unverified }) => unverified)),
    ]
  })
}

function readability({ topics, rare }: Coverage): string[] {
  const count = [...rare.characters.values()].reduce((sum, ids) => sum + ids.length, 0)
  const exceptions = [...rare.characters].map(
    ([character, ids]) => `${character} (${[...new Set(ids)].join(', ')})`,
  )
  return [
    `Longest average sentence of a layer: ${Math.max(...topics.map(({ sentence }) => sentence)).toFixed(1)} characters`,
    `First bubbles: ${(100 * (1 - count / (rare.of || 1))).toFixed(2)} % of ${rare.of} characters are among the 3,500 of compulsory schooling`,
    ...(exceptions.length ? [`Not among them: ${exceptions.join('; ')}`] : []),
  ]
}

/** Kind by style for young people speaking of themselves, then the other speakers over all styles. */
export function dangerTable(cells: readonly DangerCell[]): string[] {
  const others = Speaker.exclude(['self']).options
  const styles = LineStyle.options.filter((style) => cells.some((cell) => cell.style === style))
  const both = (found: DangerCell[]) => {
    const learnt = found.reduce((sum, cell) => sum + cell.learnt, 0)
    const heldOut = found.reduce((sum, cell) => sum + cell.heldOut, 0)
    return learnt + heldOut ? `${learnt}+${heldOut}` : ''
  }
  return table(
    ['kind', ...styles, ...others],
    DangerKind.options.map((kind) => {
      const own = cells.filter((cell) => cell.kind === kind)
      return [
        kind,
        ...styles.map((style) => both(own.filter((cell) => cell.speaker === 'self' && cell.style === style))),
        ...others.map((speaker) => both(own.filter((cell) => cell.speaker === speaker))),
      ]
    }),
  )
}

function conversationRows({ conversations, several, followUps }: Content): string[] {
  const rows = (['learn', 'test'] as const).map((use) => {
    const all = conversations[use]
    const safe = all.filter(({ level }) => level === 'none').length
    return `Conversations to ${use} from: ${all.length - safe} with danger, ${safe} safe`
  })
  return [...rows, `Messages with several problems: ${several.length}; follow-ups: ${followUps.length}`]
}

/** Columns of equal width; Chinese titles stand last, where their width does not matter. */
function table(head: string[], rows: string[][]): string[] {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => (row[i] ?? '').length)))
  return [head, ...rows].map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
