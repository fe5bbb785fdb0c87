import { ADMIN_COMMANDS } from './admin-commands.js'
import type { Command } from './command.js'
import { Cursors } from './cursors.js'
import { Fault, unsupported } from './fault.js'
import { READ_COMMANDS } from './read-commands.js'
import { Snapshots } from './snapshots.js'
import type { Store } from './store.js'
import { isDoc, type Doc } from './values.js'
import { WRITE_COMMANDS } from './write-commands.js'

/** Each may come with any command. `lsid` and `$clusterTime` carry nothing here: there are neither transactions nor replicas. */
const COMMON = new Set([
  '$db',
  'lsid',
  '$clusterTime',
  '$readPreference',
  'comment',
  'readConcern',
  'writeConcern',
  'maxTimeMS',
])
/** They belong to a read that has its concern; drivers repeat it. */
const CURSOR_COMMANDS = ['getMore', 'killCursors']
const TRANSACTION = ['txnNumber', 'startTransaction', 'autocommit', 'stmtId', 'stmtIds']
const COMMANDS: Record<string, Command> = { ...READ_COMMANDS, ...WRITE_COMMANDS, ...ADMIN_COMMANDS }

function checkConcerns(name: string, { readConcern, writeConcern }: Doc): void {
  const level = isDoc(readConcern) ? readConcern.level : undefined
  if (level === 'snapshot' && name !== 'find' && name in READ_COMMANDS && !CURSOR_COMMANDS.includes(name))
    throw unsupported(`The read concern snapshot of the command '${name}'`)
  const w = isDoc(writeConcern) ? writeConcern.w : undefined
  if (w !== undefined && w !== 'majority' && !(typeof w === 'number' && w <= 1))
    throw new Fault(
      100,
      `Not enough data-bearing nodes for write concern ${String(w)}: the embedded database is a single server`,
    )
}

/** Executes commands, one after the other, against the store. Never throws: a failure is a reply. */
export class Engine {
  private readonly cursors = new Cursors()
  private readonly snapshots: Snapshots

  constructor(private readonly store: Store) {
    this.snapshots = new Snapshots(store)
  }

  /** Forgets cursors and snapshots nobody uses any more, and removes what has expired (`now` in ms). */
  sweep(now: number): void {
    this.cursors.sweep(now)
    this.snapshots.sweep(now)
    this.store.expire(now)
  }

  /** Runs one command and gives its reply; durable only after `store.commit()`. `check` may answer or throw before. */
  execute(command: Doc, check?: (command: Doc) => Doc | undefined): Doc {
    const started = Date.now()
    try {
      const answered = check?.(command)
      if (answered) return answered
      const name = Object.keys(command)[0] ?? ''
      const known = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
      if (!known)
        throw new Fault(59, `no such command: '${name}' (or not supported by the embedded database)`)
      // MongoDB says 20 here, but the driver replaces that answer by a misleading one about retryWrites.
      if (TRANSACTION.some((option) => option in command))
        throw unsupported('A transaction or a retryable write number', 263)
      for (const option of Object.keys(command)) {
        if (
          option === name ||
          COMMON.has(option) ||
          known.options === 'any' ||
          known.options.includes(option)
        )
          continue
        throw unsupported(`The option '${option}' of the command '${name}'`, 40415)
      }
      checkConcerns(name, command)
      const reply = known.run({
        store: this.store,
        cursors: this.cursors,
        snapshots: this.snapshots,
        db: String(command.$db),
        target: command[name],
        command,
      })
      // A command runs in one piece, so a time limit can only be judged afterwards, and only where nothing was written.
      const limit = command.maxTimeMS
      if (typeof limit === 'number' && limit > 0 && name in READ_COMMANDS && Date.now() - started > limit)
        throw new Fault(50, 'operation exceeded time limit')
      return { ...reply, ok: 1 }
    } catch (error) {
      if (error instanceof Fault) return error.toReply()
      return new Fault(
        1,
        `The embedded database failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      ).toReply()
    }
  }
}
