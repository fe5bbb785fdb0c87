import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Release } from '../store/releases.js'
import { joinParts, lessonHash, TRAINER_VERSION } from './brain.js'
import type { Content, ContentFiles } from './content.js'
import { trainInWorker } from './workers.js'

/** Names a release: the content and the version of the trainer. */
export function releaseId(content: Content): string {
  return createHash('sha256').update(`${TRAINER_VERSION}:${content.hash}`).digest('hex').slice(0, 24)
}

/** A release of this content with the model learnt from it, not yet kept. */
export function releaseOf(content: Content, files: ContentFiles, model: Buffer, at: Date): Release {
  return {
    id: releaseId(content),
    at,
    content: JSON.stringify(files),
    lesson: lessonHash(content),
    trainer: TRAINER_VERSION,
    model,
    figures: null,
  }
}

/** The model for this content from a folder of trained models, which the command line and a start share. */
export async function cachedModel(content: Content, folder: string): Promise<Buffer> {
  const path = join(folder, `${releaseId(content)}.model`)
  if (existsSync(path)) return readFile(path)
  const bytes = await train(content)
  await mkdir(folder, { recursive: true })
  // Written beside, to the disk, and renamed: neither a kill nor a power cut leaves half a model.
  const draft = `${path}.${process.pid}`
  await writeFile(draft, bytes, { flush: true })
  await rename(draft, path)
  return bytes
}

/** Trains two parts at a time, the longest beside the others: for a start, while nobody is served yet. A third at once costs memory that a small server lacks. */
export async function train(content: Content): Promise<Buffer> {
  const others = async () => ({
    bands: await trainInWorker(content, 'bands'),
    intents: await trainInWorker(content, 'intents'),
  })
  const [judges, rest] = await Promise.all([trainInWorker(content, 'judges'), others()])
  return joinParts({ judges, ...rest })
}
