import type { Log } from '#shared/log.ts';
import type { Queues } from '#shared/queues/queue.ts';

export interface DiscoveryDeps {
  queues: Pick<Queues, 'enqueue'>;
  log: Log;
}

/** Asks the worker for movies of what a user prefers. A queue that is away costs nothing: the next save asks again. */
export function createDiscovery({ queues, log }: DiscoveryDeps): (userId: string) => void {
  return (userId) =>
    void queues
      .enqueue('preferences.discover', { userId })
      .catch((error: unknown) =>
        log.debug({ err: error }, 'movies of a user’s preferences were not asked for'),
      );
}
