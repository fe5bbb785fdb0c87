import type { Reader } from '../../shared/intent.js'
import { normalise, scriptOf, type Script } from '../text/normalise.js'
import { BACKGROUND, confidenceOf, vote, type IntentModel, type SearchIndex } from './intent-model.js'
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
  reader: Reader | null
  entities: Entities
  script: Script
}

export interface Recogniser {
  recognise(text: string): Promise<Understood>
}

const ALTERNATIVES = 3
/** What node-nlp's vote weighs on short small talk. */
const TALK_SHARE = 0.3
/** Longer messages are recognised by their first part: the question is rarely further in. Characters. */
const READ_MAX = 2_000

/** A recogniser from a trained model. */
export function recogniser(model: IntentModel, index: SearchIndex, talk: SmallTalk): Recogniser {
  const { linear, calibration, accept, refuse } = model
  return {
    async recognise(original) {
      const { text } = normalise(original.slice(0, READ_MAX))
      const shares = new Map(vote(linear, index, text, calibration.searchShare))
      const background = shares.get(BACKGROUND) ?? 0
      shares.delete(BACKGROUND)
      const spoken = await talk.vote(text)
      if (spoken) shares.set(spoken.intent, (shares.get(spoken.intent) ?? 0) + TALK_SHARE * spoken.score)
      const candidates = [...shares]
        .sort((a, b) => b[1] - a[1])
        .slice(0, ALTERNATIVES + 1)
        .map(([intent, share]) => ({
          intent,
          confidence: confidenceOf(calibration, Math.min(1, share)) * (1 - background),
        }))
      const best = candidates[0]
      const sure =
        best !== undefined && best.confidence >= accept && background < (shares.get(best.intent) ?? 0)
      return {
        intent: sure ? best.intent : null,
        confidence: best?.confidence ?? 0,
        alternatives: sure ? candidates.slice(1) : candidates.slice(0, ALTERNATIVES),
        outOfScope: !sure && (background > 0.5 || (best?.confidence ?? 0) < refuse),
        reader: readerOf(text),
        entities: await talk.entities(text),
        script: scriptOf(original),
      }
    },
  }
}
