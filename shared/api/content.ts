import { z } from 'zod'
import {
  Conflict,
  ContentChange,
  ContentFault,
  IntentDraft,
  IntentForm,
  IntentRow,
  Signature,
  Signed,
  StatuteRow,
  TextHash,
  Trial,
  Wording,
} from '../content.js'
import { IntentId, MORE_MAX } from '../intent.js'
import { TEXT_MAX } from '../message.js'
import { ReleaseView } from '../release.js'
import { RiskLevel } from '../risk.js'
import { Done, listOf, ListQuery, routes } from './route.js'

const READERS = ['editor', 'supervisor', 'administrator'] as const
const EDITORS = ['editor'] as const

const IntentParams = z.strictObject({ id: IntentId })
const ReleaseParams = z.strictObject({ id: z.string().regex(/^[0-9a-f]{24}$/) })
const WordingParams = z.strictObject({ id: z.string().regex(/^[a-z]+(?:\.[a-z-]+)+$/) })
const FileParams = z.strictObject({ file: z.string().regex(/^[a-z]{2,20}$/) })
const ContentPath = z.string().regex(/^[a-z/_-]+[a-z0-9_-]*\.yml$/)
const History = z.object({ items: z.array(ContentChange) })

/** What the bot says and how it understands: drafts, trying them, releases. */
export const contentRoutes = routes({
  'intents.list': {
    method: 'get',
    path: '/intents',
    roles: READERS,
    summary: 'Topics as they are written now, urgent first',
    query: ListQuery.extend({
      group: z
        .string()
        .regex(/^[a-z]{2,10}$/)
        .optional(),
      risk: RiskLevel.optional(),
      signed: Signed.optional(),
      changed: z.stringbool().optional(),
      q: z.string().trim().min(1).max(40).optional(),
    }),
    reply: listOf(IntentRow),
  },
  'intents.one': {
    method: 'get',
    path: '/intents/:id',
    roles: READERS,
    summary: 'One topic as it is written now',
    params: IntentParams,
    reply: IntentDraft,
  },
  'intents.save': {
    method: 'put',
    path: '/intents/:id',
    roles: EDITORS,
    summary:
      'Keep a changed topic as the draft; mistakes come back at their field (422), a newer text is not overwritten (409)',
    params: IntentParams,
    body: z.strictObject({ hash: TextHash, intent: IntentForm }),
    reply: IntentDraft,
  },
  'intents.check': {
    method: 'post',
    path: '/intents/:id/check',
    roles: READERS,
    summary: 'What is wrong with a form, kept nowhere',
    params: IntentParams,
    body: z.strictObject({ intent: IntentForm }),
    reply: z.object({ faults: z.array(ContentFault) }),
  },
  'intents.sign': {
    method: 'post',
    path: '/intents/:id/reviews',
    roles: EDITORS,
    summary: 'Put the signature of a lawyer, counselor, doctor or editor under the answers as they were read',
    params: IntentParams,
    body: Signature.extend({ answersHash: TextHash }),
    reply: IntentDraft,
  },
  'intents.history': {
    method: 'get',
    path: '/intents/:id/history',
    roles: READERS,
    summary: 'Who changed a topic, when, and the text before',
    params: IntentParams,
    reply: History,
  },
  'wording.list': {
    method: 'get',
    path: '/wording',
    roles: READERS,
    summary: 'Words that belong to no topic: in danger, when nothing was understood, at the desk',
    query: z.strictObject({ file: FileParams.shape.file.optional() }),
    reply: listOf(Wording),
  },
  'wording.save': {
    method: 'put',
    path: '/wording/:id',
    roles: EDITORS,
    summary: 'Keep other words for a message as the draft',
    params: WordingParams,
    body: z.strictObject({ hash: TextHash, text: z.string().trim().min(1).max(MORE_MAX) }),
    reply: Done,
  },
  'wording.sign': {
    method: 'post',
    path: '/wording/:file/reviews',
    roles: EDITORS,
    summary: 'Put a signature under every message of a file as it was read',
    params: FileParams,
    body: Signature.extend({ hash: TextHash }),
    reply: Done,
  },
  'wording.history': {
    method: 'get',
    path: '/wording/:file/history',
    roles: READERS,
    summary: 'Who changed a file of words, when, and the text before',
    params: FileParams,
    reply: History,
  },
  'statutes.list': {
    method: 'get',
    path: '/statutes',
    roles: READERS,
    summary: 'Statutes in force today, with their articles',
    reply: listOf(StatuteRow),
  },
  'content.try': {
    method: 'post',
    path: '/content/try',
    roles: READERS,
    summary: 'What a stranger would be told now, and what by the draft; kept nowhere',
    body: z.strictObject({ text: z.string().trim().min(1).max(TEXT_MAX) }),
    reply: Trial,
  },
  'conflicts.list': {
    method: 'get',
    path: '/content/conflicts',
    roles: READERS,
    summary: 'Documents changed both here and in their file',
    reply: listOf(Conflict),
  },
  'conflicts.resolve': {
    method: 'post',
    path: '/content/conflicts',
    roles: EDITORS,
    summary: 'Keep the words of the console, or take those of the file',
    body: z.strictObject({ path: ContentPath, hash: TextHash, take: z.enum(['console', 'file']) }),
    reply: Done,
  },
  'release.view': {
    method: 'get',
    path: '/release',
    roles: READERS,
    summary: 'What there is to release, the candidate with its figures, and what was live before',
    reply: ReleaseView,
  },
  'release.begin': {
    method: 'post',
    path: '/release',
    roles: EDITORS,
    summary: 'Begin to check, train and measure a candidate of what is written now',
    reply: Done,
  },
  'release.publish': {
    method: 'post',
    path: '/releases/:id/publish',
    roles: EDITORS,
    summary: 'Make the candidate live, in every process',
    params: ReleaseParams,
    reply: ReleaseView,
  },
  'release.back': {
    method: 'post',
    path: '/releases/:id/back',
    roles: EDITORS,
    summary: 'Go back to a release that was live before',
    params: ReleaseParams,
    reply: ReleaseView,
  },
})
