import { NexusError } from '#shared/errors.ts';
import type { Queues } from '#shared/queues/queue.ts';
import { within } from '#shared/within.ts';

export const maxPendingMisses = 1000;
const countedForMs = 250;
const countTimeoutMs = 2000;
const settleMs = 500;
const retryAfterMs = 5000;

export interface MissBudget {
  /**
   * Runs an enqueue if there is room for one more.
   * @param maxPending fewer for those who need not have it now
   * @throws {NexusError} `unavailable`
   */
  spend(enqueue: () => Promise<unknown>, maxPending?: number): Promise<void>;
  /** Whether the queue may hold some that need not be had now: some were counted, or this process has added one since. */
  readonly mayHoldUnhurried: boolean;
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
  const unhurried = { counted: true, addedSince: false };
  const adding = new Set<Promise<unknown>>();
  let counting: Promise<void> | undefined;

  const count = async () => {
    // The queue may hold already what is still being added, which must not count twice.
    await within(settleMs, Promise.allSettled(adding)).catch(() => {});
    const startedAtMs = now();
    addedSince = 0;
    unhurried.addedSince = false;
    const asked = queues.queue('on-demand').getJobCounts('waiting', 'active', 'delayed', 'prioritized');
    const held = await within(countTimeoutMs, asked);
    counted = Object.values(held).reduce((sum, n) => sum + n, 0);
    unhurried.counted = (held.prioritized ?? 0) > 0;
    countedAtMs = startedAtMs;
  };

  return {
    get mayHoldUnhurried() {
      return unhurried.counted || unhurried.addedSince;
    },
    async spend(enqueue, maxPending = maxPendingMisses) {
      if (Math.abs(now() - countedAtMs) > countedForMs) {
        counting ??= count().finally(() => {
          counting = undefined;
        });
        await counting.catch(refuseWithoutQueue);
      }
      if (counted + addedSince + adding.size >= maxPending)
        throw new NexusError(
          'unavailable',
          'Too many movies are waiting to be fetched. Please try again soon.',
          {
            retryAfterMs,
          },
        );
      if (maxPending < maxPendingMisses) unhurried.addedSince = true;
      const added = enqueue().catch(refuseWithoutQueue);
      adding.add(added);
      try {
        await added;
        addedSince++;
      } finally {
        adding.delete(added);
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
