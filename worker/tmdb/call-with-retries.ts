import pRetry, { AbortError } from 'p-retry';
import { codeOf, NexusError } from '#shared/errors.ts';
import { noteMovement } from '#shared/movement.ts';
import type { Limiter } from './limiter/limiter.ts';
import type { CallOptions } from './tmdb-client.ts';
import { stoppedError } from './upstream/upstream-error.ts';
import type { UpstreamStatus } from './upstream/upstream-status.ts';

export interface CallDependencies {
  limiter: Limiter;
  status: UpstreamStatus;
  /** The first wait between two tries; the next ones double. */
  retryBaseMs: number;
}

const defaultRetryAfterMs = 2000;

/** Tries what can heal: three times more when nobody waits for it, once more, soon, when somebody does. */
export async function callWithRetries<T>(
  send: (signal: AbortSignal, answered: () => void) => Promise<T>,
  { signal, onDemand = false }: CallOptions,
  { limiter, status, retryBaseMs }: CallDependencies,
): Promise<T> {
  try {
    return await pRetry(() => callOnce(send, { signal, onDemand }, { limiter, status }), {
      retries: onDemand ? 1 : 3,
      minTimeout: onDemand ? retryBaseMs / 2 : retryBaseMs,
      factor: 2,
      randomize: true,
      signal,
      // Once the circuit is open, the probe finds out when TMDb is back, not we.
      shouldRetry: ({ error }) => canHeal(error) && status.circuit === 'closed',
    });
  } catch (error) {
    throw signal.aborted ? stoppedError() : withRetryAfter(error, status);
  }
}

/** Waits for the gate and for a slot; a slot that comes when the gate has closed meanwhile is let go. */
async function callOnce<T>(
  send: (signal: AbortSignal, answered: () => void) => Promise<T>,
  options: CallOptions,
  { limiter, status }: { limiter: Limiter; status: UpstreamStatus },
): Promise<T> {
  for (;;) {
    // What the gate says stands: trying again sooner than it says is of no use.
    await status.pass(options.signal).catch((error: Error) => {
      throw new AbortError(error);
    });
    noteMovement();
    const called = await limiter.run(
      async (answered) => (status.mayCall() ? { value: await send(options.signal, answered) } : undefined),
      options,
    );
    if (called !== undefined) return called.value;
  }
}

function canHeal(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'upstream_unavailable' || code === 'upstream_rate_limited';
}

/**
 * Says when to come again where it is TMDb that is away or slows us down. Trouble that stays while others get their
 * answers is about this one call: no time would heal it, and none is named.
 */
function withRetryAfter(error: unknown, status: UpstreamStatus): unknown {
  if (!(error instanceof NexusError) || !canHeal(error) || error.retryAfterMs !== undefined) return error;
  if (error.code === 'upstream_unavailable' && status.circuit === 'closed') return error;
  return new NexusError(error.code, error.message, {
    cause: error.cause,
    retryAfterMs: defaultRetryAfterMs,
  });
}
