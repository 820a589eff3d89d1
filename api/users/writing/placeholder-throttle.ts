import { codeOf } from '#shared/errors.ts';
import { consume } from '../../http/throttles/consume.ts';
import type { Limit } from '../../http/throttles/limit.ts';
import type { LimitOptions } from '../../http/throttles/open-limits.ts';
import { openPlaceLimit } from '../../http/throttles/place-limit.ts';
import { userKey } from '../../http/throttles/throttle-key.ts';

/** How many movies one user may name in a day that nobody named before. */
const userLimit = { name: 'placeholders', points: 5000, durationSeconds: 86_400 } as const;
/** The same of an address, over all its users: many accounts are not many times the limit. */
const addressLimit = { name: 'address-placeholders', points: 25_000, durationSeconds: 86_400 } as const;

/** Who names movies, and from where. */
export interface Namer {
  userId: string;
  address: string;
}

/** @throws {NexusError} `too_many_requests`; what was refused to a user does not count */
export type PlaceholderThrottle = (namer: Namer, movies: number) => Promise<void>;

const message = 'You named too many movies today that are new to this service. Please try again later.';

export function createPlaceholderThrottle(
  limitOf: (options: LimitOptions) => Limit | undefined,
): PlaceholderThrottle {
  const limit = limitOf(userLimit);
  const countPlace = openPlaceLimit(limitOf, addressLimit, message);
  return async ({ userId, address }, movies) => {
    if (movies === 0) return;
    const key = userKey(userId);
    try {
      await consume(limit, key, { points: movies, message });
      await countPlace(address, movies);
    } catch (refusal) {
      if (codeOf(refusal) === 'too_many_requests') await limit?.reward(key, movies);
      throw refusal;
    }
  };
}
