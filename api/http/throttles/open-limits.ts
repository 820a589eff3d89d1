import type { Redis } from 'ioredis';
import type { Pool, QueryConfig } from 'pg';
import { RateLimiterPostgres, RateLimiterRedis } from 'rate-limiter-flexible';
import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { insuredLimit, type Limit } from './limit.ts';
import { memoryLimit } from './memory-limit.ts';
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
/** Somebody with many addresses writes many rows: none stays for long when its window is over. */
const forgetEveryMs = 60_000;
const forgetAfterMs = 60_000;

interface LimitStores {
  pool: Pool;
  redis: Redis | undefined;
  /** The database's clock. */
  now: () => number;
  stopping: AbortSignal;
}

/** In Redis where there is one, else in PostgreSQL; while the store is away each process counts for itself. */
export function openLimits({ pool, redis, now, stopping }: LimitStores): OpenLimit {
  const ask = createStoreWatch({ answerMs, pauseMs });
  if (redis === undefined) forgetExpired({ pool, now, stopping });
  const storeClient = redis ?? byTheClock(pool, now);
  return ({ name, points, durationSeconds: duration }) => {
    const options = { keyPrefix: `nexus-${name}`, points, duration, storeClient };
    const shared =
      redis === undefined
        ? new RateLimiterPostgres({
            ...options,
            storeType: 'pool',
            tableName: 'rate_limits',
            tableCreated: true,
            // Each of them would clear the whole table, and hold on to the pool for good.
            clearExpiredByTimeout: false,
          })
        : new RateLimiterRedis({
            ...options,
            rejectIfRedisNotReady: true,
            customIncrTtlLuaScript: countScript,
          });
    return insuredLimit({ shared, own: memoryLimit({ points, durationSeconds: duration }), ask });
  };
}

/**
 * What is no count, or ends later than its window, begins anew: a clock of Redis's that was ahead made it, or somebody
 * else did. As the package has it, such a key would refuse its caller for as long, or could not be counted at all.
 */
const countScript = `
  local windowMs = 1000 * ARGV[2]
  local ttl = redis.call('pttl', KEYS[1])
  local isText = redis.call('type', KEYS[1]).ok == 'string'
  local count = isText and redis.call('get', KEYS[1]) or ''
  if ttl <= 0 or ttl > windowMs or #count > 15 or not string.match(count, '^%-?%d+$') then
    redis.call('set', KEYS[1], 0, 'PX', windowMs)
    ttl = windowMs
  end
  return { redis.call('incrby', KEYS[1], ARGV[1]), ttl }
`;

/** Longer than any window. A row that ends later was written when the clock was wrong. */
const longestMs = 25 * 3_600_000;
/** Only epoch milliseconds are as large: points are not. */
const isTime = (value: unknown): value is number => typeof value === 'number' && value > 1e12;

/**
 * The pool, for a package that counts by the process's own clock: its times are put into those of `now` and back. A
 * query that no caller waits for any more must not hold a connection.
 */
const byTheClock = (pool: Pool, now: () => number) => ({
  async query(asked: QueryConfig) {
    const aheadMs = Math.round(Date.now() - now());
    const values = asked.values?.map((value: unknown) => (isTime(value) ? value - aheadMs : value));
    const query = { ...asked, ...(values === undefined ? {} : { values }), query_timeout: answerMs };
    const answer = await pool.query<{ expire?: string | number | null }>(query);
    for (const row of answer.rows) {
      if (row.expire == null) continue;
      if (Number(row.expire) > now() + longestMs) forgetWrong(pool, now() + longestMs);
      row.expire = Number(row.expire) + aheadMs;
    }
    return answer;
  },
});

function forgetExpired({ pool, now, stopping }: Omit<LimitStores, 'redis'>): void {
  const forget = () =>
    runStatement(pool, sql`delete from rate_limits where expire < ${Math.round(now() - forgetAfterMs)}`, {
      timeoutMs: answerMs,
    }).catch(() => {});
  const timer = setInterval(forget, forgetEveryMs);
  timer.unref();
  stopping.addEventListener('abort', () => clearInterval(timer), { once: true });
}

/** Nobody waits for it: whoever met such a row passes the next time. */
function forgetWrong(pool: Pool, afterMs: number): void {
  const statement = sql`delete from rate_limits where expire > ${Math.round(afterMs)}`;
  runStatement(pool, statement, { timeoutMs: answerMs }).catch(() => {});
}
