import { z } from 'zod'
import { trainPart, joinParts, wake } from '../content/brain.js'
import type { Content } from '../content/content.js'
import { evenly } from '../content/evenly.js'
import { contentFolder, contentOf, readFolder } from '../content/folder.js'
import { BACKGROUND } from '../nlu/intent-model.js'
import { SILENT } from '../nlu/small-talk.js'
import { quietStdout } from './knowledge.js'

/** How one of them did. Milliseconds, bytes, shares of one. */
export const Read = z.object({
  perSecond: z.number(),
  byLength: z.array(z.object({ upTo: z.number(), p50: z.number(), p99: z.number() })),
  learning: z.number(),
  learningDanger: z.number().nullable(),
  model: z.number(),
  modelOfDanger: z.number().nullable(),
  memory: z.number(),
  right: z.number(),
})
export type Read = z.infer<typeof Read>

/** Messages read, evenly picked from all that is held out; node-nlp, which is slower, reads a part of them. */
const MESSAGES = { qingan: 4_000, 'node-nlp': 800 }
/** For compilers and caches, before anything is counted. */
const WARM = 300
const LENGTHS = [12, 40, 120, 400]
/** Held-out phrases whose topic is guessed. */
const PHRASES = 600

/** Learns from so many utterances and reads, in this process alone; prints a `Read` as JSON. */
export async function read(who: 'qingan' | 'node-nlp', utterances: number): Promise<number> {
  quietStdout()
  const content = contentOf(await readFolder(contentFolder()))
  const found = who === 'qingan' ? await readAlone(content, utterances) : await readByNlp(content, utterances)
  await new Promise<void>((fulfil) => process.stdout.write(JSON.stringify(found), () => fulfil()))
  return 0
}

async function readAlone(content: Content, utterances: number): Promise<Read> {
  const lesson = lessonOf(content, utterances)
  const started = performance.now()
  const taught = trainPart(lesson, 'intents')
  const learning = performance.now() - started
  const begun = performance.now()
  const danger = { judges: trainPart(content, 'judges'), bands: trainPart(content, 'bands') }
  const learningDanger = performance.now() - begun
  const topics = trainPart(content, 'intents')
  const brain = wake(content, joinParts({ ...danger, intents: topics }), SILENT)
  const times = await timed(messagesOf(content, MESSAGES.qingan), (text) => brain.read(text))
  const equal = wake(lesson, joinParts({ ...danger, intents: taught }), SILENT)
  const right = await shareRight(content, async (text) => {
    const { intent, alternatives } = await equal.recognise(text)
    return intent ?? alternatives[0]?.intent
  })
  return {
    ...times,
    learning,
    learningDanger,
    model: topics.length,
    modelOfDanger: danger.judges.length,
    memory: process.memoryUsage.rss(),
    right,
  }
}

async function readByNlp(content: Content, utterances: number): Promise<Read> {
  const { NlpManager } = await import('node-nlp')
  const manager = new NlpManager({ languages: ['zh'], autoSave: false, autoLoad: false, nlu: { log: false } })
  const { intents, background } = lessonOf(content, utterances)
  for (const { id, utterances: said } of intents.values())
    for (const text of said) manager.addDocument('zh', text, id)
  for (const { lines } of background) for (const text of lines) manager.addDocument('zh', text, BACKGROUND)
  const started = performance.now()
  await manager.train()
  const learning = performance.now() - started
  const times = await timed(messagesOf(content, MESSAGES['node-nlp']), (text) => manager.process('zh', text))
  const right = await shareRight(content, async (text) => (await manager.process('zh', text)).intent)
  const model = Buffer.byteLength(manager.export())
  const memory = process.memoryUsage.rss()
  return { ...times, learning, learningDanger: null, model, modelOfDanger: null, memory, right }
}

/** The content with so many utterances in all: the topics' first, everyday lines for the rest. */
function lessonOf(content: Content, most: number): Content {
  const all = [...content.intents.values()].reduce((sum, { utterances }) => sum + utterances.length, 0)
  const share = Math.min(1, most / all)
  const intents = new Map(
    [...content.intents].map(([id, intent]) => [
      id,
      {
        ...intent,
        utterances: evenly(intent.utterances, Math.ceil(intent.utterances.length * share)),
        answers: [],
        test: [],
      },
    ]),
  )
  const lines = evenly(
    content.background.flatMap((file) => file.lines),
    Math.max(0, most - all),
  )
  return { ...content, intents, background: [{ about: 'everyday', lines, test: [] }] }
}

/** What nothing is learnt from: phrases of the topics, lines of danger, everyday text. */
function messagesOf({ intents, safety, background }: Content, most: number): string[] {
  return evenly(
    [
      ...[...intents.values()].flatMap(({ test }) => test),
      ...safety.flatMap(({ groups }) => groups.flatMap(({ test }) => test)),
      ...background.flatMap(({ test }) => test),
    ],
    most,
  )
}

async function timed(
  messages: readonly string[],
  reader: (text: string) => Promise<unknown>,
): Promise<Pick<Read, 'perSecond' | 'byLength'>> {
  for (const text of messages.slice(0, WARM)) await reader(text)
  const all: { length: number; milliseconds: number }[] = []
  for (const text of messages) {
    const started = performance.now()
    await reader(text)
    all.push({ length: text.length, milliseconds: performance.now() - started })
  }
  const sum = all.reduce((total, { milliseconds }) => total + milliseconds, 0)
  const byLength = LENGTHS.map((upTo, i) => {
    const sorted = all
      .filter(({ length }) => length <= upTo && length > (LENGTHS[i - 1] ?? 0))
      .map(({ milliseconds }) => milliseconds)
      .sort((a, b) => a - b)
    const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0
    return { upTo, p50: at(0.5), p99: at(0.99) }
  })
  return { perSecond: all.length / (sum / 1000), byLength }
}

async function shareRight(
  { intents }: Content,
  guess: (text: string) => Promise<string | undefined>,
): Promise<number> {
  const phrases = evenly(
    [...intents.values()].flatMap(({ id, also, test }) => test.map((text) => ({ id, also, text }))),
    PHRASES,
  )
  let right = 0
  for (const { id, also, text } of phrases) {
    const guessed = await guess(text)
    right += Number(guessed === id || (guessed !== undefined && also.includes(guessed)))
  }
  return right / phrases.length
}
