/** Why a request to the webhook was not believed or not understood. */
export type Refusal =
  'signature' | 'stale' | 'replayed' | 'appid' | 'plain' | 'key' | 'encoding' | 'xml' | 'too-long'

/** A request that is answered with a bare status and changes nothing. Its words never go further. */
export class Refused extends Error {
  constructor(
    readonly why: Refusal,
    options?: ErrorOptions,
  ) {
    super(why, options)
    this.name = 'Refused'
  }

  get status(): number {
    if (this.why === 'too-long') return 413
    return this.why === 'xml' || this.why === 'encoding' ? 400 : 403
  }
}
