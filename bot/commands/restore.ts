import { readConfig } from '../config.js'
import { restore as restoreBackup } from '../store/backup.js'
import { backupArguments, listed } from './backup.js'

/** `qingan restore FILE`: puts a verified backup into the data folder, or into MongoDB where MONGODB_URI is set. */
export async function restore(args: string[]): Promise<number> {
  const config = readConfig()
  const { file, passphrase, force } = backupArguments(args, config, 'restore')
  const place = config.MONGODB_URI ? { uri: config.MONGODB_URI } : { dataDir: config.DATA_DIR }
  const counts = await restoreBackup(place, file, passphrase, force)
  process.stdout.write(
    `${listed(counts)}restored; the key that belongs to these data must be in its place too\n`,
  )
  return 0
}
