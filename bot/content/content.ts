import { createHash } from 'node:crypto'
import { parse } from 'yaml'
import type { z } from 'zod'
import { HotlineFile, type Hotline } from '../../shared/hotline.js'
import { Intent, SystemFile, type Answer } from '../../shared/intent.js'
import { BackgroundFile, SafetyFile } from '../../shared/risk.js'
import { WordsFile } from '../../shared/law.js'
import { StatuteFile, type Statute } from '../laws/articles.js'
import type { Library } from '../laws/library.js'

/** Content as text: path below intents/ → the file's text. */
export type ContentFiles = Record<string, string>

/** What the bot says when no topic does the talking. */
export interface SystemMessage {
  text: string
  buttons: string[]
}

/** All content, parsed. */
export interface Content {
  /** sha256 over every file: names what was learnt from. */
  hash: string
  intents: Map<string, Intent>
  /** `file.key` → wording. */
  system: Map<string, SystemMessage>
  hotlines: Hotline[]
  safety: SafetyFile[]
  background: BackgroundFile[]
  statutes: Statute[]
  /** How people say what the statutes say otherwise: intents/laws/words.yml. */
  words: WordsFile['words']
  /** The operator's own imported texts; null where there are none. */
  texts: Library | null
}

/** A mistake in the content, in words its author can act on. */
export interface Fault {
  path: string
  what: string
}

/** Parses content files. Every fault is reported, and then there is no content: half of it would be worse. */
export function parseContent(
  files: ContentFiles,
): { content: Content; faults: [] } | { content: null; faults: Fault[] } {
  const faults: Fault[] = []
  const content: Content = {
    hash: hashOf(files),
    intents: new Map(),
    system: new Map(),
    hotlines: [],
    safety: [],
    background: [],
    statutes: [],
    words: [],
    texts: null,
  }
  for (const [path, text] of Object.entries(files).sort()) {
    const read = <T>(schema: z.ZodType<T>): T | null => parseFile(path, text, schema, faults)
    const folder = path.split('/')[0]
    if (path === 'system/hotlines.yml') content.hotlines = read(HotlineFile)?.lines ?? []
    else if (path === 'laws/articles.yml') content.statutes = read(StatuteFile)?.statutes ?? []
    else if (path === 'laws/words.yml') content.words = read(WordsFile)?.words ?? []
    else if (folder === 'system') addSystem(content, path, read(SystemFile))
    else if (folder === 'danger') pushIf(content.safety, read(SafetyFile))
    else if (folder === 'background') pushIf(content.background, read(BackgroundFile))
    else addIntent(content, path, read(Intent), faults)
  }
  return faults.length ? { content: null, faults } : { content, faults: [] }
}

/** sha256 over paths and texts, in order of paths. */
export function hashOf(files: ContentFiles): string {
  const hash = createHash('sha256')
  for (const [path, text] of Object.entries(files).sort()) hash.update(`${path}\0${text}\0`)
  return hash.digest('hex')
}

/** sha256 of what a reviewer signs: the answers, not the sayings they are recognised by. */
export function answersHash(intent: Pick<Intent, 'answers'>): string {
  return createHash('sha256').update(JSON.stringify(intent.answers)).digest('hex')
}

/** The answer as it may be shown on `day`: a layer with an unverified fact only under a review that holds. */
export function published(intent: Intent, answer: Answer, day: string): Answer {
  const hash = answersHash(intent)
  const signed = intent.reviews.some(
    (review) => review.hash === hash && review.date <= day && day < review.expires,
  )
  if (signed) return answer
  const { first, more, help } = answer
  return {
    ...answer,
    first,
    more: more?.unverified ? undefined : more,
    help: help?.unverified ? undefined : help,
  }
}

function parseFile<T>(path: string, text: string, schema: z.ZodType<T>, faults: Fault[]): T | null {
  let raw: unknown
  try {
    raw = parse(text)
  } catch (error) {
    faults.push({ path, what: `not YAML: ${(error as Error).message.split('\n')[0]}` })
    return null
  }
  const parsed = schema.safeParse(raw)
  if (parsed.success) return parsed.data
  for (const issue of parsed.error.issues)
    faults.push({ path, what: `${issue.path.join('.') || 'file'}: ${issue.message}` })
  return null
}

function addSystem(content: Content, path: string, file: SystemFile | null): void {
  const name = path.slice('system/'.length).replace(/\.yml$/, '')
  for (const [key, message] of Object.entries(file?.messages ?? {})) {
    content.system.set(`${name}.${key}`, { text: message.text, buttons: message.buttons })
  }
}

function addIntent(content: Content, path: string, intent: Intent | null, faults: Fault[]): void {
  if (!intent) return
  const expected = `${intent.id.replace('.', '/')}.yml`
  if (path !== expected) faults.push({ path, what: `the id ${intent.id} belongs into ${expected}` })
  content.intents.set(intent.id, intent)
}

function pushIf<T>(list: T[], item: T | null): void {
  if (item) list.push(item)
}
