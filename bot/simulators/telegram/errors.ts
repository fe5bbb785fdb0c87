/** An error of the Bot API: HTTP status, error_code and description. */
export class ApiError extends Error {
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 429,
    description: string,
    readonly parameters?: { retry_after: number },
  ) {
    super(description)
    this.name = 'ApiError'
  }
}

export const badRequest = (what: string) => new ApiError(400, `Bad Request: ${what}`)
export const tooMany = (seconds: number) =>
  new ApiError(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds })

export const errorJson = ({ status, message, parameters }: ApiError) => ({
  ok: false,
  error_code: status,
  description: message,
  ...(parameters ? { parameters } : {}),
})
