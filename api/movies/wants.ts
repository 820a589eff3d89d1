import type { Log } from '#shared/log.ts';
import type { OnDemand } from './on-demand.ts';
import type { UpstreamStatus } from './upstream-status.ts';

/** What one process keeps in mind; the rest is left to the `details` job. */
const maxWaiting = 5000;
const batchSize = 500;

export interface Wants {
  /**
   * Has movies fetched that users named. Never waits and never fails. If there is no room, the `details` job
   * fetches them later, because it looks for all movies that users touched.
   */
  want(tmdbIds: readonly number[]): void;
}

interface WantsDeps {
  /** Which of these have to be asked for at all. */
  select: (tmdbIds: number[]) => Promise<number[]>;
  onDemand: Pick<OnDemand, 'want'>;
  upstream: Pick<UpstreamStatus, 'read'>;
  stopping: AbortSignal;
  log: Log;
}

export function createWants({ select, onDemand, upstream, stopping, log }: WantsDeps): Wants {
  const waiting = new Set<number>();
  let running = false;

  const takeBatch = (): number[] => {
    const batch = [...waiting.values().take(batchSize)];
    for (const id of batch) waiting.delete(id);
    return batch;
  };

  const run = async () => {
    try {
      while (waiting.size > 0 && !stopping.aborted && !(await upstream.read()).away)
        for (const id of await select(takeBatch())) {
          if (stopping.aborted) return;
          await onDemand.want(id);
        }
    } catch (error) {
      log.debug({ err: error, left: waiting.size }, 'movies of users are left to the details job');
    } finally {
      waiting.clear();
      running = false;
    }
  };

  return {
    want(tmdbIds) {
      for (const id of tmdbIds) if (waiting.size < maxWaiting) waiting.add(id);
      if (running || waiting.size === 0) return;
      running = true;
      void run();
    },
  };
}
