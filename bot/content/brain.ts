import { createHash } from 'node:crypto'
import type { RiskLevel } from '../../shared/risk.js'
import { indexSteps, trainIntents, type IntentModel, type Lesson } from '../nlu/intent-model.js'
import { recogniser, type Recogniser, type Understood } from '../nlu/recognise.js'
import { learnSmallTalk, type SmallTalk } from '../nlu/small-talk.js'
import { assess, raisedByTopic, type Risk } from '../safety/assess.js'
import { setBands, trainJudges, type Bands, type RiskLesson, type RiskModel } from '../safety/model.js'
import { fromBytes, latentFromBytes, latentToBytes, toBytes } from '../text/model-bytes.js'
import { finish, finishGently, type Steps } from '../text/steps.js'
import type { Content } from './content.js'
import { evenly } from './evenly.js'

/** Bump when training or reading changes what a model means: models of another version are trained anew. */
export const TRAINER_VERSION = 22

/** What has been learnt from the content: reads danger, recognises topics. */
export interface Brain extends Recogniser {
  /** Small talk and entities, as this brain asks for them. */
  talk: SmallTalk
  /** Danger from the words alone, at once; `lately` is what the same person wrote before, the latest last. */
  assess(text: string, lately?: readonly string[]): Risk
  /** Danger and topic; a topic that is itself a danger raises a message to watch when it is recognised. */
  read(
    text: string,
    topic?: string | null,
    lately?: readonly string[],
  ): Promise<{ risk: Risk; understood: Understood }>
}

/** The things to learn: danger, from where it counts, and topics; independent, so that workers can learn them side by side. */
export const PARTS = ['judges', 'bands', 'intents'] as const
export type Part = (typeof PARTS)[number]

/** Learns one part from the content: seconds of pure work. */
export function trainPart(content: Content, part: Part): Buffer {
  switch (part) {
    case 'judges': {
      const { linear, latent } = trainJudges(riskLesson(content))
      return joined([toBytes(linear), latentToBytes(latent)])
    }
    case 'bands':
      return Buffer.from(JSON.stringify(setBands(riskLesson(content))))
    case 'intents':
      return packIntents(trainIntents(lessonOf(content)))
  }
}

/** All parts in one buffer, as a release keeps them. */
export const joinParts = (learnt: Record<Part, Buffer>): Buffer => joined(PARTS.map((part) => learnt[part]))

/** Names what a model is learnt from: two contents with the same lesson need no training between them. */
export function lessonHash(content: Content): string {
  const { safety, background, conversations } = content
  const intents = [...content.intents.values()].map(
    ({ id, title, risk, danger, utterances, test, answers }) => [
      id,
      title,
      risk,
      danger ?? null,
      utterances,
      test,
      answers.map(({ first, more, help }) => [first.text, more?.text ?? null, help?.text ?? null]),
    ],
  )
  const lesson = JSON.stringify([TRAINER_VERSION, intents, safety, background, conversations.learn])
  return createHash('sha256').update(lesson).digest('hex').slice(0, 24)
}

/** What small talk is learnt from: sayings by intent, and some that are none. */
export interface TalkLesson {
  talk: Record<string, string[]>
  other: string[]
}

export function talkLesson(content: Content): TalkLesson {
  const lesson: TalkLesson = { talk: {}, other: [] }
  for (const { id, utterances } of content.intents.values()) {
    if (id.startsWith('chat.') || id === 'svc.is_ai' || id === 'svc.human') lesson.talk[id] = utterances
    else lesson.other.push(...utterances.slice(0, 3))
  }
  return lesson
}

/** What node-nlp learns, in this thread: it stands still for seconds. A server has it learnt in a worker. */
export function learnTalk(content: Content): Promise<SmallTalk> {
  const { talk, other } = talkLesson(content)
  return learnSmallTalk(talk, other)
}

/** A brain from the joined parts of a release, the same content, and the small talk learnt, or being learnt, from it. */
export function wake(content: Content, bytes: Buffer, talk: SmallTalk | Promise<SmallTalk>): Brain {
  return finish(waking(content, bytes, talk))
}

