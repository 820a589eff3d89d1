import type { Redis } from 'ioredis';
import type { Pool, QueryConfig } from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRedis } from 'rate-limiter-flexible';
import { insuredLimit, type Limit } from './limit.ts';
import { createStoreWatch } from './store-watch.ts';

export interface LimitOptions {
  /** Names the limit among others in the same store. */
  name: string;
  points: number;
  durationSeconds: number;
}

/** Makes limits that all API processes share. */
export type OpenLimit = (options: LimitOptions) => Limit;

/** Every request waits for the limits, so a store that takes longer than this is not used. */
const answerMs = 1000;
/** How soon a store that was silent is asked again. */
const pauseMs = 2000;

/** In Redis where there is one, else in PostgreSQL; while the store is away each process counts for itself. */
export function openLimits({ pool, redis }: { pool: Pool; redis: Redis | undefined }): OpenLimit {
  const ask = createStoreWatch({ answerMs, pauseMs });
  const storeClient = redis ?? impatient(pool);
  return ({ name, points, durationSeconds: duration }) => {
    const options = { keyPrefix: `nexus-${name}`, points, duration, storeClient };
    const shared =
      redis === undefined
        ? new RateLimiterPostgres({
            ...options,
            storeType: 'pool',
            tableName: 'rate_limits',
            tableCreated: true,
          })
        : new RateLimiterRedis({ ...options, rejectIfRedisNotReady: true });
    const own = new RateLimiterMemory({ keyPrefix: options.keyPrefix, points, duration });
    return insuredLimit({ shared, own, ask });
  };
}

/** A query that no caller waits for any more must not hold a connection. */
const impatient = (pool: Pool) => ({
  query(asked: QueryConfig) {
    const query = { ...asked, query_timeout: answerMs };
    return pool.query(query);
  },
});
