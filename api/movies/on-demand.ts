import { LRUCache } from 'lru-cache';
import { codeOf } from '#shared/errors.ts';
import { jobs } from '#shared/jobs/catalog.ts';
import type { EnqueueOptions, Queues } from '#shared/queues/queue.ts';
import type { FetchThrottle } from './fetch-throttle.ts';
import type { FetchWatch, WaitOutcome } from './fetch-watch.ts';
import { type MissBudget, maxPendingMisses } from './miss-budget.ts';

export interface OnDemand {
  /**
   * Has a movie fetched, together with all who ask for it, and waits a bounded time for news.
   * @param waitMs another time than what readers of `/api` wait
   */
  fetch(tmdbId: number, address: string, waitMs?: number): Promise<WaitOutcome>;
  /**
   * Has a movie fetched that no reader waits for: after those that readers wait for, and while there is room.
   * @throws {NexusError} `unavailable`
   */
  want(tmdbId: number): Promise<void>;
  /** The movie has changed: the next request that misses it asks again. */
  forget(tmdbId: number): void;
  /** TMDb did not answer for this movie: for a while, requests for it do not wait. */
  remember(tmdbId: number): void;
}

interface OnDemandDeps {
  queues: Pick<Queues, 'enqueue'>;
  budget: MissBudget;
  throttle: FetchThrottle;
  watch: FetchWatch;
  waitMs: number;
  now: () => number;
}

/** For this long a job is not queued again: later requests join it, which does not count for their limit. */
const askedForMs = 30_000;
const troubledForMs = 5000;
const remembered = 10_000;
/** Movies that no reader waits for leave half of the places to those that readers wait for. */
const maxPendingWanted = maxPendingMisses / 2;
const { unhurriedPriority } = jobs['movies.fetch'];

export function createOnDemand(deps: OnDemandDeps): OnDemand {
  const { queues, budget, throttle, watch, waitMs, now } = deps;
  const asked = new LRUCache<number, Promise<void>>({ max: remembered, ttl: askedForMs });
  const troubled = new LRUCache<number, true>({ max: remembered, ttl: troubledForMs });

  const enqueue = (tmdbId: number, options: EnqueueOptions = {}) =>
    queues.enqueue('movies.fetch', { tmdbId, requestedAt: now() }, options);

  const ask = async (tmdbId: number, address: string): Promise<void> => {
    await throttle(address);
    await budget.spend(() => enqueue(tmdbId));
  };

  const keepAsked = (tmdbId: number, mine: Promise<void>) => {
    asked.set(tmdbId, mine);
    mine.catch(() => {
      if (asked.peek(tmdbId) === mine) asked.delete(tmdbId);
    });
    return mine;
  };

  const askOnce = (tmdbId: number, address: string): Promise<void> => {
    const earlier = asked.get(tmdbId);
    if (earlier !== undefined)
      return earlier.catch((error) => {
        // Somebody else's throttle is not this caller's.
        if (codeOf(error) === 'too_many_requests') return askOnce(tmdbId, address);
        throw error;
      });
    return keepAsked(tmdbId, ask(tmdbId, address));
  };

  return {
    async fetch(tmdbId, address, thisWaitMs = waitMs) {
      if (troubled.has(tmdbId)) return 'trouble';
      // Watching begins before asking: the worker may be quicker than the answer of the queue.
      const outcome = watch.wait(tmdbId, thisWaitMs);
      await askOnce(tmdbId, address);
      return outcome;
    },
    async want(tmdbId) {
      if (asked.has(tmdbId) || troubled.has(tmdbId)) return;
      await budget.spend(() => enqueue(tmdbId, { priority: unhurriedPriority }), maxPendingWanted);
    },
    forget(tmdbId) {
      asked.delete(tmdbId);
      troubled.delete(tmdbId);
    },
    remember(tmdbId) {
      asked.delete(tmdbId);
      troubled.set(tmdbId, true);
    },
  };
}
