import type { Reader } from '../../shared/intent.js'
import { normalise, scriptOf, type Script } from '../text/normalise.js'
import { BACKGROUND, confidenceOf, vote, type IntentModel, type SearchIndex } from './intent-model.js'
import { leaning } from './follow-up.js'
import { problemsIn } from './problems.js'
import { readerOf } from './reader.js'
import type { Entities, SmallTalk } from './small-talk.js'

export interface Candidate {
  intent: string
  /** Chance of being right, 0..1, calibrated. */
  confidence: number
}

/** What a message is about. */
export interface Understood {
  /** The best candidate when it is sure enough to be answered. */
  intent: string | null
  confidence: number
  /** Best first; the intent itself is not among them. When it is null the best guess comes first. */
  alternatives: Candidate[]
  /** Nothing here looks like our business: not even worth a "did you mean". */
  outOfScope: boolean
  /** Every problem of a message that holds several, in the order in which to answer them; else empty. */
  problems: string[]
  reader: Reader | null
  entities: Entities
  script: Script
}

export interface Recogniser {
  /** `topic`: what is being talked of; a message that leans on it is about it. */
  recognise(text: string, topic?: string | null): Promise<Understood>
}

const ALTERNATIVES = 3
/** From which share on the most urgent of several problems is answered first. */
const FIRST_LEAST = 0.3
/** What node-nlp's vote weighs on short small talk. */
const TALK_SHARE = 0.3
/** Longer messages are recognised by their first part: the question is rarely further in. Characters. */
const READ_MAX = 2_000

/** A recogniser from a trained model. */
export function recogniser(
  model: IntentModel,
  index: SearchIndex,
  talk: SmallTalk,
  urgency: (intent: string) => number,
): Recogniser {
  const { linear, calibration, accept, refuse } = model
  const voteOn = (text: string) => new Map(vote(linear, index, text, calibration.searchShare))
  const foundIn = (text: string) => {
    const shares = voteOn(text)
    shares.delete(BACKGROUND)
    return shares
  }
  return {
    async recognise(original, topic = null) {
      const { text } = normalise(original.slice(0, READ_MAX))
      const shares = voteOn(text)
      const background = shares.get(BACKGROUND) ?? 0
      shares.delete(BACKGROUND)
      const spoken = await talk.vote(text)
      if (spoken) shares.set(spoken.intent, (shares.get(spoken.intent) ?? 0) + TALK_SHARE * spoken.score)
      if (topic && linear.outputs.includes(topic)) shares.set(topic, (shares.get(topic) ?? 0) + leaning(text))
      const problems = problemsIn(text, foundIn, urgency)
      const candidates = [...shares]
        .sort((a, b) => b[1] - a[1])
        .slice(0, ALTERNATIVES + 1)
        .map(([intent, share]) => ({
          intent,
          confidence: confidenceOf(calibration, Math.min(1, share)) * (1 - background),
        }))
      const best = candidates[0]
      const share = best ? (shares.get(best.intent) ?? 0) : 0
      const sure = best !== undefined && best.confidence >= accept && background < share
      const [first] = problems
      // Of several problems the most urgent is answered, if there is as much to it as to an answer of its own.
      const intent = problems.length > 1 && first && first.share >= FIRST_LEAST ? first.intent : best?.intent
      const others = candidates.filter((each) => !sure || each.intent !== intent)
      return {
        intent: sure && intent ? intent : null,
        confidence: best?.confidence ?? 0,
        alternatives: others.slice(0, ALTERNATIVES),
        outOfScope: !sure && (background > share || (best?.confidence ?? 0) < refuse),
        problems: problems.length > 1 ? problems.map(({ intent }) => intent) : [],
        reader: readerOf(text),
        entities: await talk.entities(text),
        script: scriptOf(original),
      }
    },
  }
}
