import { codeOf } from '#shared/errors.ts';
import { consume } from '../../http/throttles/consume.ts';
import type { Limit } from '../../http/throttles/limit.ts';
import { userKey } from '../../http/throttles/throttle-key.ts';

/** How many movies one user may name in a day that nobody named before. */
export const placeholderLimit = { name: 'placeholders', points: 5000, durationSeconds: 86_400 } as const;

/** @throws {NexusError} `too_many_requests`; what was refused does not count */
export type PlaceholderThrottle = (userId: string, movies: number) => Promise<void>;

const message = 'You named too many movies today that are new to this service. Please try again later.';

/** @param limit `undefined`: none */
export function createPlaceholderThrottle(limit: Limit | undefined): PlaceholderThrottle {
  return async (userId, movies) => {
    if (limit === undefined || movies === 0) return;
    try {
      await consume(limit, userKey(userId), { points: movies, message });
    } catch (refusal) {
      if (codeOf(refusal) === 'too_many_requests') await limit.reward(userKey(userId), movies);
      throw refusal;
    }
  };
}
