import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../config.js'
import { AppError } from '../errors.js'
import { dataKey } from '../store/crypto.js'
import { serveDatabase } from '../store/place.js'

/** `qingan database serve`: the built-in database of DATA_DIR alone; prints its URI in one line and runs until a signal. */
export async function database(args: string[]): Promise<number> {
  if (args.length !== 1 || args[0] !== 'serve')
    throw new AppError('cli.usage', { why: 'qingan database serve' })
  const { DATA_DIR, DATA_KEY } = readConfig()
  // The folder's key comes before its data: a server that finds data without a key refuses to start.
  const { made } = dataKey(DATA_KEY, DATA_DIR, existsSync(join(DATA_DIR, 'database.sqlite')))
  if (made) process.stderr.write(`keep a copy of the key ${made}: without it no conversation can be read\n`)
  const { uri, stop } = await serveDatabase(DATA_DIR)
  process.stdout.write(`${uri}\n`)
  await new Promise<void>((fulfil) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => fulfil())
  })
  await stop()
  return 0
}
