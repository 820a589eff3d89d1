import { LRUCache } from 'lru-cache';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { mostEntries } from '#shared/most-entries.ts';
import type { Limit } from './limit.ts';

interface MemoryLimitOptions {
  points: number;
  durationSeconds: number;
  /** Callers whose counts are kept: those who asked last. */
  remembered?: number;
  nowMs?: () => number;
}

interface Window {
  used: number;
  endMs: number;
}

/**
 * A limit that one process counts for itself. However many callers there are, it takes no more memory and needs no
 * timer. Whoever goes on asking is among those who asked last, so that nobody is forgotten while they are refused.
 */
export function memoryLimit({
  points,
  durationSeconds,
  remembered = 10_000,
  nowMs = () => performance.now(),
}: MemoryLimitOptions): Limit {
  const windows = new LRUCache<string, Window>(mostEntries(remembered));
  const add = (key: string, change: number): RateLimiterRes => {
    const now = nowMs();
    const known = windows.get(key);
    const isFirst = known === undefined || known.endMs <= now;
    const window = isFirst ? { used: 0, endMs: now + durationSeconds * 1000 } : known;
    if (isFirst) windows.set(key, window);
    window.used += change;
    return new RateLimiterRes(Math.max(points - window.used, 0), window.endMs - now, window.used, isFirst);
  };
  return {
    points,
    duration: durationSeconds,
    async consume(key, change = 1) {
      const counted = add(String(key), change);
      if (counted.consumedPoints > points) throw counted;
      return counted;
    },
    reward: async (key, change = 1) => add(String(key), -change),
    delete: async (key) => windows.delete(String(key)),
  };
}
