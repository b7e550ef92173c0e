/** What can go wrong, as real errors: each says in `code` what it is, and in `ambiguous` whether the request may have been done all the same. */

/** A problem document of the hub. @source RFC 9457 */
export type Problem = {
  readonly type: string
  readonly title: string
  readonly status: number
  /** Stable: programs compare it. The reference of problems lists them. */
  readonly code: string
  readonly detail: string
  /** Each bad field, by its path in the body or its name in the query. */
  readonly errors: readonly { readonly field: string; readonly message: string }[]
  readonly requestId: string
}

/** What every error knows of the call that ended with it. */
export type CallFacts = {
  /**
   * True when the request, or an earlier try of the same call, may have reached the hub and been done. False only when that cannot be: nothing
   * left this machine, or the hub said that it did not do it.
   */
  readonly ambiguous: boolean
  /** How often the request was sent. */
  readonly attempts: number
  /** The key of a call that moves money. Asking again with it never pays twice. */
  readonly idempotencyKey: string | undefined
}

/** All errors of the SDK, but for those of webhooks. */
export class TurantError extends Error {
  override name = 'TurantError'
  readonly code: string
  readonly ambiguous: boolean
  readonly attempts: number
  readonly idempotencyKey: string | undefined
  /** What the hub called the request, to be named when asking about it; undefined when no answer came. */
  readonly requestId: string | undefined
  /** Of the answer; undefined when none came. */
  readonly status: number | undefined

  constructor(
    message: string,
    about: CallFacts & {
      readonly code: string
      readonly status?: number | undefined
      readonly requestId?: string | undefined
      readonly cause?: unknown
    },
  ) {
    super(message, { cause: about.cause })
    this.code = about.code
    this.ambiguous = about.ambiguous
    this.attempts = about.attempts
    this.idempotencyKey = about.idempotencyKey
    this.requestId = about.requestId
    this.status = about.status
  }
}

/**
 * No whole answer came. `code`: `connection_failed` (nothing left), `connection_lost`, `timeout`, `aborted`, or `bad_answer` (something answered that
 * is no hub, or half an answer).
 */
export class ConnectionError extends TurantError {
  override name = 'ConnectionError'
}

/** The hub, or something on the way to it, said no. */
export class ApiError extends TurantError {
  override name = 'ApiError'
  /** What the hub said; undefined when something else answered. */
  readonly problem: Problem | undefined
  readonly errors: Problem['errors']
  /** When it makes sense to ask again, if the answer says so. */
  readonly retryAfterMs: number | undefined

  constructor(
    message: string,
    about: CallFacts & {
      readonly code: string
      readonly status: number
      readonly requestId?: string | undefined
      readonly problem: Problem | undefined
      readonly retryAfterMs: number | undefined
    },
  ) {
    super(message, about)
    this.problem = about.problem
    this.errors = about.problem?.errors ?? []
    this.retryAfterMs = about.retryAfterMs
  }
}

/** 400 and its like: the request is not right, and `errors` names each bad field. */
export class InvalidRequestError extends ApiError {
  override name = 'InvalidRequestError'
}
/** 401: no valid key, or a signature that is missing or wrong. */
export class AuthenticationError extends ApiError {
  override name = 'AuthenticationError'
}
/** 403: not allowed to this caller. */
export class PermissionError extends ApiError {
  override name = 'PermissionError'
}
/** 404. */
export class NotFoundError extends ApiError {
  override name = 'NotFoundError'
}
/** 409: not as things stand. */
export class ConflictError extends ApiError {
  override name = 'ConflictError'
}
/** 422: the business says no. `code` says why: `insufficient_funds`, `limit_exceeded`, `key_reused` … */
export class RefusedError extends ApiError {
  override name = 'RefusedError'
}
/** 429: asked too often. */
export class RateLimitError extends ApiError {
  override name = 'RateLimitError'
}
/** 5xx: the hub, or a proxy before it, could not. */
export class ServerError extends ApiError {
  override name = 'ServerError'
}

const byStatus: Readonly<Record<number, typeof ApiError>> = {
  401: AuthenticationError,
  403: PermissionError,
  404: NotFoundError,
  409: ConflictError,
  422: RefusedError,
  429: RateLimitError,
}

/** The class for a status. */
export const apiErrorOf = (status: number): typeof ApiError =>
  byStatus[status] ?? (status >= 500 ? ServerError : status >= 400 ? InvalidRequestError : ApiError)
