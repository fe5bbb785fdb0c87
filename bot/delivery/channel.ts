import type { Router } from 'express'
import type { Allowance, ChannelStatus } from '../../shared/channel.js'
import type { Author, Bubble } from '../../shared/message.js'
import type { Recipient } from '../store/recipients.js'

export type { Leases } from '../store/leases.js'
export type { Recipient } from '../store/recipients.js'

/** What a network can do: delivery adapts replies to it. */
export interface Capabilities {
  /** Longest single message, in UTF-16 units; longer ones are split at sentence borders. */
  maxText: number
  /** Quick-reply buttons a message may carry; 0 = they become numbered options. */
  buttons: number
  /** Citations and lines as cards; false = they become lines of text. */
  cards: boolean
  /** What the machine says in one go goes out as one message, because messages are counted. */
  joins?: boolean
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

/** What the network says when it has taken a message: its own id of it, where it gives one. */
export type Taken = { receipt?: string } | void

/** Longest that `send` and `notify` may take: later the message counts as `temporary`, `no-answer`. Milliseconds. */
export const SEND_MS = 10_000

/** The contract of a network. A channel knows nothing of intents; it turns a bubble into its native call. */
export interface Channel {
  name: string
  capabilities: Capabilities
  /** The client fetches by itself: a recorded reply is a delivered one, and nothing is handed out. */
  fetches: boolean
  /** Resolves when the network has taken the message; throws `SendFailure` when it has not. One try, within SEND_MS. */
  send(message: OutgoingMessage): Promise<Taken>
  /** What may be sent to this recipient now; channels without windows leave it out. See windows.ts. */
  allowance?(recipient: Recipient, now: Date): Allowance
  /** Warnings outside the window, in a form the platform approved before (`template`: its id there). Absent: there is none. */
  notify?(message: OutgoingMessage & { template: string }): Promise<Taken>
  /** Its servers lie abroad: off until an administrator records the ruling (个人信息保护法 第三十八条). */
  abroad?: boolean
}

/**
 * A channel with everything around it: what a folder below channels/ exports, and main.ts lists. `missing` and
 * `register` are known without asking the network; a channel with something missing is off.
 */
export interface Adapter {
  channel: Channel
  /** Settings it needs and lacks, by name. */
  missing: readonly string[]
  /** What to register at the platform, and where. */
  register: ChannelStatus['register']
  /** Mounted at /channels/<name>, before any body is parsed; answers only while the channel runs. */
  router: Router | null
  /** Begins to receive (registers the webhook, takes up polling). Idempotent. */
  start(): Promise<void>
  /** Ends what `start` began. Idempotent. */
  stop(): Promise<void>
  /** Looks at the network itself, within SEND_MS; never throws. `since` is kept by the caller. */
  status(): Promise<ChannelStatus>
}
