import { quietStdout } from '../../bot/commands/knowledge.js'
import { readConfig } from '../../bot/config.js'
import { start } from '../../bot/main.js'
import { thinnedContent } from './thinned.js'

// `qingan start` with fewer lines to learn, in a process of its own: a test kills it.
quietStdout()
const running = await start(readConfig(), { content: await thinnedContent() })
process.stdout.write(`青安 ${running.url}\n`)
process.once('SIGTERM', () => void running.stop().then(() => process.exit(0)))
