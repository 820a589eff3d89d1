import type { CallerErrorCode } from '#shared/errors.ts';

/** The HTTP status of every code that a caller may see: a new one does not compile until someone decides. */
export const statusOf = {
  invalid_input: 422,
  malformed_body: 400,
  unsupported_media_type: 415,
  body_too_large: 413,
  unauthenticated: 401,
  invalid_credentials: 401,
  totp_required: 401,
  forbidden: 403,
  route_not_found: 404,
  method_not_allowed: 405,
  movie_not_found: 404,
  movie_gone: 410,
  person_not_found: 404,
  person_gone: 410,
  collection_not_found: 404,
  collection_gone: 410,
  not_found: 404,
  email_taken: 409,
  already_running: 409,
  last_admin: 409,
  too_many_requests: 429,
  upstream_unavailable: 503,
  unavailable: 503,
  internal_error: 500,
} as const satisfies Record<CallerErrorCode, number>;
