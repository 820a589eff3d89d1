import { storeTroubleOf } from '#shared/db/store-away.ts';
import { codeOf, type ErrorCode, NexusError } from '#shared/errors.ts';

/**
 * What a failed job does next. `retry`: after a while, as one of its attempts; `wait`: until the upstream is back,
 * no attempt burnt; `give-up`: trying again would not help; `stop-all`: nobody may call TMDb until someone acts.
 */
export type Verdict = 'retry' | 'wait' | 'give-up' | 'stop-all';

const verdictOfCode = {
  invalid_input: 'give-up',
  malformed_body: 'give-up',
  unsupported_media_type: 'give-up',
  body_too_large: 'give-up',
  unauthenticated: 'give-up',
  invalid_credentials: 'give-up',
  totp_required: 'give-up',
  forbidden: 'give-up',
  route_not_found: 'give-up',
  method_not_allowed: 'give-up',
  movie_not_found: 'give-up',
  movie_gone: 'give-up',
  movie_moved: 'give-up',
  person_not_found: 'give-up',
  person_gone: 'give-up',
  collection_not_found: 'give-up',
  collection_gone: 'give-up',
  not_found: 'give-up',
  email_taken: 'give-up',
  last_admin: 'give-up',
  already_running: 'give-up',
  too_many_requests: 'wait',
  upstream_unavailable: 'wait',
  upstream_rate_limited: 'wait',
  upstream_malformed: 'retry',
  upstream_not_found: 'give-up',
  upstream_key_rejected: 'stop-all',
  upstream_refused_request: 'give-up',
  list_too_short: 'give-up',
  list_incomplete: 'retry',
  list_of_other_region: 'give-up',
  export_incomplete: 'retry',
  too_many_gone: 'give-up',
  too_many_purged: 'give-up',
  clock_in_doubt: 'give-up',
  unavailable: 'wait',
  shutting_down: 'wait',
  internal_error: 'retry',
} satisfies Record<ErrorCode, Verdict>;

const transient: readonly ErrorCode[] = ['upstream_unavailable', 'upstream_rate_limited'];

/**
 * A transient upstream error that names no time to come back is about this one call (the circuit is closed and
 * others succeed): it burns an attempt, so that one bad id does not ask for ever.
 */
export function verdictOf(error: unknown): Verdict {
  const code = codeOf(error);
  const namesNoTime = !(error instanceof NexusError) || error.retryAfterMs === undefined;
  return transient.includes(code) && namesNoTime ? 'retry' : verdictOfCode[code];
}

/**
 * Some answers are bad for one call and not for the rest: a wrong shape, a call refused, an error of TMDb's that
 * outlasted the retries while the circuit stayed closed. Other calls are still worth making.
 */
export function isAboutOneCall(error: unknown): boolean {
  const code = codeOf(error);
  if (code === 'upstream_malformed' || code === 'upstream_refused_request') return true;
  return transient.includes(code) && error instanceof NexusError && error.retryAfterMs === undefined;
}

/**
 * A job waits for a store that is away, as for an upstream that is, wherever it was noticed. A store that is only busy
 * costs an attempt: the job's own statement may be at fault, and would be for ever.
 */
export function nameStoreTrouble(error: unknown): unknown {
  return storeTroubleOf(error) === 'away'
    ? new NexusError('unavailable', 'The database cannot be reached.', { cause: error })
    : error;
}

const defaultWaitMs = 5000;
const maxWaitMs = 60_000;
/** How often work looks whether a refused key was replaced. */
const stoppedWaitMs = 60_000;

/** How long a job that waits stays away. */
export function waitMsOf(error: unknown): number {
  if (verdictOf(error) === 'stop-all') return stoppedWaitMs;
  if (codeOf(error) === 'shutting_down') return 0;
  const asked = error instanceof NexusError ? error.retryAfterMs : undefined;
  return Math.min(maxWaitMs, Math.max(1000, asked ?? defaultWaitMs));
}
