import { performance } from 'node:perf_hooks'
import { indexLesson, trainIntents, type IntentModel, type Lesson } from '../nlu/intent-model.js'
import { recogniser, type Recogniser } from '../nlu/recognise.js'
import { learnSmallTalk } from '../nlu/small-talk.js'
import { assess, type Risk } from '../safety/assess.js'
import { trainRisk, type RiskModel } from '../safety/model.js'
import { fromBytes, toBytes } from '../text/model-bytes.js'
import type { Content } from './content.js'

/** Bump when training or reading changes what a model means: models of another version are trained anew. */
export const TRAINER_VERSION = 1

/** What has been learnt from the content: reads danger, recognises topics. */
export interface Brain extends Recogniser {
  assess(text: string): Risk
}

interface Head {
  version: number
  watch: number
  urgent: number
  calibration: IntentModel['calibration']
  accept: number
  refuse: number
  sizes: [risk: number, intents: number]
}

/** Learns everything from the content: seconds of work, so the server has a worker do it. */
export function train(content: Content): { bytes: Buffer; milliseconds: number } {
  const started = performance.now()
  const everyday = content.background.flatMap((file) => file.lines)
  const harmless = [...content.intents.values()].filter((intent) => intent.risk === 'none').flatMap((intent) => intent.utterances)
  const risk = trainRisk(content.safety, everyday, harmless)
  const intents = trainIntents(lessonOf(content))
  return { bytes: pack(risk, intents), milliseconds: Math.round(performance.now() - started) }
}

/** A brain from what `train` returned and the same content. */
export async function wake(content: Content, bytes: Buffer): Promise<Brain> {
  const { risk, intents } = unpack(bytes)
  const talk: Record<string, string[]> = {}
  const other: string[] = []
  for (const { id, utterances } of content.intents.values()) {
    if (id.startsWith('chat.') || id === 'svc.is_ai' || id === 'svc.human') talk[id] = utterances
    else other.push(...utterances.slice(0, 3))
  }
  const { recognise } = recogniser(intents, indexLesson(lessonOf(content)), await learnSmallTalk(talk, other))
  return { recognise, assess: (text) => assess(risk, text) }
}

function lessonOf(content: Content): Lesson {
  return {
    intents: [...content.intents.values()].map(({ id, title, utterances, answers }) => ({
      id,
      title,
      utterances,
      answers: answers.flatMap(({ first, more }) => [first.text, ...(more ? [more.text] : [])]),
    })),
    background: content.background.flatMap((file) => file.lines),
  }
}

function pack(risk: RiskModel, intents: IntentModel): Buffer {
  const parts = [toBytes(risk.linear), toBytes(intents.linear)] as const
  const head: Head = {
    version: TRAINER_VERSION,
    watch: risk.watch,
    urgent: risk.urgent,
    calibration: intents.calibration,
    accept: intents.accept,
    refuse: intents.refuse,
    sizes: [parts[0].length, parts[1].length],
  }
  const json = Buffer.from(JSON.stringify(head))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(json.length)
  return Buffer.concat([length, json, ...parts])
}

function unpack(bytes: Buffer): { risk: RiskModel; intents: IntentModel } {
  const end = 4 + bytes.readUInt32LE(0)
  const head = JSON.parse(bytes.toString('utf8', 4, end)) as Head
  const middle = end + head.sizes[0]
  const { watch, urgent, calibration, accept, refuse } = head
  return {
    risk: { linear: fromBytes(bytes.subarray(end, middle)), watch, urgent },
    intents: { linear: fromBytes(bytes.subarray(middle, middle + head.sizes[1])), calibration, accept, refuse },
  }
}
