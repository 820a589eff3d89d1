import { codeOf } from '#shared/errors.ts';
import type { Limiter } from './limiter/limiter.ts';
import type { SendRequest } from './tmdb-request.ts';
import type { CallOutcome } from './upstream/upstream-state.ts';

/** One harmless call past the gate, to see whether TMDb is back; only a real answer counts as that. */
export async function probeUpstream(options: {
  send: SendRequest;
  limiter: Limiter;
  signal: AbortSignal;
}): Promise<CallOutcome> {
  const { send, limiter, signal } = options;
  const endpoint = { template: '/genre/movie/list', path: '/genre/movie/list' };
  try {
    await limiter.run(() => send(endpoint, signal), { signal, onDemand: true });
    return { kind: 'success' };
  } catch (error) {
    const code = codeOf(error);
    // What the request itself reported already is not told twice, except that TMDb is there again.
    if (code === 'upstream_rate_limited') return { kind: 'rate-limited' };
    return { kind: 'trouble', what: code };
  }
}
