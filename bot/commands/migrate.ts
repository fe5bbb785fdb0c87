import { readConfig } from '../config.js'
import { AppError } from '../errors.js'
import { migrate as copy } from '../store/migrate.js'

/** `qingan migrate --to MONGODB_URI`: copies the data folder into MongoDB; may be run again after an interruption. */
export async function migrate(args: string[]): Promise<number> {
  const [flag, uri] = args
  if (args.length !== 2 || flag !== '--to' || !/^mongodb(\+srv)?:\/\//.test(uri ?? ''))
    throw new AppError('cli.usage', { why: 'qingan migrate --to mongodb://…' })
  const { DATA_DIR } = readConfig()
  await copy(DATA_DIR, uri as string, (line) => void process.stdout.write(`${line}\n`))
  process.stdout.write(
    `all documents are in the new database; set MONGODB_URI and keep DATA_KEY. ${DATA_DIR} was not changed: delete it when the new one has proved itself\n`,
  )
  return 0
}
