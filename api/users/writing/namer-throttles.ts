import { codeOf } from '#shared/errors.ts';
import { consume } from '../../http/throttles/consume.ts';
import type { Limit } from '../../http/throttles/limit.ts';
import type { LimitOptions } from '../../http/throttles/open-limits.ts';
import { openPlaceLimit } from '../../http/throttles/place-limit.ts';
import { userKey } from '../../http/throttles/throttle-key.ts';
import type { Owner } from './user-transaction.ts';

const day = { durationSeconds: 86_400 } as const;

/** Who names movies, and from where. */
export interface Namer {
  userId: string;
  address: string;
}

/** One who saves what they say of these movies. */
export type SavingNamer = Namer & Owner;

/** Counts what a user brings. @throws {NexusError} `too_many_requests`; what was refused to a user does not count */
export type NamerThrottle = (namer: Namer, points: number) => Promise<void>;

interface NamerLimits {
  own: LimitOptions;
  /** Of an address, over all its users: many accounts are not many times the limit. */
  address: LimitOptions;
  message: string;
}

/** Opens a limit; `undefined` where limits are switched off. */
type LimitOf = (options: LimitOptions) => Limit | undefined;

/** How many movies may be named that nobody named before. */
export const createPlaceholderThrottle = (limitOf: LimitOf): NamerThrottle =>
  createNamerThrottle(limitOf, {
    own: { name: 'placeholders', points: 5000, ...day },
    address: { name: 'address-placeholders', points: 25_000, ...day },
    message: 'You named too many movies today that are new to this service. Please try again later.',
  });

/**
 * How many interactions may come in lists, of whatever movies: more than anybody has to say, and what an address may
 * import. One by one they are limited as requests.
 */
export const createBulkThrottle = (limitOf: LimitOf): NamerThrottle =>
  createNamerThrottle(limitOf, {
    own: { name: 'bulk-interactions', points: 100_000, ...day },
    address: { name: 'address-bulk-interactions', points: 1_000_000, ...day },
    message: 'You sent too many interactions today. Please come back tomorrow.',
  });

function createNamerThrottle(limitOf: LimitOf, { own, address, message }: NamerLimits): NamerThrottle {
  const limit = limitOf(own);
  const countPlace = openPlaceLimit(limitOf, address, message);
  return async (namer, points) => {
    if (points === 0) return;
    const key = userKey(namer.userId);
    try {
      await consume(limit, key, { points, message });
      await countPlace(namer.address, points);
    } catch (refusal) {
      if (codeOf(refusal) === 'too_many_requests') await limit?.reward(key, points);
      throw refusal;
    }
  };
}
