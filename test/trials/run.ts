import { parseArgs } from 'node:util'
import { backupBesideChat } from './backup.js'
import { channels } from './channels.js'
import { crash } from './crash.js'
import { database } from './database.js'
import { desk } from './desk.js'
import { surge } from './surge.js'

/** What a trial found: 0 violations is a pass. */
export interface Verdict {
  violations: string[]
  summary: string
}

export type Trial = (options: { rounds: number; print: (line: string) => void }) => Promise<Verdict>

const TRIALS: Record<string, Trial> = { crash, desk, database, backup: backupBesideChat, channels, surge }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '20' } },
})
const trial = TRIALS[positionals[0] ?? '']
const rounds = Number(values.rounds)
if (!trial || !Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write(`npm run trial ${Object.keys(TRIALS).join('|')} -- --rounds N\n`)
  process.exit(2)
}
const print = (line: string) => void process.stdout.write(`${line}\n`)
const { violations, summary } = await trial({ rounds, print })
for (const violation of violations.slice(0, 50)) print(`VIOLATION ${violation}`)
print(summary)
process.exit(violations.length ? 1 : 0)
