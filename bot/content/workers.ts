import { Worker } from 'node:worker_threads'
import { worthEntities, worthVote, type Entities, type SmallTalk } from '../nlu/small-talk.js'
import type { Part, TalkLesson } from './brain.js'
import type { CandidateOrder, Made } from './candidate.js'
import type { Content } from './content.js'

/** What a worker is started for. */
export type WorkerJob =
  | { job: 'train'; content: Content; part: Part }
  | { job: 'candidate'; order: CandidateOrder }
  | { job: 'talk'; lesson: TalkLesson }

export interface TalkQuestion {
  id: number
  ask: 'vote' | 'entities'
  text: string
}
export interface TalkAnswer {
  id: number
  answer: Awaited<ReturnType<SmallTalk['vote']>> | Entities
}

/** How long small talk may think of a message; it has one vote in small things and nobody waits longer. Milliseconds. */
const TALK_MS = 2_000

/** Learns one part of a brain in a thread of its own. */
export function trainInWorker(content: Content, part: Part): Promise<Buffer> {
  const worker = start({ job: 'train', content, part })
  return new Promise((fulfil, reject) => {
    worker.once('message', (bytes: Uint8Array) => fulfil(Buffer.from(bytes)))
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`training ended with code ${code}`)))
  })
}

/** Makes a candidate in a thread of its own. `stop` ends it; the promise then rejects. */
export function makeInWorker(
  order: CandidateOrder,
  onState: (state: 'evaluating') => void,
): { made: Promise<Made>; stop(): Promise<void> } {
  const worker = start({ job: 'candidate', order })
  const made = new Promise<Made>((fulfil, reject) => {
    worker.on('message', (message: { state: 'evaluating' } | Made) => {
      if ('state' in message) onState(message.state)
      else fulfil('model' in message ? { ...message, model: Buffer.from(message.model) } : message)
    })
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the candidate's thread ended with code ${code}`)))
  })
  return { made, stop: async () => void (await worker.terminate()) }
}

export interface TalkThread extends SmallTalk {
  /** Resolves when there is nothing more to wait for: it has been learnt, or the thread has ended, which `onEnd` is told. */
  learnt: Promise<void>
  stop(): Promise<void>
}

/**
 * Small talk learnt and asked in a thread of its own: node-nlp would hold up every chat for seconds. `onEnd` is told
 * when the thread dies by itself; from then on it votes for nothing and finds nothing.
 */
export function talkInWorker(lesson: TalkLesson, onEnd: (error: unknown) => void): TalkThread {
  const worker = start({ job: 'talk', lesson })
  const waiting = new Map<number, (answer: TalkAnswer['answer'] | undefined) => void>()
  let count = 0
  let over = false
  let settle = () => undefined as void
  const learnt = new Promise<void>((fulfil) => (settle = fulfil))
  const end = (error: unknown) => {
    if (over) return
    over = true
    settle()
    for (const give of waiting.values()) give(undefined)
    waiting.clear()
    onEnd(error)
  }
  worker.on('message', (message: TalkAnswer | { learnt: true }) => {
    if ('learnt' in message) settle()
    else waiting.get(message.id)?.(message.answer)
  })
  worker.once('error', end)
  worker.once('exit', (code) => end(new Error(`the thread of small talk ended with code ${code}`)))

  const asked = async (ask: TalkQuestion['ask'], text: string): Promise<TalkAnswer['answer'] | undefined> => {
    await learnt
    if (over) return undefined
    const id = count++
    return new Promise((fulfil) => {
      const give = (answer: TalkAnswer['answer'] | undefined) => {
        clearTimeout(timer)
        waiting.delete(id)
        fulfil(answer)
      }
      const timer = setTimeout(() => give(undefined), TALK_MS)
      waiting.set(id, give)
      worker.postMessage({ id, ask, text } satisfies TalkQuestion)
    })
  }

  return {
    learnt,
    // Most messages are neither: they need not go to the thread and back.
    vote: async (text) => {
      if (!worthVote(text)) return null
      return ((await asked('vote', text)) ?? null) as Awaited<ReturnType<SmallTalk['vote']>>
    },
    entities: async (text) =>
      worthEntities(text) ? (((await asked('entities', text)) ?? {}) as Entities) : {},
    async stop() {
      over = true
      settle()
      for (const give of waiting.values()) give(undefined)
      await worker.terminate()
    },
  }
}

function start(job: WorkerJob): Worker {
  const source = import.meta.url.endsWith('.ts')
  const url = new URL(source ? './worker-launcher.mjs' : './worker.js', import.meta.url)
  // node-nlp prints to stdout, which belongs to the command that runs.
  const worker = new Worker(url, { workerData: job, execArgv: [], stdout: true })
  worker.stdout.resume()
  return worker
}
