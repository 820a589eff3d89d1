import { LRUCache } from 'lru-cache';
import type { SecurityOutcome } from '#shared/security/security-event.ts';

interface Bucket {
  tokens: number;
  at: number;
}

interface BucketSize {
  burst: number;
  perSecond: number;
}

/** `throttle` apart from other refusals: a flood of requests must not hide who guessed passwords. */
export type EventClass = SecurityOutcome | 'throttle';

/** Whoever is refused can be refused as often as they like: few of those are written. */
const sizes: Record<EventClass, BucketSize> = {
  done: { burst: 1000, perSecond: 20 },
  refused: { burst: 300, perSecond: 2 },
  throttle: { burst: 100, perSecond: 0.5 },
};
/** So that one address, or one network of IPv6, cannot use up what is for all. */
const sizesOfPlace: Record<Exclude<EventClass, 'done'>, BucketSize> = {
  refused: { burst: 30, perSecond: 0.1 },
  throttle: { burst: 3, perSecond: 0.003 },
};
const maxPlaces = 2000;
/** How often it is said how many were dropped: a line of its own. */
const saidEveryMs = 60_000;
/** Lines in memory, while the store does not take them. */
const maxWaiting = 2000;

export interface EventBudget {
  /** @param place the address, or the network of IPv6 */
  take(of: EventClass, place: string, waiting: number): boolean;
  /** How many were dropped since that was last said; 0 where that was a moment ago. */
  takeDropped(): number;
  /** The newest are let go where there are too many. */
  keep<T>(lines: T[]): T[];
}

/** Bounds how much an attacker can make one process write, in any length of time. */
export function createEventBudget(now: () => number): EventBudget {
  const full = (size: BucketSize): Bucket => ({ tokens: size.burst, at: now() });
  const shared = {
    done: full(sizes.done),
    refused: full(sizes.refused),
    throttle: full(sizes.throttle),
  };
  const places = new LRUCache<string, Bucket>({ max: maxPlaces });
  let dropped = 0;
  let saidAt = Number.NEGATIVE_INFINITY;

  const takeFrom = (bucket: Bucket, { burst, perSecond }: BucketSize): boolean => {
    const at = now();
    bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, at - bucket.at) / 1000) * perSecond);
    bucket.at = at;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  };
  const takeOfPlace = (of: keyof typeof sizesOfPlace, place: string): boolean => {
    const [key, size] = [`${of} ${place}`, sizesOfPlace[of]];
    const bucket = places.get(key) ?? full(size);
    places.set(key, bucket);
    return takeFrom(bucket, size);
  };

  return {
    take(of, place, waiting) {
      const isIn =
        waiting < maxWaiting && (of === 'done' || takeOfPlace(of, place)) && takeFrom(shared[of], sizes[of]);
      if (!isIn) dropped += 1;
      return isIn;
    },
    takeDropped() {
      if (dropped === 0 || Math.abs(now() - saidAt) < saidEveryMs) return 0;
      saidAt = now();
      const count = dropped;
      dropped = 0;
      return count;
    },
    keep(lines) {
      dropped += Math.max(0, lines.length - maxWaiting);
      return lines.slice(0, maxWaiting);
    },
  };
}
