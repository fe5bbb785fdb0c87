import type { Figures } from '../../shared/release.js'
import { SILENT } from '../nlu/small-talk.js'
import { joinParts, lessonHash, trainPart, wake } from './brain.js'
import { checkContent } from './check.js'
import { compare, refusal } from './compare.js'
import { parseContent, type ContentFiles } from './content.js'
import type { Fault } from './faults.js'

/** What a candidate is made from. */
export interface CandidateOrder {
  files: ContentFiles
  /** YYYY-MM-DD: which statutes are in force. */
  day: string
  /** A model already learnt from this very lesson: nothing is trained then. */
  model: Buffer | null
  /** The live release it is compared with; null before the first. */
  before: { files: ContentFiles; model: Buffer } | null
  /** Whether mistakes in the content stand in the way: not at a start, which has nobody to mend them. */
  check: boolean
}

/** What came of it: mistakes in the content, or a model with its figures and, where it must not go live, why. */
export type Made =
  | { faults: Fault[] }
  | { model: Buffer; lesson: string; figures: Figures; refusal: ReturnType<typeof refusal> }

/** Checks, trains and measures: seconds of pure computing, for a thread of its own. Deterministic. */
export async function makeCandidate(
  { files, day, model, before, check }: CandidateOrder,
  onState: (state: 'evaluating') => void,
): Promise<Made> {
  const started = performance.now()
  const { content, faults } = parseContent(files)
  if (!content) return { faults }
  // What fell due (a signature) waits for a person and stops no release: a dangerous word may have to go today.
  const wrong = check ? checkContent(content, day).filter(({ due }) => !due) : []
  if (wrong.length) return { faults: wrong }
  const learnt = model
    ? Buffer.from(model)
    : joinParts({
        judges: trainPart(content, 'judges'),
        bands: trainPart(content, 'bands'),
        intents: trainPart(content, 'intents'),
      })
  onState('evaluating')
  const measured = await compare(before && taught(before.files, before.model), {
    content,
    brain: wake(content, learnt, SILENT),
  })
  const milliseconds = Math.round(performance.now() - started)
  return {
    model: learnt,
    lesson: lessonHash(content),
    figures: { ...measured, trained: model === null, milliseconds },
    refusal: refusal(measured),
  }
}

function taught(files: ContentFiles, model: Uint8Array) {
  const { content } = parseContent(files)
  return content && { content, brain: wake(content, Buffer.from(model), SILENT) }
}
