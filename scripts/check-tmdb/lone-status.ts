import { setTimeout as sleep } from 'node:timers/promises';
import { pauseMs } from '#worker/tmdb/upstream/upstream-backoff.ts';
import { stoppedError, upstreamError } from '#worker/tmdb/upstream/upstream-error.ts';
import type { CallOutcome } from '#worker/tmdb/upstream/upstream-state.ts';
import type { UpstreamStatus } from '#worker/tmdb/upstream/upstream-status.ts';

/** No pause is waited for that is longer than this. */
const maxPauseWaitMs = 15_000;

/** How TMDb is doing, for one process that has no database to share it in: a 429 pauses all calls. */
export interface LoneStatus extends UpstreamStatus {
  /** What the last call told of TMDb. */
  readonly last: CallOutcome | undefined;
}

export function createLoneStatus(): LoneStatus {
  let last: CallOutcome | undefined;
  let pausedUntil = 0;
  let pauses = 0;
  const pausedForMs = () => Math.max(0, pausedUntil - performance.now());
  return {
    circuit: 'closed',
    get last() {
      return last;
    },
    async pass(signal) {
      const waitMs = pausedForMs();
      if (waitMs > maxPauseWaitMs)
        throw upstreamError('upstream_rate_limited', { what: 'all calls are paused', retryAfterMs: waitMs });
      await sleep(waitMs, undefined, { signal }).catch(() => {
        throw stoppedError();
      });
    },
    doubt: async () => {},
    mayCall: () => pausedForMs() === 0,
    report(outcome) {
      last = outcome;
      if (outcome.kind === 'success') pauses = 0;
      if (outcome.kind !== 'rate-limited') return;
      pausedUntil = performance.now() + (outcome.retryAfterMs ?? pauseMs(pauses, Math.random()));
      pauses += 1;
    },
    recover() {},
    refresh: () => Promise.resolve(),
    probeWith() {},
    async [Symbol.asyncDispose]() {},
  };
}
