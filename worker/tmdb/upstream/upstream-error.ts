import { NexusError } from '#shared/errors.ts';
import type { UpstreamErrorCode } from './classify.ts';

const sentences = {
  upstream_unavailable: 'TMDb cannot be reached right now.',
  upstream_rate_limited: 'TMDb asked us to slow down.',
  upstream_malformed: 'TMDb sent an answer this service cannot read.',
  upstream_not_found: 'TMDb has no such resource.',
  upstream_key_rejected: 'TMDb does not accept our key.',
  upstream_refused_request: 'TMDb refused our request.',
} as const satisfies Record<UpstreamErrorCode, string>;

interface Details {
  /** What happened underneath, for the log: in our own words, never a URL, a header or a foreign error. */
  what: string;
  retryAfterMs?: number | undefined;
}

/** A failure of TMDb's, with nothing in it that could carry the credential. */
export function upstreamError(code: UpstreamErrorCode, { what, retryAfterMs }: Details): NexusError {
  return new NexusError(code, sentences[code], {
    cause: new Error(what),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** The caller's signal fired. The reason is always that the service is stopping. */
export function stoppedError(): NexusError {
  return new NexusError('shutting_down', 'The service is stopping.');
}
