import { NexusError } from '#shared/errors.ts';
import type { Queues } from '#shared/jobs/queue.ts';
import { within } from '#shared/within.ts';

export const maxPendingMisses = 1000;
const countedForMs = 250;
const countTimeoutMs = 2000;
const retryAfterMs = 5000;

export interface MissBudget {
  /** Runs an enqueue if there is room for one more. @throws {NexusError} `unavailable` */
  spend(enqueue: () => Promise<unknown>): Promise<void>;
}

/**
 * How many movies may be waiting to be fetched: what the queue holds, counted now and then, plus what this process
 * has added since or is adding.
 */
export function createMissBudget(deps: { queues: Pick<Queues, 'queue'>; now: () => number }): MissBudget {
  const { queues, now } = deps;
  let counted = 0;
  let countedAtMs = Number.NEGATIVE_INFINITY;
  let addedSince = 0;
  let adding = 0;
  let counting: Promise<void> | undefined;

  const count = async () => {
    const startedAtMs = now();
    addedSince = 0;
    const held = queues.queue('on-demand').getJobCounts('waiting', 'active', 'delayed', 'prioritized');
    counted = Object.values(await within(countTimeoutMs, held)).reduce((sum, n) => sum + n, 0);
    countedAtMs = startedAtMs;
  };

  return {
    async spend(enqueue) {
      if (now() - countedAtMs > countedForMs) {
        counting ??= count().finally(() => {
          counting = undefined;
        });
        await counting.catch(refuseWithoutQueue);
      }
      if (counted + addedSince + adding >= maxPendingMisses)
        throw new NexusError(
          'unavailable',
          'Too many movies are waiting to be fetched. Please try again soon.',
          {
            retryAfterMs,
          },
        );
      adding++;
      try {
        await enqueue().catch(refuseWithoutQueue);
        addedSince++;
      } finally {
        adding--;
      }
    },
  };
}

function refuseWithoutQueue(error: unknown): never {
  throw new NexusError('unavailable', 'Movies cannot be fetched right now. Please try again soon.', {
    retryAfterMs,
    cause: error,
  });
}
