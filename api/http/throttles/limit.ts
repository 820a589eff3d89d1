import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import type { AskStore } from './store-watch.ts';

/** A limit, as far as those who count against it need to know. */
export type Limit = Pick<RateLimiterAbstract, 'points' | 'duration' | 'consume' | 'reward' | 'delete'>;

interface InsuredLimit {
  /** What all processes share. */
  shared: Limit;
  /** This process's own. */
  own: Limit;
  ask: AskStore;
}

/** Counts in the shared store, and for this process alone while that cannot or does not answer. */
export function insuredLimit({ shared, own, ask }: InsuredLimit): Limit {
  const count = async <T>(act: (limit: Limit) => Promise<T>): Promise<T> => {
    try {
      return await ask(() => act(shared));
    } catch (failure) {
      if (failure instanceof RateLimiterRes) throw failure;
      return act(own);
    }
  };
  return {
    points: shared.points,
    duration: shared.duration,
    consume: (key, points) => count((limit) => limit.consume(key, points)),
    reward: (key, points) => count((limit) => limit.reward(key, points)),
    delete: (key) => count((limit) => limit.delete(key)),
  };
}
