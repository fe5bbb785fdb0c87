import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Releases } from '../store/releases.js'
import { joinParts, TRAINER_VERSION, type Part } from './brain.js'
import type { Content, ContentFiles } from './content.js'

/** Names what a model was learnt from: the content and the version of the trainer. */
export function releaseId(content: Content): string {
  return createHash('sha256').update(`${TRAINER_VERSION}:${content.hash}`).digest('hex').slice(0, 24)
}

/** The model for this content from the releases in the store, trained and published when there is none yet. */
export async function liveModel(
  content: Content,
  files: ContentFiles,
  releases: Releases,
  now: Date,
): Promise<{ id: string; bytes: Buffer; trainedIn?: number }> {
  const id = releaseId(content)
  const kept = await releases.find(id)
  if (kept) {
    if ((await releases.live()) !== id) await releases.publish(kept)
    return { id, bytes: kept.model }
  }
  const { bytes, milliseconds } = await train(content)
  await releases.publish({ id, at: now, content: JSON.stringify(files), model: bytes })
  return { id, bytes, trainedIn: milliseconds }
}

/** The model for this content from a folder of trained models: the command line needs no database. */
export async function cachedModel(content: Content, folder: string): Promise<Buffer> {
  const path = join(folder, `${releaseId(content)}.model`)
  if (existsSync(path)) return readFile(path)
  const { bytes } = await train(content)
  await mkdir(folder, { recursive: true })
  // Written beside and renamed: a killed command leaves no half model.
  const draft = `${path}.${process.pid}`
  await writeFile(draft, bytes)
  await rename(draft, path)
  return bytes
}

/** Trains both parts side by side. */
async function train(content: Content): Promise<{ bytes: Buffer; milliseconds: number }> {
  const started = performance.now()
  const [risk, intents] = await Promise.all([
    trainInWorker(content, 'risk'),
    trainInWorker(content, 'intents'),
  ])
  return { bytes: joinParts(risk, intents), milliseconds: Math.round(performance.now() - started) }
}

function trainInWorker(content: Content, part: Part): Promise<Buffer> {
  const source = import.meta.url.endsWith('.ts')
  const url = new URL(source ? './train-launcher.mjs' : './train-worker.js', import.meta.url)
  const worker = new Worker(url, { workerData: { content, part }, execArgv: [] })
  return new Promise((fulfil, reject) => {
    worker.once('message', (bytes: Uint8Array) => fulfil(Buffer.from(bytes)))
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`training ended with code ${code}`)))
  })
}
