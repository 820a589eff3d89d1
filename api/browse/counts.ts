import { LRUCache } from 'lru-cache';

/** A count is believed for so many times what it took to make: counting takes at most a five-hundredth of the time. */
const believedTimes = 500;
const believedAtMostMs = 60_000;
const mostKept = 2000;

export type Count = (key: string, read: () => Promise<number>) => Promise<number>;

/** Counts that were costly are kept for a while, and cheap ones are not; who asks meanwhile shares the counting. */
export function keepCounts(): Count {
  const kept = new LRUCache<string, Promise<number>>({ max: mostKept, ttl: believedAtMostMs });
  return (key, read) => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const startedAt = performance.now();
    const counting = read();
    kept.set(key, counting);
    counting.then(
      () => {
        const tookMs = performance.now() - startedAt;
        const ttl = Math.max(1, Math.round(Math.min(believedAtMostMs, tookMs * believedTimes)));
        if (kept.peek(key) === counting) kept.set(key, counting, { ttl });
      },
      () => kept.peek(key) === counting && kept.delete(key),
    );
    return counting;
  };
}
