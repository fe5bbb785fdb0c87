import { start } from './main.js'
import { quietStdout } from './commands/knowledge.js'
import { readConfig } from './config.js'
import { AppError } from './errors.js'

const USAGE = `qingan start                          serve the chat (see .env.example)
qingan ask "问题" [--at TIME] [--region 内蒙古]
qingan ask --jsonl < questions.jsonl  one object a line
qingan evaluate FILE.jsonl [--json]   measure understanding and safety on labelled questions
qingan evaluate [--html FILE] [--compare RELEASE]  the same on what intents/ holds out
qingan content check                  find mistakes in intents/
qingan content report                 what intents/ covers, what is unsigned, what to read first
qingan content hash INTENT            what a reviewer of its answers signs
qingan laws import PATH…              take over statutes: files, folders, zips
qingan laws list | show | search | map | review | confirm
qingan staff list                     who has an account
qingan staff reset NAME               a one-time link to set a new password
qingan bench turn                     measure turns over HTTP
qingan bench understand               measure reading and learning beside node-nlp
qingan bench store                    measure the built-in database
qingan bench channels                 measure each channel beside its bare framework
qingan demo                           everything filled in, against simulated platforms, until Ctrl-C
qingan simulate wechat | telegram     a platform to try the channels against, with a page to type as a user
qingan database serve                 the built-in database alone, for several processes
qingan backup FILE [--passphrase-file FILE] [--force]
qingan restore FILE [--passphrase-file FILE] [--force]
qingan migrate --to MONGODB_URI       copies the built-in database into MongoDB
`

async function main(argv: string[]): Promise<number> {
  const [verb, ...rest] = argv
  switch (verb) {
    case 'start':
      return serve()
    case 'ask':
      return (await import('./commands/ask.js')).ask(rest)
    case 'evaluate':
      return (await import('./commands/evaluate.js')).evaluate(rest)
    case 'content':
      return (await import('./commands/content.js')).content(rest)
    case 'laws':
      return (await import('./commands/laws.js')).laws(rest)
    case 'staff':
      return (await import('./commands/staff.js')).staff(rest)
    case 'bench':
      return (await import('./commands/bench.js')).bench(rest)
    case 'demo':
      return (await import('./commands/demo.js')).demo(rest)
    case 'simulate':
      return (await import('./commands/simulate.js')).simulate(rest)
    case 'database':
      return (await import('./commands/database.js')).database(rest)
    case 'backup':
      return (await import('./commands/backup.js')).backup(rest)
    case 'restore':
      return (await import('./commands/restore.js')).restore(rest)
    case 'migrate':
      return (await import('./commands/migrate.js')).migrate(rest)
    case 'help':
    case '--help':
    case '-h':
      process.stdout.write(USAGE)
      return 0
    default:
      throw new AppError('cli.usage', {
        why: verb ? `there is no command ${JSON.stringify(verb)}` : 'a command is missing',
      })
  }
}

async function serve(): Promise<number> {
  quietStdout()
  const running = await start(readConfig())
  process.stdout.write(`青安 ${running.url}\n`)
  await new Promise<void>((fulfil) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => fulfil())
  })
  await running.stop()
  return 0
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const known = error instanceof AppError
    process.stderr.write(known ? `${error.message}\n` : `${(error as Error).stack ?? String(error)}\n`)
    if (known && error.code === 'cli.usage') process.stderr.write(`\n${USAGE}`)
    process.exit(known && error.code === 'cli.usage' ? 2 : 1)
  },
)
