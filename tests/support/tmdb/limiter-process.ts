import { Redis } from 'ioredis';
import { openLimiter } from '#worker/tmdb/limiter/limiter.ts';
import { rememberingLog } from './test-log.ts';

/** One worker of several: keeps 16 calls waiting for so long, then prints when its grants were. */
const [port, maxRps, durationMs] = process.argv.slice(2).map(Number);
const redis = new Redis({ port: port ?? 6379, maxRetriesPerRequest: null });
const grants: number[] = [];
const limiter = openLimiter({
  maxRps: maxRps ?? 40,
  redis,
  log: rememberingLog().log,
  onGrant: (at) => grants.push(at),
});
const stop = AbortSignal.timeout(durationMs ?? 1000);
const one = async () => {
  while (!stop.aborted) await limiter.run(async () => {}, { signal: stop }).catch(() => {});
};
await Promise.all(Array.from({ length: 16 }, one));
await limiter[Symbol.asyncDispose]();
redis.disconnect();
process.stdout.write(JSON.stringify(grants));
