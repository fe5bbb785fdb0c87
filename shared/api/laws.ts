import { z } from 'zod'
import { ArticleNumber, IntentId } from '../intent.js'
import {
  CitationPlace,
  ComparedPair,
  ImportReport,
  LawHit,
  LawReview,
  LawVersion,
  RenumberedPair,
  StatuteSummary,
} from '../law.js'
import { Done, listOf, ListQuery, routes } from './route.js'

const EDITORS = ['editor', 'administrator'] as const
/** A statute's code, short name or full title. */
const LawParams = z.strictObject({ id: z.string().min(2).max(200) })

/** Files as they were chosen, in base64: the server itself looks at their encoding. */
const Files = z
  .array(z.strictObject({ name: z.string().min(1).max(300), content: z.base64().max(12_000_000) }))
  .min(1)
  .max(500)
const Told = z.strictObject({
  name: z.string().trim().min(2).max(60).optional(),
  version: z.iso.date().optional(),
  effective: z.iso.date().optional(),
  until: z.iso.date().optional(),
  source: z.string().trim().min(1).max(200).optional(),
})
const ImportBody = z.strictObject({
  files: Files,
  told: Told.default({}),
  allowAnomalies: z.boolean().default(false),
})

/** The operator's own imported statutes: reading, comparing, importing, and what an amendment leaves to look at. */
export const lawRoutes = routes({
  'laws.list': {
    method: 'get',
    path: '/laws',
    roles: 'signed-in',
    summary: 'Imported versions of statutes, newest first within each',
    query: ListQuery.extend({ q: z.string().trim().min(1).max(40).optional() }),
    reply: listOf(StatuteSummary),
  },
  'laws.search': {
    method: 'get',
    path: '/law-search',
    roles: 'signed-in',
    summary: 'Articles in force that may be about a question; never advice',
    query: z.strictObject({ q: z.string().trim().max(300).default('') }),
    reply: z.object({ items: z.array(LawHit) }),
  },
  'laws.one': {
    method: 'get',
    path: '/laws/:id',
    roles: 'signed-in',
    summary: 'One version of a statute, whole; the one in force today unless another is named',
    params: LawParams,
    query: z.strictObject({ version: z.iso.date().optional() }),
    reply: z.object({
      law: LawVersion,
      ends: z.iso.date().nullable(),
      inForce: z.boolean(),
      code: z.string(),
      versions: z.array(StatuteSummary),
      /** Which answers cite it. */
      cited: z.array(CitationPlace),
    }),
  },
  'laws.compare': {
    method: 'get',
    path: '/laws/:id/compare',
    roles: 'signed-in',
    summary:
      'Two versions side by side, the newest two unless named, by the confirmed or the proposed map of numbers',
    params: LawParams,
    query: z.strictObject({ from: z.iso.date().optional(), to: z.iso.date().optional() }),
    reply: z.object({
      pairs: z.array(ComparedPair),
      confirmed: z.object({ by: z.string(), at: z.iso.datetime() }).nullable(),
    }),
  },
  'laws.map': {
    method: 'put',
    path: '/laws/:id/map',
    roles: EDITORS,
    summary: 'Confirm which article took which one’s place',
    params: LawParams,
    body: z.strictObject({
      from: z.iso.date(),
      to: z.iso.date(),
      pairs: z.array(RenumberedPair).min(1).max(2_000),
    }),
    reply: Done,
  },
  'laws.check': {
    method: 'post',
    path: '/law-import/check',
    roles: EDITORS,
    summary: 'What an import would change and what is wrong with it; changes nothing',
    body: ImportBody,
    bodyMax: '24mb',
    reply: ImportReport,
  },
  'laws.import': {
    method: 'post',
    path: '/law-import',
    roles: EDITORS,
    summary: 'Take statutes over, all of them or, with any fault, none',
    body: ImportBody,
    bodyMax: '24mb',
    reply: ImportReport,
  },
  'law-reviews.list': {
    method: 'get',
    path: '/law-reviews',
    roles: EDITORS,
    summary: 'Citations that are not shown until an editor has looked at the words now in force',
    query: ListQuery,
    reply: listOf(LawReview.extend({ title: z.string() })),
  },
  'law-reviews.confirm': {
    method: 'post',
    path: '/law-reviews/confirm',
    roles: EDITORS,
    summary: 'The words now in force were read, and the answer stands',
    body: z.strictObject({
      intent: IntentId,
      law: z.string().min(2).max(60),
      article: ArticleNumber,
      textHash: z.string().regex(/^[0-9a-f]{32}$/),
    }),
    reply: Done,
  },
})
