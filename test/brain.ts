import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { learnTalk, wake } from '../bot/content/brain.js'
import type { Content, ContentFiles } from '../bot/content/content.js'
import { contentFolder, contentOf, readFolder } from '../bot/content/folder.js'
import { cachedModel } from '../bot/content/release.js'
import type { Knowledge } from '../bot/conversation/receive.js'
import { SILENT } from '../bot/nlu/small-talk.js'

/** How long learning may take on a slow machine, for beforeAll. Milliseconds. */
export const LEARNING_MS = 240_000

const root = fileURLToPath(new URL('..', import.meta.url))

/** Whatever training is made of: a model learnt by other code is not the one under test. */
const TRAINERS = ['bot/text', 'bot/safety', 'bot/nlu', 'bot/content', 'shared']

/** The real content, or the given one, with the real brain: trained once per content and trainer, then read from node_modules/.cache. */
export async function realKnowledge(
  wanted: { talk: boolean; files?: ContentFiles } = { talk: true },
): Promise<Knowledge> {
  const content = contentOf(wanted.files ?? (await readFolder(contentFolder())))
  const print = console.log
  // node-nlp prints to stdout.
  console.log = () => undefined
  try {
    const talk = wanted.talk ? await learnTalk(content) : SILENT
    const bytes = await realModel(content)
    return { content, brain: wake(content, bytes, talk) }
  } finally {
    console.log = print
  }
}

/** Test files run side by side: the first trains, the others wait for what it has learnt. */
async function alone<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = join(folder, 'training')
  mkdirSync(folder, { recursive: true })
  for (;;) {
    try {
      mkdirSync(lock)
      break
    } catch {
      // Left behind by a killed run.
      const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs
      if (since !== undefined && since < Date.now() - LEARNING_MS)
        rmSync(lock, { recursive: true, force: true })
      await pause(200)
    }
  }
  try {
    return await work()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

/** The model for this content, from the same cache: what a release in a store is filled with. */
export function realModel(content: Content): Promise<Buffer> {
  const folder = join(root, 'node_modules/.cache/qingan-test', trainerHash())
  return alone(folder, () => cachedModel(content, folder))
}

function trainerHash(): string {
  const hash = createHash('sha256')
  for (const folder of TRAINERS) {
    for (const name of readdirSync(join(root, folder)).sort()) {
      if (name.endsWith('.ts')) hash.update(readFileSync(join(root, folder, name)))
    }
  }
  return hash.digest('hex').slice(0, 12)
}
