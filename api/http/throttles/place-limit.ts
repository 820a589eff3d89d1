import { consumeAll } from './consume-all.ts';
import type { Limit } from './limit.ts';
import type { LimitOptions } from './open-limits.ts';
import { placesOf } from './throttle-key.ts';

/** How much more than one address the networks around it may do: whoever holds a /48 has 65,536 addresses to call from. */
const shares = [
  { suffix: '', times: 1 },
  { suffix: '-56', times: 2 },
  { suffix: '-48', times: 5 },
] as const;

/** A limit of an address, and the wider ones of the IPv6 networks that it is in, in the order of `placesOf`. */
export const placeLimitsOf = ({ name, points, durationSeconds }: LimitOptions): LimitOptions[] =>
  shares.map(({ suffix, times }) => ({ name: name + suffix, points: points * times, durationSeconds }));

/** Counts against all of them. @throws {NexusError} `too_many_requests` */
export type CountPlace = (address: string, points?: number) => Promise<void>;

/** @param limitOf opens a limit; `undefined` where limits are switched off */
export function openPlaceLimit(
  limitOf: (options: LimitOptions) => Limit | undefined,
  options: LimitOptions,
  message: string,
): CountPlace {
  const limits = placeLimitsOf(options).map(limitOf);
  return (address, points = 1) => {
    const counted = placesOf(address).map((key, at) => ({ limit: limits[at], key }));
    return consumeAll(counted.reverse(), { points, message });
  };
}
