import { LRUCache } from 'lru-cache';
import { mostEntries } from '#shared/most-entries.ts';
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
/**
 * What one account does again and again, such as signing in and out: of each kind as much as nobody does in earnest. Of
 * each kind apart, so that nobody can hide one act behind many others.
 */
const sizeOfRepeated: BucketSize = { burst: 60, perSecond: 0.02 };
const maxRepeated = 5000;
/** How often it is said how many were dropped: a line of its own. */
const saidEveryMs = 60_000;
/** Lines in memory, while the store does not take them. */
const maxWaiting = 2000;

interface BudgetedEvent {
  of: EventClass;
  /** The address, or the network of IPv6. */
  place: string;
  /** Who did what to their own account; `undefined` for what administrators do: only what all do together bounds that. */
  repeated: string | undefined;
}

export interface EventBudget {
  take(event: BudgetedEvent, waiting: number): boolean;
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
  const acts = new LRUCache<string, Bucket>(mostEntries(maxRepeated));
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
  const takeOf = (buckets: typeof places, key: string, size: BucketSize): boolean => {
    const bucket = buckets.get(key) ?? full(size);
    buckets.set(key, bucket);
    return takeFrom(bucket, size);
  };
  const takeOwn = ({ of, place, repeated }: BudgetedEvent): boolean => {
    if (of !== 'done') return takeOf(places, `${of} ${place}`, sizesOfPlace[of]);
    return repeated === undefined || takeOf(acts, repeated, sizeOfRepeated);
  };

  return {
    take(event, waiting) {
      const { of } = event;
      const isIn = waiting < maxWaiting && takeOwn(event) && takeFrom(shared[of], sizes[of]);
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
