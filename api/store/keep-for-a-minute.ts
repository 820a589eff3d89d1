import type { Pool } from 'pg';

const goodForMs = 60_000;

/**
 * What is as of a minute ago at most, of each pool. Who asks while it is read shares the reading, and one that failed is
 * not kept.
 */
export function keepForAMinute<Value>(read: (pool: Pool) => Promise<Value>): (pool: Pool) => Promise<Value> {
  const known = new WeakMap<Pool, { atMs: number; value: Promise<Value> }>();
  return (pool) => {
    const kept = known.get(pool);
    if (kept !== undefined && performance.now() - kept.atMs < goodForMs) return kept.value;
    const value = read(pool);
    known.set(pool, { atMs: performance.now(), value });
    value.catch(() => known.delete(pool));
    return value;
  };
}
