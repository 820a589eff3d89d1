import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import { NexusError } from '#shared/errors.ts';
import { addressKey } from '../throttles/throttle-key.ts';

/** How many movies one address may have fetched that nobody asked for before. */
export const fetchLimit = { name: 'fetches', points: 300, durationSeconds: 60 } as const;

/** @throws {NexusError} `too_many_requests` */
export type FetchThrottle = (address: string) => Promise<void>;

/** @param limit `undefined`: none */
export function createFetchThrottle(limit: RateLimiterAbstract | undefined): FetchThrottle {
  return async (address) => {
    try {
      await limit?.consume(addressKey(address));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new NexusError('too_many_requests', 'Too many movies were asked for that are not mirrored yet.', {
        retryAfterMs: refusal.msBeforeNext,
      });
    }
  };
}
