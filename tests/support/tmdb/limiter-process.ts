import { Redis } from 'ioredis';
import { openLimiter } from '#worker/tmdb/limiter/limiter.ts';
import { watchStalls } from '../stalls.ts';
import { rememberingLog } from './test-log.ts';

/**
 * One worker of several: keeps 16 calls waiting for so long, then prints when its grants were, and how it was held up.
 * Its own clock is ahead by so much, and after a second it is set by so much more; the grants are told by the true one.
 */
const [port, maxRps, durationMs, aheadMs = 0, stepMs = 0] = process.argv.slice(2).map(Number);
const trueNow = Date.now;
const begun = performance.now();
Date.now = () => trueNow() + aheadMs + (performance.now() - begun > 1000 ? stepMs : 0);
const redis = new Redis({ port: port ?? 6379, maxRetriesPerRequest: null });
const stalls = watchStalls(redis);
const grants: number[] = [];
const limiter = openLimiter({
  maxRps: maxRps ?? 40,
  redis,
  log: rememberingLog().log,
  onGrant: () => grants.push(trueNow()),
});
const stop = AbortSignal.timeout(durationMs ?? 1000);
const one = async () => {
  while (!stop.aborted) await limiter.run(async () => {}, { signal: stop }).catch(() => {});
};
await Promise.all(Array.from({ length: 16 }, one));
stalls[Symbol.dispose]();
await limiter[Symbol.asyncDispose]();
redis.disconnect();
// What a clock that was put back left waiting would keep the process for as long.
process.stdout.write(JSON.stringify({ grants, stalls: stalls.read() }), () => process.exit(0));
