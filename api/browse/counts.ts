import { LRUCache } from 'lru-cache';

/** A count is believed for so many times what it took to make: counting takes at most a five-hundredth of the time. */
const believedTimes = 500;
const believedAtMostMs = 60_000;
const mostCounts = 2000;
const mostLists = 200;

type KeepCostly<Value> = (key: string, read: () => Promise<Value>) => Promise<Value>;

export type Count = KeepCostly<number>;

/**
 * Counts that were costly are kept for a while, and cheap ones are not; who asks meanwhile shares the counting.
 * @param keeps false: every request pays for its own, as the first one of a minute does
 */
export const keepCounts = (keeps = true): Count => keepCostly(mostCounts, keeps);

/** The same for lists of up to 10,000 ids, and what was found with them. */
export const keepLists = <List = number[]>(keeps = true): KeepCostly<List> => keepCostly(mostLists, keeps);

function keepCostly<Value>(mostKept: number, keeps: boolean): KeepCostly<Value> {
  if (!keeps) return (_key, read) => read();
  const kept = new LRUCache<string, Promise<Value>>({ max: mostKept, ttl: believedAtMostMs });
  return (key, read) => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const startedAt = performance.now();
    const reading = read();
    kept.set(key, reading);
    reading.then(
      () => {
        const tookMs = performance.now() - startedAt;
        const ttl = Math.max(1, Math.round(Math.min(believedAtMostMs, tookMs * believedTimes)));
        if (kept.peek(key) === reading) kept.set(key, reading, { ttl });
      },
      () => kept.peek(key) === reading && kept.delete(key),
    );
    return reading;
  };
}
