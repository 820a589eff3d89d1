import type { CallerErrorCode } from '#shared/errors.ts';

/** Codes of TMDb's error bodies, with the HTTP status and the sentence that belong to each, as TMDb has them. */
const failures = {
  7: [401, 'Invalid API key: You must be granted a valid key.'],
  9: [503, 'Service offline: This service is temporarily offline, try again later.'],
  11: [500, 'Internal error: Something went wrong, contact TMDB.'],
  20: [422, 'Invalid date range: Should be a range no longer than 14 days.'],
  22: [400, 'Invalid page: Pages start at 1 and max at 500. They are expected to be an integer.'],
  23: [400, 'Invalid date: Format needs to be YYYY-MM-DD.'],
  25: [429, 'Your request count is over the allowed limit.'],
  27: [400, 'Too many append to response objects: The maximum number of remote calls is 20.'],
  34: [404, 'The resource you requested could not be found.'],
  42: [405, 'This request method is not supported for this resource.'],
  47: [400, 'The input is not valid.'],
} as const;

export type TmdbCode = keyof typeof failures;

interface FailureOptions {
  retryAfterMs?: number;
}

/** A refusal in TMDb's own terms. */
export class TmdbFailure extends Error {
  override readonly name = 'TmdbFailure';
  readonly code: TmdbCode;
  readonly retryAfterMs: number | undefined;

  constructor(code: TmdbCode, { retryAfterMs }: FailureOptions = {}) {
    super(failures[code][1]);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

export const httpOf = (code: TmdbCode): number => failures[code][0];

export const failureBody = (code: TmdbCode): string =>
  JSON.stringify({ success: false, status_code: code, status_message: failures[code][1] });

/** What TMDb would call a failure of ours: a new code does not compile until someone decides. */
export const tmdbCodes: Record<CallerErrorCode, TmdbCode> = {
  invalid_input: 47,
  malformed_body: 47,
  unsupported_media_type: 47,
  body_too_large: 47,
  unauthenticated: 7,
  invalid_credentials: 7,
  totp_required: 7,
  forbidden: 7,
  route_not_found: 34,
  method_not_allowed: 42,
  movie_not_found: 34,
  movie_gone: 34,
  movie_moved: 34,
  person_not_found: 34,
  person_gone: 34,
  collection_not_found: 34,
  collection_gone: 34,
  not_found: 34,
  email_taken: 47,
  already_running: 47,
  last_admin: 47,
  too_many_requests: 25,
  upstream_unavailable: 9,
  unavailable: 9,
  internal_error: 11,
};
