/** Every named error: HTTP status, and where a person sees it, the wording in intents/system (file.key). */
const CODES = {
  'input.malformed': { status: 400, says: 'errors.malformed' },
  'input.too-long': { status: 413, says: 'errors.too-long' },
  'input.too-fast': { status: 429, says: 'errors.too-fast' },
  'session.unknown': { status: 401, says: 'errors.session' },
  'route.unknown': { status: 404, says: 'errors.not-found' },
  'store.unavailable': { status: 503, says: 'errors.store' },
  'store.key-wrong': { status: 500, says: 'errors.store' },
  'request.malformed': { status: 400, says: 'console.malformed' },
  'request.too-long': { status: 413, says: 'console.too-long' },
  'request.invalid': { status: 422, says: 'console.invalid' },
  'request.too-fast': { status: 429, says: 'console.too-fast' },
  'request.failed': { status: 500, says: 'console.failed' },
  'staff.signed-out': { status: 401, says: 'console.signed-out' },
  'staff.forbidden': { status: 403, says: 'console.forbidden' },
  'csrf.invalid': { status: 403, says: 'console.csrf' },
  'staff.insecure': { status: 403, says: 'console.insecure' },
  'staff.name-taken': { status: 409, says: 'console.name-taken' },
  'staff.last-administrator': { status: 409, says: 'console.last-administrator' },
  'staff.inactive': { status: 409, says: 'console.inactive' },
  'sign-in.wrong': { status: 401, says: 'console.sign-in-wrong' },
  'sign-in.wait': { status: 429, says: 'console.sign-in-wait' },
  'link.void': { status: 404, says: 'console.link-void' },
  'password.weak': { status: 422, says: 'console.password-weak' },
  'password.wrong': { status: 422, says: 'console.password-wrong' },
  'record.unknown': { status: 404, says: 'console.unknown' },
  'live.too-many': { status: 429, says: 'console.live-too-many' },
  'desk.claimed': { status: 409, says: 'console.desk-claimed' },
  'desk.resolved': { status: 409, says: 'console.desk-resolved' },
  'desk.not-claimed': { status: 409, says: 'console.desk-not-claimed' },
  'desk.not-yours': { status: 409, says: 'console.desk-not-yours' },
  'desk.gone': { status: 404, says: 'console.desk-gone' },
  'desk.window-closed': { status: 409, says: 'console.desk-window-closed' },
  'desk.window-short': { status: 409, says: 'console.desk-window-short' },
  'desk.person-gone': { status: 409, says: 'console.desk-person-gone' },
  'desk.channel-off': { status: 409, says: 'console.desk-channel-off' },
  'desk.busy': { status: 409, says: 'console.desk-busy' },
  'campaign.topic': { status: 422, says: 'console.campaign-topic' },
  'campaign.wording': { status: 422, says: 'console.campaign-wording' },
  'campaign.channel': { status: 422, says: 'console.campaign-channel' },
  'campaign.time': { status: 422, says: 'console.campaign-time' },
  'campaign.quiet': { status: 422, says: 'console.campaign-quiet' },
  'campaign.until': { status: 422, says: 'console.campaign-until' },
  'campaign.too-many': { status: 422, says: 'console.campaign-too-many' },
  'campaign.past': { status: 409, says: 'console.campaign-past' },
  'campaign.changed': { status: 409, says: 'console.campaign-changed' },
  'campaign.state': { status: 409, says: 'console.campaign-state' },
  'campaign.own': { status: 403, says: 'console.campaign-own' },
  'store.newer': { status: 500, says: 'errors.store' },
  'store.not-empty': { status: 500, says: 'errors.store' },
  'backup.invalid': { status: 500, says: 'errors.store' },
  'content.invalid': { status: 500, says: 'errors.store' },
  'laws.busy': { status: 409, says: 'console.laws-busy' },
  'laws.changed': { status: 409, says: 'console.laws-changed' },
  'content.faults': { status: 422, says: 'console.content-faults' },
  'content.changed': { status: 409, says: 'console.content-changed' },
  'content.expiry': { status: 422, says: 'console.content-expiry' },
  'release.nothing': { status: 409, says: 'console.release-nothing' },
  'release.busy': { status: 409, says: 'console.release-busy' },
  'release.not-ready': { status: 409, says: 'console.release-not-ready' },
  'release.stale': { status: 409, says: 'console.release-stale' },
  'release.old': { status: 409, says: 'console.release-old' },
  'lines.protected': { status: 409, says: 'console.lines-protected' },
  'lines.used': { status: 409, says: 'console.lines-used' },
  'go-live.incomplete': { status: 409, says: 'console.go-live-incomplete' },
  'config.invalid': { status: 500, says: 'errors.store' },
  'cli.usage': { status: 400, says: 'errors.malformed' },
} as const

export type ErrorCode = keyof typeof CODES

/**
 * An error with a name: the code says what to answer, `detail` is for the log and holds no content of a chat. What
 * stands in `detail.tell` goes out to the console, and fills `{{…}}` in the words.
 */
export class AppError extends Error {
  readonly status: number
  readonly says: string

  constructor(
    readonly code: ErrorCode,
    readonly detail: Record<string, unknown> = {},
    options?: ErrorOptions,
  ) {
    super(typeof detail.why === 'string' ? `${code}: ${detail.why}` : code, options)
    this.name = 'AppError'
    this.status = CODES[code].status
    this.says = CODES[code].says
  }

  /** What the person at the console is told beside the words. */
  get tell(): Record<string, unknown> | undefined {
    return this.detail.tell as Record<string, unknown> | undefined
  }
}
