import { LRUCache } from 'lru-cache';
import { codeOf } from '#shared/errors.ts';
import { type FetchJobName, jobs } from '#shared/jobs/catalog.ts';
import { mostEntries } from '#shared/most-entries.ts';
import type { EnqueueOptions, Queues } from '#shared/queues/queue.ts';
import type { FetchThrottle } from './fetch-throttle.ts';
import type { FetchWatch, WaitOutcome } from './fetch-watch.ts';
import { createHurriedMisses } from './hurried-misses.ts';
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
  /** What fetches it: a movie, unless it says something else. */
  job?: FetchJobName;
  queues: Pick<Queues, 'enqueue' | 'queue'>;
  budget: MissBudget;
  throttle: FetchThrottle;
  watch: FetchWatch;
  waitMs: number;
  now: () => number;
}

/** For this long later requests join a job, which does not count for their limit. */
const askedForMs = 30_000;
/**
 * So often those who join queue it again, which changes nothing while it is there: the queue may have lost it, or it
 * was just ending when it was asked for.
 */
const againAfterMs = 1000;
const troubledForMs = 5000;
const remembered = 10_000;
/**
 * Movies that no reader waits for, and those of somebody who asks for very many, leave half of the places to the others
 * and come after them.
 */
const maxPendingUnhurried = maxPendingMisses / 2;
const { unhurriedPriority } = jobs['movies.fetch'];

/** What was asked for, and when it was last seen to be in the queue. */
interface Asked {
  done: Promise<void>;
  queuedMs: number;
  isHurried: boolean;
}

export function createOnDemand(deps: OnDemandDeps): OnDemand {
  const { queues, budget, throttle, watch, waitMs, now, job = 'movies.fetch' } = deps;
  const asked = new LRUCache<number, Asked>({ ...mostEntries(remembered), ttl: askedForMs });
  /** What nobody waited for: who names it again and again does not have it queued each time. */
  const wanted = new LRUCache<number, true>({ ...mostEntries(remembered), ttl: askedForMs });
  const troubled = new LRUCache<number, true>({ ...mostEntries(remembered), ttl: troubledForMs });

  const takeHurry = createHurriedMisses();

  const enqueue = (tmdbId: number, options: EnqueueOptions = {}) =>
    queues.enqueue(job, { tmdbId, requestedAt: now() }, options);

  /** What waited for no reader comes before all that waits for none. One that began meanwhile is in no line any more. */
  const hurry = async (jobId: string): Promise<void> => {
    const queued = await queues.queue('on-demand').getJob(jobId);
    if (queued !== undefined && queued.priority > 0) await queued.changePriority({ priority: 0 });
  };

  const enqueueForReader = async (tmdbId: number): Promise<void> => {
    const jobId = await enqueue(tmdbId);
    // The reader waits for the movie alone. Where nothing waits for no reader, neither does this.
    if (budget.mayHoldUnhurried) hurry(jobId).catch(() => {});
  };

  const spend = (tmdbId: number, isHurried: boolean): Promise<void> =>
    isHurried
      ? budget.spend(() => enqueueForReader(tmdbId))
      : budget.spend(() => enqueue(tmdbId, { priority: unhurriedPriority }), maxPendingUnhurried);

  const ask = async (tmdbId: number, address: string, isHurried: boolean): Promise<void> => {
    await throttle(address);
    await spend(tmdbId, isHurried);
  };

  const keepAsked = (tmdbId: number, done: Promise<void>, isHurried: boolean) => {
    const mine = { done, queuedMs: performance.now(), isHurried };
    asked.set(tmdbId, mine);
    done.catch(() => {
      if (asked.peek(tmdbId) === mine) asked.delete(tmdbId);
    });
    return done;
  };

  const queueAgain = (tmdbId: number, earlier: Asked, address: string) => {
    if (performance.now() - earlier.queuedMs < againAfterMs) return;
    earlier.queuedMs = performance.now();
    earlier.isHurried ||= takeHurry(address);
    // It is only made sure of: where there is no room, or no queue, they wait as they would have.
    spend(tmdbId, earlier.isHurried).catch(() => {});
  };

  const askOnce = (tmdbId: number, address: string): Promise<void> => {
    const earlier = asked.get(tmdbId);
    if (earlier === undefined) {
      const isHurried = takeHurry(address);
      return keepAsked(tmdbId, ask(tmdbId, address, isHurried), isHurried);
    }
    queueAgain(tmdbId, earlier, address);
    return earlier.done.catch((error) => {
      // Somebody else's throttle is not this caller's.
      if (codeOf(error) === 'too_many_requests') return askOnce(tmdbId, address);
      throw error;
    });
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
      if (asked.has(tmdbId) || wanted.has(tmdbId) || troubled.has(tmdbId)) return;
      await spend(tmdbId, false);
      wanted.set(tmdbId, true);
    },
    forget(tmdbId) {
      asked.delete(tmdbId);
      wanted.delete(tmdbId);
      troubled.delete(tmdbId);
    },
    remember(tmdbId) {
      asked.delete(tmdbId);
      wanted.delete(tmdbId);
      troubled.set(tmdbId, true);
    },
  };
}
