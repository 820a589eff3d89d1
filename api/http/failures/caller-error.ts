import type { CallerErrorCode, ErrorCode, InternalErrorCode, NexusError } from '#shared/errors.ts';

interface Disguise {
  code: CallerErrorCode;
  message: string;
}

export interface CallerError extends Pick<NexusError, 'message' | 'details' | 'retryAfterMs'> {
  code: CallerErrorCode;
}

const upstreamAway: Disguise = {
  code: 'upstream_unavailable',
  message: 'TMDb cannot be reached right now, and this is not mirrored yet. Please try again soon.',
};
const ourFault: Disguise = {
  code: 'internal_error',
  message: 'Something went wrong on our side. It has been noted.',
};

/** What a caller is told in place of each internal code: a new one does not compile until someone decides. */
const disguises: Readonly<Record<InternalErrorCode, Disguise>> = {
  upstream_rate_limited: upstreamAway,
  upstream_malformed: upstreamAway,
  upstream_key_rejected: upstreamAway,
  upstream_refused_request: upstreamAway,
  upstream_not_found: { code: 'movie_not_found', message: 'TMDb has no such movie.' },
  list_too_short: ourFault,
  list_incomplete: ourFault,
  list_of_other_region: ourFault,
  export_incomplete: ourFault,
  too_many_gone: ourFault,
  too_many_purged: ourFault,
  clock_in_doubt: ourFault,
  shutting_down: { code: 'unavailable', message: 'This server is shutting down. Please try again.' },
};

/** A failure as a caller may see it: an internal one gets a code and a sentence that give nothing away. */
export function callerErrorOf({ code, message, details, retryAfterMs }: NexusError): CallerError {
  if (isInternal(code)) return { ...disguises[code], details: undefined, retryAfterMs };
  // The sentence of an `internal_error` is written for the log.
  if (code === 'internal_error') return { ...ourFault, details: undefined, retryAfterMs };
  return { code, message, details, retryAfterMs };
}

const isInternal = (code: ErrorCode): code is InternalErrorCode => Object.hasOwn(disguises, code);
