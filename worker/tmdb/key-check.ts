import type { TmdbCredential } from '#shared/config.ts';
import { codeOf } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';
import { rejectionReason } from './credential.ts';
import type { Limiter } from './limiter/limiter.ts';
import type { SendRequest } from './tmdb-request.ts';
import type { UpstreamStatus } from './upstream/upstream-status.ts';

interface KeyCheckOptions {
  send: SendRequest;
  limiter: Limiter;
  status: UpstreamStatus;
  credential: TmdbCredential | undefined;
  log: Log;
  signal: AbortSignal;
}

/**
 * Asks TMDb once whether it accepts the credential. Accepted: work that was stopped goes on. Rejected: all work
 * stops. Anything else tells nothing about the key, and is no reason not to start.
 */
export async function checkKey(options: KeyCheckOptions): Promise<void> {
  const { send, limiter, status, credential, log, signal } = options;
  const wasStopped = status.circuit === 'stopped';
  const endpoint = { template: '/authentication', path: '/authentication' };
  try {
    await limiter.run(() => send(endpoint, signal), { signal, onDemand: true });
    status.recover();
  } catch (error) {
    const code = codeOf(error);
    // Newly rejected, the request has reported it, and that was said aloud there.
    if (code === 'upstream_key_rejected' && wasStopped)
      log.error({ reason: rejectionReason(credential) }, 'all TMDb work is still stopped');
    else if (code !== 'upstream_key_rejected' && code !== 'shutting_down')
      log.warn({ err: error }, 'the TMDb key could not be checked');
  }
}
