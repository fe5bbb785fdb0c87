import { createHash } from 'node:crypto'
import { parse } from 'yaml'
import { TopicFile, WarningFile, type Topic, type Warning } from '../../shared/campaign.js'
import { ConversationFile, FollowUpFile, SeveralFile, type Conversation } from '../../shared/examples.js'
import { HotlineFile, type Hotline } from '../../shared/hotline.js'
import { Intent, SystemFile, type Answer, type Review } from '../../shared/intent.js'
import { BackgroundFile, SafetyFile } from '../../shared/risk.js'
import { WordsFile } from '../../shared/law.js'
import { StatuteFile, type Statute } from '../laws/articles.js'
import type { Library } from '../laws/library.js'
import { schemaFault, type Fault } from './faults.js'

/** Content as text: path below intents/ → the file's text. */
export type ContentFiles = Record<string, string>

/** What the bot says when no topic does the talking. */
export interface SystemMessage {
  text: string
  buttons: string[]
  reviews: Review[]
}

/** All content, parsed. */
export interface Content {
  /** sha256 over every file but the lines: names what is said. */
  hash: string
  intents: Map<string, Intent>
  /** `file.key` → wording. */
  system: Map<string, SystemMessage>
  hotlines: Hotline[]
  safety: SafetyFile[]
  background: BackgroundFile[]
  /** Whole conversations: those the bands of danger are set on, and those only measured on. */
  conversations: Record<ConversationFile['use'], Conversation[]>
  /** Messages with more than one problem, and follow-ups: nothing is learnt from them. */
  several: SeveralFile['messages']
  followUps: FollowUpFile['messages']
  statutes: Statute[]
  /** How people say what the statutes say otherwise: intents/laws/words.yml. */
  words: WordsFile['words']
  /** The operator's own imported texts; null where there are none. */
  texts: Library | null
  /** What one can subscribe to, in the order it is offered. */
  topics: Topic[]
  /** Templates of warnings, with the topic they belong to. */
  warnings: (Warning & { topic: string })[]
}

/** What parsing came to: all of the content, or what is wrong with it; half of it would be worse. */
export type Parsed = { content: Content; faults: [] } | { content: null; faults: Fault[] }

/** Parses content files. Every fault is reported. */
export function parseContent(files: ContentFiles): Parsed {
  return assemble(
    files,
    Object.entries(files).map(([path, text]) => parseFile(path, text)),
  )
}

/** Where an intent's file stands below intents/. */
export const pathOf = (id: string): string => `${id.replace('.', '/')}.yml`

/** The lines: facts of the world, live as soon as they are saved, beside all releases. */
export const LINES_PATH = 'system/hotlines.yml'

/** sha256 over paths and texts, in order of paths, without the lines. */
export function hashOf(files: ContentFiles): string {
  const hash = createHash('sha256')
  for (const [path, text] of Object.entries(files).sort())
    if (path !== LINES_PATH) hash.update(`${path}\0${text}\0`)
  return hash.digest('hex')
}

/** sha256 of what a reviewer signs: the answers, not the sayings they are recognised by. */
export function answersHash(intent: Pick<Intent, 'answers'>): string {
  return createHash('sha256').update(JSON.stringify(intent.answers)).digest('hex')
}

/** sha256 of what a reviewer of a system message signs. */
export function messageHash({ text, buttons }: Pick<SystemMessage, 'text' | 'buttons'>): string {
  return createHash('sha256').update(JSON.stringify({ text, buttons })).digest('hex')
}

/** Whether a review signs these words and holds on `day` (YYYY-MM-DD). */
export const holds = (review: Review, hash: string, day: string): boolean =>
  review.hash === hash && review.date <= day && day < review.expires

/** The answer as it may be shown on `day`: a layer with an unverified fact only under a review that holds. */
export function published(intent: Intent, answer: Answer, day: string): Answer {
  const hash = answersHash(intent)
  const signed = intent.reviews.some((review) => holds(review, hash, day))
  if (signed) return answer
  const { first, more, help } = answer
  return {
    ...answer,
    first,
    more: more?.unverified ? undefined : more,
    help: help?.unverified ? undefined : help,
  }
}

