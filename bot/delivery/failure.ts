/**
 * Whose fault it is that a message was not taken, and what follows:
 * - `temporary`: network, time-out, 5xx. Tried again, later each time.
 * - `limited`: too fast (429, 45009). Tried again after `retryAfterMs`.
 * - `closed`: the window is over or its messages are used up (45015, 45047). The desk sees it.
 * - `gone`: blocked, unsubscribed (403). Ends the subscriptions.
 * - `refused`: this message can never be sent (400). The desk sees it.
 */
export type FailureKind = 'temporary' | 'limited' | 'closed' | 'gone' | 'refused'

/** The code of a `temporary` failure where the request had gone out: the network may have taken the message. */
export const NO_ANSWER = 'no-answer'

/** How a channel says that the network did not take a message. Anything else it throws counts as `temporary`. */
export class SendFailure extends Error {
  constructor(
    readonly kind: FailureKind,
    readonly retryAfterMs?: number,
    /** The network's own code, for the log: no words, no address. */
    readonly code?: string,
    options?: ErrorOptions,
  ) {
    super(code ? `${kind}: ${code}` : kind, options)
    this.name = 'SendFailure'
  }
}
