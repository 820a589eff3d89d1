import type { TmdbCredential } from '#shared/config.ts';
import { codeOf } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';
import { rejectionReason } from './credential.ts';
import type { Limiter } from './limiter/limiter.ts';
import { type SendRequest, whatOf } from './tmdb-request.ts';
import type { UpstreamStatus } from './upstream/upstream-status.ts';

interface KeyCheckOptions {
  send: SendRequest;
  limiter: Limiter;
  status: UpstreamStatus;
  credential: TmdbCredential | undefined;
  log: Log;
  signal: AbortSignal;
}

/** A start does not wait longer than this for a TMDb that says nothing. */
const patienceMs = 3000;

/**
 * Asks TMDb once whether it accepts the credential. Accepted: work that was stopped goes on. Rejected: all work
 * stops. Anything else tells nothing about the key, and is no reason not to start.
 * @returns why there was no answer, if there was none
 */
export async function checkKey(options: KeyCheckOptions): Promise<string | undefined> {
  const { send, limiter, status, credential, log } = options;
  const wasStopped = status.circuit === 'stopped';
  const endpoint = { template: '/authentication', path: '/authentication' };
  const late = AbortSignal.timeout(patienceMs);
  const signal = AbortSignal.any([options.signal, late]);
  try {
    await limiter.run(() => send(endpoint, signal), { signal, onDemand: true });
    status.recover();
    return undefined;
  } catch (error) {
    const code = codeOf(error);
    if (options.signal.aborted) return undefined;
    // If the key was rejected just now, the request has reported and logged it already.
    if (code === 'upstream_key_rejected') {
      if (wasStopped) log.error({ reason: rejectionReason(credential) }, 'all TMDb work is still stopped');
      return undefined;
    }
    log.warn({ err: error }, 'the TMDb key could not be checked');
    if (late.aborted) return `no answer within ${patienceMs} ms`;
    return code === 'upstream_unavailable' ? whatOf(error) : undefined;
  }
}
