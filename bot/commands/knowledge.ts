import { join } from 'node:path'
import type { Config } from '../config.js'
import { learnTalk, wake } from '../content/brain.js'
import { contentFolder, contentOf, readFolder } from '../content/folder.js'
import { cachedModel } from '../content/release.js'
import type { Knowledge } from '../conversation/receive.js'

/** What the bot knows, from the files of intents/ alone: no server, no database. Models are kept in DATA_DIR/models. */
export async function loadKnowledge(config: Config): Promise<Knowledge> {
  const content = contentOf(await readFolder(contentFolder()))
  const [bytes, talk] = await Promise.all([
    cachedModel(content, join(config.DATA_DIR, 'models')),
    learnTalk(content),
  ])
  return { content, brain: wake(content, bytes, talk) }
}

/** node-nlp prints to stdout, which belongs to our own output. */
export function quietStdout(): void {
  console.log = (...parts: unknown[]) => process.stderr.write(`${parts.map(String).join(' ')}\n`)
}
