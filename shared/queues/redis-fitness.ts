import type { Redis } from 'ioredis';
import { StoreAwayError } from '../db/store-away.ts';

const leastVersion = 5;

export const noCluster =
  'is a Redis Cluster, which does not work here: give a single server, or sentinels (docs/operations/scale.md).';

/** The first word of what a Redis says that is there, but takes no writes now. */
const trouble: Record<string, string> = {
  READONLY: 'it is a replica, which takes no writes: name the server that takes them',
  OOM: 'it is full (maxmemory): give it more memory',
  MISCONF: 'it cannot save to its disk, and so takes no writes',
  MASTERDOWN: 'it is a replica that has lost its primary',
  NOREPLICAS: 'too few of its replicas are there to take writes',
};

/** A Redis that answers, but cannot do what the queue needs until somebody mends it. */
export class RedisUnfitError extends StoreAwayError {}

/** Why no queue can be here, whoever waits; `undefined`: it can. In words for an operator. */
export async function redisUnfitness(redis: Redis): Promise<string | undefined> {
  const info = await infoOf(redis);
  const version = info.get('redis_version') ?? '';
  if (Number.parseInt(version, 10) < leastVersion)
    return `is version ${version}: it must be ${leastVersion} or newer.`;
  if (info.get('redis_mode') === 'cluster') return noCluster;
  return undefined;
}

/** What may be lost here, for a worker's operator; `undefined`: nothing. */
export async function redisRisk(redis: Redis): Promise<string | undefined> {
  const policy = (await infoOf(redis)).get('maxmemory_policy') ?? 'noeviction';
  return policy === 'noeviction'
    ? undefined
    : `may throw jobs away when it is full (maxmemory-policy ${policy}). Set its maxmemory-policy to noeviction.`;
}

/** @throws {RedisUnfitError} with the reason, where a write is refused for now */
export async function tryWriting(redis: Redis, key: string): Promise<void> {
  try {
    await redis.set(key, '', 'PX', 1000);
  } catch (error) {
    const reason = trouble[String((error as Error).message).split(' ')[0] ?? ''];
    throw reason === undefined ? error : new RedisUnfitError(reason, { cause: error });
  }
}

/** Nothing where we may not ask, or where another server has no such answer. */
async function infoOf(redis: Redis): Promise<ReadonlyMap<string, string>> {
  const text = await redis.info().catch(() => '');
  return new Map(
    text.split('\r\n').flatMap((line) => {
      const [, name, value] = /^(\w+):(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );
}
