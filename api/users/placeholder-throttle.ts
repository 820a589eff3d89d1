import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import { NexusError } from '#shared/errors.ts';
import { userKey } from '../throttles/throttle-key.ts';

/** How many movies one user may name in a day that nobody named before. */
export const placeholderLimit = { name: 'placeholders', points: 5000, durationSeconds: 86_400 } as const;

/** @throws {NexusError} `too_many_requests`; what was refused does not count */
export type PlaceholderThrottle = (userId: string, movies: number) => Promise<void>;

/** @param limit `undefined`: none */
export function createPlaceholderThrottle(limit: RateLimiterAbstract | undefined): PlaceholderThrottle {
  return async (userId, movies) => {
    if (limit === undefined || movies === 0) return;
    try {
      await limit.consume(userKey(userId), movies);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      await limit.reward(userKey(userId), movies);
      throw new NexusError(
        'too_many_requests',
        'Too many movies that nobody has named before were named today. Please try again later.',
        { retryAfterMs: refusal.msBeforeNext },
      );
    }
  };
}
