import type { Limit } from '../http/throttles/limit.ts';
import type { LimitOptions } from '../http/throttles/open-limits.ts';
import { type CountPlace, openPlaceLimit } from '../http/throttles/place-limit.ts';

/** How many movies one address may have fetched that nobody asked for before. */
const fetchLimit = { name: 'fetches', points: 300, durationSeconds: 60 } as const;

/** @throws {NexusError} `too_many_requests` */
export type FetchThrottle = CountPlace;

const message = 'You asked for too many movies that are not mirrored yet. Please slow down.';

export const createFetchThrottle = (limitOf: (options: LimitOptions) => Limit | undefined): FetchThrottle =>
  openPlaceLimit(limitOf, fetchLimit, message);
