/** MongoDB's names for the error codes this server answers with; drivers show them beside the number. */
const CODE_NAMES: Record<number, string> = {
  1: 'InternalError',
  2: 'BadValue',
  9: 'FailedToParse',
  13: 'Unauthorized',
  14: 'TypeMismatch',
  18: 'AuthenticationFailed',
  20: 'IllegalOperation',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
  50: 'MaxTimeMSExpired',
  52: 'DollarPrefixedFieldName',
  59: 'CommandNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  100: 'CannotSatisfyWriteConcern',
  115: 'CommandNotSupported',
  168: 'InvalidPipelineOperator',
  171: 'CannotIndexParallelArrays',
  239: 'SnapshotTooOld',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
  12501: 'QuotaExceeded',
  40324: 'UnrecognizedPipelineStage',
  40415: 'IDLUnknownField',
}

/** An answer in MongoDB's error shape: the command failed for a reason the caller can read and act on. */
export class Fault extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message)
  }

  /** The fields of a failed command's reply. */
  toReply(): Record<string, unknown> {
    return {
      ok: 0,
      errmsg: this.message,
      code: this.code,
      codeName: CODE_NAMES[this.code] ?? `Location${this.code}`,
      ...this.details,
    }
  }
}

/** The sentence for everything MongoDB can do and this server does not: named, never ignored. */
export const unsupported = (what: string, code = 115): Fault =>
  new Fault(
    code,
    `${what} is not supported by the embedded database; use MongoDB (MONGODB_URI) if it is needed`,
  )
