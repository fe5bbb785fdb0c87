import type { Cursors } from './cursors.js'
import { Fault } from './fault.js'
import type { Snapshots } from './snapshots.js'
import type { Store } from './store.js'
import type { Doc } from './values.js'

/** What a command works with. */
export interface Call {
  store: Store
  cursors: Cursors
  snapshots: Snapshots
  db: string
  /** The command's first value: for most the collection. */
  target: unknown
  command: Doc
}

/** One command: the options it takes beside the common ones, and its work. Anything else in the request is refused. */
export interface Command {
  options: string[] | 'any'
  run(call: Call): Doc
}

/** The collection a command names. */
export function collectionName(call: Call): string {
  if (typeof call.target !== 'string' || call.target === '')
    throw new Fault(73, 'The command needs the name of a collection')
  return call.target
}
