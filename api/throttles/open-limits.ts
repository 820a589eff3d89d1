import type { Redis } from 'ioredis';
import type { Pool } from 'pg';
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRedis,
} from 'rate-limiter-flexible';

export interface LimitOptions {
  /** Names the limit among others in the same store. */
  name: string;
  points: number;
  durationSeconds: number;
}

/** Makes limits that all API processes share. */
export type OpenLimit = (options: LimitOptions) => RateLimiterAbstract;

/** In Redis where there is one, else in PostgreSQL; while the store is away each process counts for itself. */
export function openLimits({ pool, redis }: { pool: Pool; redis: Redis | undefined }): OpenLimit {
  return ({ name, points, durationSeconds: duration }) => {
    const options = { keyPrefix: `nexus-${name}`, points, duration };
    const insuranceLimiter = new RateLimiterMemory(options);
    return redis === undefined
      ? new RateLimiterPostgres({
          ...options,
          storeClient: pool,
          storeType: 'pool',
          tableName: 'rate_limits',
          tableCreated: true,
          insuranceLimiter,
        })
      : new RateLimiterRedis({
          ...options,
          storeClient: redis,
          rejectIfRedisNotReady: true,
          insuranceLimiter,
        });
  };
}
