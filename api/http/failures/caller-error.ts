import { type ErrorCode, NexusError } from '#shared/errors.ts';

interface Disguise {
  code: ErrorCode;
  message: string;
}

const upstreamAway: Disguise = {
  code: 'upstream_unavailable',
  message: 'TMDb cannot be reached right now, and this is not mirrored yet. Please try again soon.',
};
const ourFault: Disguise = {
  code: 'internal_error',
  message: 'Something went wrong on our side. It has been noted.',
};

/** The codes that are nobody's business outside, and what is said in their place. */
const disguises: Partial<Record<ErrorCode, Disguise>> = {
  upstream_rate_limited: upstreamAway,
  upstream_malformed: upstreamAway,
  upstream_key_rejected: upstreamAway,
  upstream_refused_request: upstreamAway,
  upstream_not_found: { code: 'movie_not_found', message: 'TMDb has no such movie.' },
  list_too_short: ourFault,
  export_incomplete: ourFault,
  too_many_gone: ourFault,
  too_many_purged: ourFault,
  shutting_down: { code: 'unavailable', message: 'This server is shutting down. Please try again.' },
  internal_error: ourFault,
};

/** A failure as a caller may see it: what is internal is replaced by a code and a sentence that are not. */
export function callerErrorOf(error: NexusError): NexusError {
  const disguise = disguises[error.code];
  if (disguise === undefined) return error;
  return new NexusError(disguise.code, disguise.message, {
    cause: error,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
  });
}
