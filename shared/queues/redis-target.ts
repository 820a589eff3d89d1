import { Redis, type RedisOptions } from 'ioredis';
import type { SentinelTarget } from '../config.ts';
import { redisReason } from './redis-reason.ts';

type Options = Omit<RedisOptions, 'replyMapping'>;

/** A Redis, however it is found. */
export interface RedisTarget {
  open: (options: Options) => Redis;
  /** For operators: no credentials. */
  name: string;
  /** Why it does not serve us, as far as that can be told. */
  reason: () => Promise<string | undefined>;
}

/** How long one sentinel may take to say where the Redis is. */
const sentinelMs = 2000;

export function redisAt(url: string): RedisTarget {
  const { hostname, port } = new URL(url);
  return {
    open: (options) => new Redis(url, options),
    name: `Redis at REDIS_URL (${hostname}:${port || 6379})`,
    reason: () => redisReason(url),
  };
}

/**
 * The sentinels are asked with each connection. ioredis' `failoverDetector` stays off: a failover that it hears of while
 * it connects ends its connection for good.
 */
export function redisBehind(target: SentinelTarget): RedisTarget {
  const { sentinels, name, username, password, sentinelPassword } = target;
  const places = sentinels.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`);
  const behind: Options = {
    sentinels: [...sentinels],
    name,
    role: 'master',
    sentinelCommandTimeout: sentinelMs,
    sentinelRetryStrategy: (tries) => Math.min(tries * 200, 1000),
    // One that became a replica takes no writes: the sentinels know who does.
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
  };
  return {
    open: (options) => new Redis({ ...behind, ...options }),
    name: `Redis ${name} at REDIS_SENTINELS (${places.join(', ')})`,
    reason: async () => undefined,
  };
}
