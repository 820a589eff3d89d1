/** The codes that a caller may see. */
export const callerErrorCodes = [
  'invalid_input',
  'malformed_body',
  'unsupported_media_type',
  'body_too_large',
  'unauthenticated',
  'invalid_credentials',
  'totp_required',
  'forbidden',
  'route_not_found',
  'method_not_allowed',
  'movie_not_found',
  'movie_gone',
  'movie_moved',
  'person_not_found',
  'person_gone',
  'collection_not_found',
  'collection_gone',
  'not_found',
  'email_taken',
  'already_running',
  'last_admin',
  'too_many_requests',
  'upstream_unavailable',
  'unavailable',
  'internal_error',
] as const;

/** The codes that stay inside: a caller is told another one in their place. Administrators see them at runs and failed jobs. */
export const internalErrorCodes = [
  // TMDb's
  'upstream_rate_limited',
  'upstream_malformed',
  'upstream_not_found',
  'upstream_key_rejected',
  'upstream_refused_request',
  // what a run refuses to do to data
  'list_too_short',
  'list_incomplete',
  'list_of_other_region',
  'export_incomplete',
  'too_many_gone',
  'too_many_purged',
  'clock_in_doubt',
  // ours
  'shutting_down',
] as const;

export type CallerErrorCode = (typeof callerErrorCodes)[number];
export type InternalErrorCode = (typeof internalErrorCodes)[number];
/** Every way this service can fail, as one closed list. Each edge (HTTP, worker) translates it exhaustively. */
export type ErrorCode = CallerErrorCode | InternalErrorCode;

export interface ErrorDetail {
  path: string;
  message: string;
}

interface NexusErrorOptions {
  details?: ErrorDetail[];
  retryAfterMs?: number;
  movedTo?: number;
  cause?: unknown;
}

/**
 * A failure with a code. `message` is a sentence a person may be shown: no path, SQL or upstream text in it;
 * what happened underneath goes into `cause`, and from there only into the log.
 */
export class NexusError extends Error {
  override readonly name = 'NexusError';
  readonly code: ErrorCode;
  readonly details: ErrorDetail[] | undefined;
  /** How long the caller should wait before it tries again. */
  readonly retryAfterMs: number | undefined;
  /** The id under which the movie that was asked for is found now. */
  readonly movedTo: number | undefined;

  constructor(code: ErrorCode, message: string, options: NexusErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details;
    this.retryAfterMs = options.retryAfterMs;
    this.movedTo = options.movedTo;
  }
}

/** The code of a failure; anything we did not foresee is `internal_error`. */
export function codeOf(error: unknown): ErrorCode {
  return error instanceof NexusError ? error.code : 'internal_error';
}
