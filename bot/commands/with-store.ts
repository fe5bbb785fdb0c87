import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.js'
import { createVault, dataKey } from '../store/crypto.js'
import { openStore, type Store } from '../store/store.js'

/** Whether there is a database to open: one that a command would only find empty is not made. */
export const hasDatabase = (config: Config): boolean =>
  config.MONGODB_URI !== undefined || existsSync(databaseFile(config))

const databaseFile = (config: Config) => join(config.DATA_DIR, 'database.sqlite')

/** Opens the configured database for one command; it is closed when the work ends, however it ends. */
export async function withStore<T>(config: Config, work: (store: Store) => Promise<T>): Promise<T> {
  const { key } = dataKey(config.DATA_KEY, config.DATA_DIR, existsSync(databaseFile(config)))
  const place = config.MONGODB_URI
    ? { uri: config.MONGODB_URI }
    : { dataDir: config.DATA_DIR, shared: true as const }
  const store = await openStore(place, createVault(key))
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}
