import { z } from 'zod'
import { ContentFault } from './content.js'

/** How many of how many. */
export const Share = z.object({ count: z.number().int(), of: z.number().int() })
export type Share = z.infer<typeof Share>

/** One brain on the held-out lines. */
export const Measured = z.object({
  /** Of the lines of danger, those noticed (watch or urgent). */
  danger: Share,
  /** Of the urgent lines, those noticed; and those called urgent, which brings a human at once. */
  urgent: Share,
  urgentAsUrgent: Share,
  /** Of everyday text and what only sounds like danger, what was taken for danger. */
  falseAlarms: Share,
  /** Of the test phrases, those recognised at once; those with the right topic among the first three. */
  top1: Share,
  top3: Share,
})
export type Measured = z.infer<typeof Measured>

/** A candidate beside what was live, both on the same lines, none of which either was taught. */
export const Figures = z.object({
  before: Measured.nullable(),
  after: Measured,
  /** Lines of danger noticed before and not now, the first few. */
  missed: z.array(z.object({ kind: z.string(), level: z.string(), text: z.string() })),
  /** Topics whose test phrases are recognised less often than before, the most first. */
  worse: z.array(z.object({ id: z.string(), title: z.string(), before: Share, after: Share })),
  trained: z.boolean(),
  milliseconds: z.number().int(),
})
export type Figures = z.infer<typeof Figures>

/**
 * How far the share of noticed danger may fall from one release to the next, 0..1: two or three of the few hundred
 * held-out lines, what training on a few more sayings moves by itself.
 */
export const DANGER_MARGIN = 0.01
/** The same for urgent lines called urgent and not just noticed. */
export const URGENT_MARGIN = 0.02

export const CandidateState = z.enum(['training', 'evaluating', 'ready', 'failed', 'published'])
export type CandidateState = z.infer<typeof CandidateState>

/** Why a candidate did not become one. */
export const FailReason = z.enum(['faults', 'danger-fell', 'nothing-measured', 'interrupted', 'error'])
export type FailReason = z.infer<typeof FailReason>

const Member = z.object({ id: z.string(), workName: z.string() })

export const Candidate = z.object({
  state: CandidateState,
  by: Member,
  startedAt: z.iso.datetime(),
  release: z.string().nullable(),
  figures: Figures.nullable(),
  reason: FailReason.nullable(),
  faults: z.array(ContentFault),
  /** The content was changed after it was made: those changes are not in it. */
  outdated: z.boolean(),
})
export type Candidate = z.infer<typeof Candidate>

export const ReleaseRow = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  /** Null: made live by a start of the program. */
  by: Member.nullable(),
  live: z.boolean(),
  /** Whether one can go back to it: not to a model of another version of the program. */
  usable: z.boolean(),
  figures: Figures.nullable(),
})
export type ReleaseRow = z.infer<typeof ReleaseRow>

export const ReleaseView = z.object({
  /** Written otherwise than what is live. */
  changes: z.array(
    z.object({ path: z.string(), title: z.string(), what: z.enum(['added', 'changed', 'removed']) }),
  ),
  /** Whether the changes are of a kind that is learnt; words alone need no training. */
  learning: z.boolean(),
  candidate: Candidate.nullable(),
  /** Those that are or were live, newest first. */
  releases: z.array(ReleaseRow),
})
export type ReleaseView = z.infer<typeof ReleaseView>
