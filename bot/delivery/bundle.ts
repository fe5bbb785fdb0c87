import type { Bubble } from '../../shared/message.js'
import type { Outgoing } from '../store/outbox.js'
import type { Capabilities } from './channel.js'
import { compose, composeJoined } from './compose.js'

/** Messages that go out together: what the machine says in one go where messages are counted, else one. */
export interface Bundle {
  kind: 'machine' | 'human' | 'warning'
  rows: Outgoing[]
}

/** A warning's message is kept under the key of its row in the ledger. */
const WARNING = 'push:'
export const ledgerRow = (key: string) => key.slice(WARNING.length)

export const kindOf = ({ key, from }: Outgoing): Bundle['kind'] =>
  key.startsWith(WARNING) ? 'warning' : from === 'counselor' ? 'human' : 'machine'
/** A piece of it may have gone out: it stays cut as it was. */
export const begun = ({ pieces, inFlight }: Outgoing) => pieces > 0 || inFlight

/** What goes out next. Of what has begun nothing is joined with what has not. */
export function nextBundle(rows: readonly Outgoing[], joins: boolean): Bundle {
  const first = rows[0] as Outgoing
  const kind = kindOf(first)
  if (!joins || (kind !== 'machine' && !begun(first))) return { kind, rows: [first] }
  const together = (row: Outgoing) => (begun(first) ? begun(row) : kindOf(row) === 'machine' && !begun(row))
  const end = rows.findIndex((row) => !together(row))
  const taken = end < 0 ? [...rows] : rows.slice(0, end)
  const kinds = taken.map(kindOf)
  // A human's words may carry what the machine could not say before.
  return { kind: kinds.includes('human') ? 'human' : kind, rows: taken }
}

/** The messages of a bundle, at most `most` (null: any number). A human's words begin with their work name. */
export function piecesOf(
  { rows }: Bundle,
  capabilities: Capabilities,
  most: number | null,
  publicUrl?: string,
): Bubble[] {
  const bubbles = rows.map(({ from, name, bubble }) =>
    from === 'counselor' && name ? { ...bubble, text: `${name}：${bubble.text}` } : bubble,
  )
  if (capabilities.joins) return composeJoined(bubbles, capabilities, { publicUrl, most })
  return bubbles.flatMap((bubble) => compose(bubble, capabilities, publicUrl))
}