/** The same while chats go on. */
export function wakeGently(
  content: Content,
  bytes: Buffer,
  talk: SmallTalk | Promise<SmallTalk>,
): Promise<Brain> {
  return finishGently(waking(content, bytes, talk))
}

function* waking(content: Content, bytes: Buffer, talk: SmallTalk | Promise<SmallTalk>): Steps<Brain> {
  const [judges, more] = cut(bytes)
  const [bands, rest] = cut(more)
  const risk = unpackRisk(judges, bands)
  const spoken = arriving(talk)
  const index = yield* indexSteps(lessonOf(content))
  const urgency = (id: string) => URGENCY[content.intents.get(id)?.risk ?? 'none']
  const { recognise } = recogniser(unpackIntents(cut(rest)[0]), index, spoken, urgency)
  return {
    talk: spoken,
    recognise,
    assess: (text, lately) => assess(risk, text, lately),
    async read(text, topic, lately) {
      const understood = await recognise(text, topic)
      // What is already talked of raised its alarm when it was told; 那要多久 tells nothing new.
      const told = understood.intent === topic ? null : understood.intent
      const danger = told ? content.intents.get(told)?.danger : undefined
      const heard = assess(risk, text, lately)
      return { risk: danger ? raisedByTopic(heard, danger, text, understood.confidence) : heard, understood }
    },
  }
}

const URGENCY: Record<RiskLevel, number> = { none: 0, watch: 1, urgent: 2 }

/** Telling topics apart needs fewer everyday lines than setting the bands of danger; evenly picked. */
const BACKGROUND_MOST = 3_000

function lessonOf(content: Content): Lesson {
  return {
    intents: [...content.intents.values()].map(({ id, title, utterances, answers }) => ({
      id,
      title,
      utterances,
      answers: answers.flatMap(({ first, more }) => [first.text, ...(more ? [more.text] : [])]),
    })),
    background: evenly(
      content.background.flatMap((file) => file.lines),
      BACKGROUND_MOST,
    ),
    heldOut: [
      ...[...content.intents.values()].flatMap(({ id, test }) => test.map((text) => ({ id, text }))),
      ...content.background.flatMap((file) => file.test).map((text) => ({ id: null, text })),
    ],
  }
}

function riskLesson(content: Content): RiskLesson {
  const everyday = content.background.flatMap((file) => file.lines)
  const asked = [...content.intents.values()].filter(({ risk, danger }) => danger || risk === 'none')
  const questions = asked.flatMap(({ utterances, danger }) => utterances.map((text) => ({ text, danger })))
  const safe = content.conversations.learn.flatMap(({ level, messages }) =>
    level === 'none' ? messages : [],
  )
  return { files: content.safety, everyday, questions, safe }
}

const packIntents = ({ linear, ...head }: IntentModel) =>
  Buffer.concat([withLength(Buffer.from(JSON.stringify(head))), toBytes(linear)])

function unpackRisk(judges: Buffer, bands: Buffer): RiskModel {
  const [linear, rest] = cut(judges)
  const latent = latentFromBytes(cut(rest)[0])
  return { ...(JSON.parse(bands.toString()) as Bands), linear: fromBytes(linear), latent }
}

function unpackIntents(bytes: Buffer): IntentModel {
  const [head, model] = cut(bytes)
  return { ...(JSON.parse(head.toString()) as Omit<IntentModel, 'linear'>), linear: fromBytes(model) }
}

const joined = (pieces: readonly Buffer[]) => Buffer.concat(pieces.map(withLength))

function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  return Buffer.concat([length, bytes])
}

/** Small talk that is still being learnt: who asks before it is there waits for it. */
function arriving(talk: SmallTalk | Promise<SmallTalk>): SmallTalk {
  return {
    vote: async (text) => (await talk).vote(text),
    entities: async (text) => (await talk).entities(text),
  }
}

/** The first length-prefixed piece and what follows it. */
function cut(bytes: Buffer): [piece: Buffer, rest: Buffer] {
  const end = 4 + bytes.readUInt32LE(0)
  if (end > bytes.length) throw new RangeError('the model is cut short')
  return [bytes.subarray(4, end), bytes.subarray(end)]
}
