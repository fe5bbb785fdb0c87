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
  'content.invalid': { status: 500, says: 'errors.store' },
  'laws.busy': { status: 409, says: 'errors.store' },
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
