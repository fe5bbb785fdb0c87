/** Every named error: HTTP status, and where a person sees it, the wording in intents/system (file.key). */
const CODES = {
  'input.malformed': { status: 400, says: 'errors.malformed' },
  'input.too-long': { status: 413, says: 'errors.too-long' },
  'input.too-fast': { status: 429, says: 'errors.too-fast' },
  'session.unknown': { status: 401, says: 'errors.session' },
  'route.unknown': { status: 404, says: 'errors.not-found' },
  'store.unavailable': { status: 503, says: 'errors.store' },
  'store.key-wrong': { status: 500, says: 'errors.store' },
  'content.invalid': { status: 500, says: 'errors.store' },
  'laws.busy': { status: 409, says: 'errors.store' },
  'config.invalid': { status: 500, says: 'errors.store' },
  'cli.usage': { status: 400, says: 'errors.malformed' },
} as const

export type ErrorCode = keyof typeof CODES

/** An error with a name: the code says what to answer, `detail` is for the log and holds no content of a chat. */
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
}
