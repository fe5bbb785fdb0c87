import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readConfig, type Config } from '../config.js'
import { AppError } from '../errors.js'
import { backUp, type Counts } from '../store/backup.js'

const LEAST = 12

/** `FILE [--passphrase-file FILE] [--force]`: what backup and restore are told. Throws `cli.usage`. */
export function backupArguments(args: string[], config: Config, verb: string) {
  const usage = (why: string) => new AppError('cli.usage', { why })
  let parsed
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: { 'passphrase-file': { type: 'string' }, force: { type: 'boolean', default: false } },
    })
  } catch (error) {
    throw usage((error as Error).message)
  }
  const { values, positionals } = parsed
  const [file] = positionals
  if (!file || positionals.length > 1) throw usage(`qingan ${verb} FILE [--passphrase-file FILE] [--force]`)
  const from = values['passphrase-file']
  const passphrase = from ? readFileSync(from, 'utf8').replace(/\r?\n$/, '') : config.BACKUP_PASSPHRASE
  if (!passphrase || passphrase.length < LEAST)
    throw usage(`a passphrase of ${LEAST} characters or more: --passphrase-file FILE or BACKUP_PASSPHRASE`)
  return { file, passphrase, force: values.force }
}

/** What was written or read, a line a collection. */
export const listed = (counts: Counts): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name.padEnd(24)} ${count}\n`)
    .join('')

/** `qingan backup FILE`: everything in the database, encrypted, also while the server runs. */
export async function backup(args: string[]): Promise<number> {
  const config = readConfig()
  const { file, passphrase, force } = backupArguments(args, config, 'backup')
  const place = config.MONGODB_URI ? { uri: config.MONGODB_URI } : { dataDir: config.DATA_DIR, shared: true }
  const counts = await backUp(place, file, passphrase, force)
  process.stdout.write(
    `${listed(counts)}${file} was written and read back; keep the key of the data apart from it\n`,
  )
  return 0
}
