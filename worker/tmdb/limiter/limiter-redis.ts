import type { Redis, RedisOptions } from 'ioredis';

/** A connection on which no command waits for ever, whatever the given one (the queue's) is set to. */
export function connectLimiterRedis(redis: Redis, timeoutMs: number): Redis {
  const bounded: RedisOptions = {
    maxRetriesPerRequest: 1,
    commandTimeout: timeoutMs,
    connectTimeout: timeoutMs,
    retryStrategy: (times: number) => Math.min(100 * times, 1000),
  };
  const own: Redis = redis.duplicate<RedisOptions>(bounded);
  // Without a listener an error event would end the process; who waits hears of it by a failed command.
  own.on('error', () => {});
  return own;
}
