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

/** Whoever is refused can be refused as often as they like: few of those are written. */
const sizes: Record<SecurityOutcome, BucketSize> = {
  done: { burst: 1000, perSecond: 20 },
  refused: { burst: 300, perSecond: 2 },
};
/** So that one address cannot use up what is for all. */
const sizeOfAddress: BucketSize = { burst: 30, perSecond: 0.1 };
const maxAddresses = 2000;
/** How often it is said how many were dropped: a line of its own. */
const saidEveryMs = 60_000;
/** Lines in memory, while the store does not take them. */
const maxWaiting = 2000;

export interface EventBudget {
  take(outcome: SecurityOutcome, addressKey: string, waiting: number): boolean;
  /** How many were dropped since that was last said; 0 where that was a moment ago. */
  takeDropped(): number;
  /** The newest are let go where there are too many. */
  keep<T>(lines: T[]): T[];
}

/** Bounds how much an attacker can make one process write, in any length of time. */
export function createEventBudget(now: () => number): EventBudget {
  const full = (size: BucketSize): Bucket => ({ tokens: size.burst, at: now() });
  const shared = { done: full(sizes.done), refused: full(sizes.refused) };
  const addresses = new LRUCache<string, Bucket>({ max: maxAddresses });
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
  const takeOfAddress = (key: string): boolean => {
    const bucket = addresses.get(key) ?? full(sizeOfAddress);
    addresses.set(key, bucket);
    return takeFrom(bucket, sizeOfAddress);
  };

  return {
    take(outcome, addressKey, waiting) {
      const isIn =
        waiting < maxWaiting &&
        (outcome === 'done' || takeOfAddress(addressKey)) &&
        takeFrom(shared[outcome], sizes[outcome]);
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
