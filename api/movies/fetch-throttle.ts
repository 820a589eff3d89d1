import { consume } from '../http/throttles/consume.ts';
import type { Limit } from '../http/throttles/limit.ts';
import { addressKey } from '../http/throttles/throttle-key.ts';

/** How many movies one address may have fetched that nobody asked for before. */
export const fetchLimit = { name: 'fetches', points: 300, durationSeconds: 60 } as const;

/** @throws {NexusError} `too_many_requests` */
export type FetchThrottle = (address: string) => Promise<void>;

const refusal = { message: 'You asked for too many movies that are not mirrored yet. Please slow down.' };

/** @param limit `undefined`: none */
export function createFetchThrottle(limit: Limit | undefined): FetchThrottle {
  return (address) => consume(limit, addressKey(address), refusal);
}