/** One file, parsed by the schema of its place. */
export type ParsedFile = { path: string } & (
  | { kind: 'intent'; value: Intent }
  | { kind: 'system'; value: SystemFile }
  | { kind: 'hotlines'; value: HotlineFile }
  | { kind: 'safety'; value: SafetyFile }
  | { kind: 'background'; value: BackgroundFile }
  | { kind: 'conversations'; value: ConversationFile }
  | { kind: 'several'; value: SeveralFile }
  | { kind: 'followUps'; value: FollowUpFile }
  | { kind: 'statutes'; value: StatuteFile }
  | { kind: 'words'; value: WordsFile }
  | { kind: 'topics'; value: TopicFile }
  | { kind: 'warnings'; value: WarningFile }
  | { kind: 'faulty'; faults: Fault[] }
)

const KINDS = {
  intent: Intent,
  system: SystemFile,
  hotlines: HotlineFile,
  safety: SafetyFile,
  background: BackgroundFile,
  conversations: ConversationFile,
  several: SeveralFile,
  followUps: FollowUpFile,
  statutes: StatuteFile,
  words: WordsFile,
  topics: TopicFile,
  warnings: WarningFile,
}
type Kind = keyof typeof KINDS

function kindOf(path: string): Kind {
  if (path === LINES_PATH) return 'hotlines'
  if (path === 'laws/articles.yml') return 'statutes'
  if (path === 'laws/words.yml') return 'words'
  if (path === 'topics.yml') return 'topics'
  if (path === 'examples/several.yml') return 'several'
  if (path === 'examples/follow-ups.yml') return 'followUps'
  const folder = path.split('/')[0]
  if (folder === 'system' || folder === 'background' || folder === 'warnings' || folder === 'conversations')
    return folder
  return folder === 'danger' ? 'safety' : 'intent'
}

/** Parses one file. */
export function parseFile(path: string, text: string): ParsedFile {
  const faulty = (faults: Fault[]): ParsedFile => ({ path, kind: 'faulty', faults })
  let raw: unknown
  try {
    raw = parse(text)
  } catch (error) {
    return faulty([{ path, at: '', what: `不是 YAML：${(error as Error).message.split('\n')[0]}` }])
  }
  const kind = kindOf(path)
  const parsed = KINDS[kind].safeParse(raw)
  if (!parsed.success) return faulty(parsed.error.issues.map((issue) => schemaFault(path, issue)))
  if (kind === 'intent') {
    const { id } = parsed.data as Intent
    if (path !== pathOf(id))
      return faulty([{ path, at: 'id', what: `编号 ${id} 的文件应该是 ${pathOf(id)}` }])
  }
  return { path, kind, value: parsed.data } as ParsedFile
}

/** Content from its parsed files. */
export function assemble(files: ContentFiles, parsed: readonly ParsedFile[]): Parsed {
  const faults = parsed.flatMap((file) => (file.kind === 'faulty' ? file.faults : []))
  if (faults.length) return { content: null, faults }
  const content: Content = {
    hash: hashOf(files),
    intents: new Map(),
    system: new Map(),
    hotlines: [],
    safety: [],
    background: [],
    conversations: { learn: [], test: [] },
    several: [],
    followUps: [],
    statutes: [],
    words: [],
    texts: null,
    topics: [],
    warnings: [],
  }
  for (const file of [...parsed].sort((a, b) => (a.path < b.path ? -1 : 1))) add(content, file)
  return { content, faults: [] }
}

function add(content: Content, file: ParsedFile): void {
  switch (file.kind) {
    case 'intent':
      content.intents.set(file.value.id, file.value)
      break
    case 'system':
      for (const [key, message] of Object.entries(file.value.messages))
        content.system.set(`${file.path.slice('system/'.length).replace(/\.yml$/, '')}.${key}`, message)
      break
    case 'hotlines':
      content.hotlines = file.value.lines
      break
    case 'statutes':
      content.statutes = file.value.statutes
      break
    case 'words':
      content.words = file.value.words
      break
    case 'safety':
      content.safety.push(file.value)
      break
    case 'background':
      content.background.push(file.value)
      break
    case 'conversations':
      content.conversations[file.value.use].push(...file.value.conversations)
      break
    case 'several':
      content.several.push(...file.value.messages)
      break
    case 'followUps':
      content.followUps.push(...file.value.messages)
      break
    case 'topics':
      content.topics = file.value.topics
      break
    case 'warnings':
      content.warnings.push(...file.value.warnings.map((each) => ({ ...each, topic: file.value.topic })))
      break
    case 'faulty':
  }
}
