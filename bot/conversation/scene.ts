import type { Consent } from '../../shared/campaign.js'
import type { Grade } from '../../shared/desk.js'
import type { Bubble, CitationCard } from '../../shared/message.js'
import type { DangerKind, RiskLevel } from '../../shared/risk.js'
import type { Content } from '../content/content.js'
import type { Understood } from '../nlu/recognise.js'
import type { Risk } from '../safety/assess.js'
import type { Offer, State } from './state.js'
import type { Words } from './words.js'

/** One turn of a person: all the bubbles of a burst. */
export interface Heard {
  text: string
  /** Nothing in it that the machine can read. */
  unreadable: boolean
  risk: Risk
  understood: Understood
}

/** The conversation's running maximum of danger: a human alone lowers it. */
export interface Floor {
  level: RiskLevel
  kinds: DangerKind[]
  report: boolean
}

/** What a step of the story answers; the rest of the decision follows from it. */
export interface Step {
  bubbles: Bubble[]
  offered?: Offer[]
  state?: Partial<State>
  intent?: string | null
  escalate?: Grade
  /** A danger the person affirmed by a button: it raises the floor as their words would. */
  affirmed?: DangerKind
  erase?: boolean
  /** The person agreed to warnings of a topic, in this version of the wording. */
  subscribe?: Consent
  /** The person wants no more warnings of this topic. */
  unsubscribe?: string
  /** The person wants no messages that the bot starts. */
  optOut?: boolean
}

export interface Scene {
  state: State
  floor: Floor
  heard: Heard
  content: Content
  words: Words
  /** Topics of warnings this person is subscribed to, where it is known who that is. */
  subscribed?: readonly string[]
  /** Articles that may be about what was said: only where no topic was recognised and nothing is at risk. */
  related?: CitationCard[]
}
