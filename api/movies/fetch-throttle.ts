import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { NexusError } from '#shared/errors.ts';

const fetchesPerMinute = 300;

/** @throws {NexusError} `too_many_requests` */
export type FetchThrottle = (address: string) => Promise<void>;

/** How many movies one address may have fetched that nobody asked for before. */
export function createFetchThrottle(on: boolean, points = fetchesPerMinute): FetchThrottle {
  if (!on) return async () => {};
  const limiter = new RateLimiterMemory({ points, duration: 60 });
  return async (address) => {
    try {
      await limiter.consume(address);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new NexusError('too_many_requests', 'Too many movies were asked for that are not mirrored yet.', {
        retryAfterMs: refusal.msBeforeNext,
      });
    }
  };
}
