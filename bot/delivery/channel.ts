import type { Author, Bubble } from '../../shared/message.js'

/** What a network can do: delivery adapts replies to it. */
export interface Capabilities {
  /** Longest single message, in UTF-16 units; longer ones are split at sentence borders. */
  maxText: number
  /** Quick-reply buttons a message may carry; 0 = they become numbered options. */
  buttons: number
  /** Citations and lines as cards; false = they become lines of text. */
  cards: boolean
}

export interface OutgoingMessage {
  /** Unique: a channel that can de-duplicate uses it. */
  key: string
  conversation: string
  address: string
  number: number
  from: Author
  bubble: Bubble
}

/** The contract of a network. A channel knows nothing of intents; it turns a bubble into its native call. */
export interface Channel {
  name: string
  capabilities: Capabilities
  /** The client fetches by itself: a recorded reply is a delivered one, and nothing is handed out. */
  fetches: boolean
  /** Resolves when the network has taken the message; throws when it has not, and it is tried again. */
  send(message: OutgoingMessage): Promise<void>
}
