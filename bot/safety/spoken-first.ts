import type { DangerKind } from '../../shared/risk.js'

/** Which danger is spoken to first when a message holds several: what kills soonest, then what goes on, then the rest. */
const ORDER: DangerKind[] = [
  'attempt',
  'self-harm',
  'medical',
  'extortion',
  'sexual',
  'threat',
  'violence',
  'runaway',
  'drugs',
  'bullying',
  'neglect',
]

/** The danger to speak to first, or undefined when there is none. */
export const spokenFirst = (kinds: readonly DangerKind[]): DangerKind | undefined =>
  ORDER.find((kind) => kinds.includes(kind))
