import { Redis } from 'ioredis';
import { createLog } from '#shared/log.ts';
import { openLimiter } from '#worker/tmdb/limiter/limiter.ts';
import { speakWithParent } from '../child-program.ts';

/** One process that wants more slots of the shared limiter than there are, and notes when it was granted one. */
const redis = new Redis(process.env.REDIS_URL ?? '', { maxRetriesPerRequest: null });
let grants: number[] = [];
const limiter = openLimiter({
  maxRps: Number(process.env.MAX_RPS),
  redis,
  log: createLog({ level: 'warn', name: 'bench-grants' }),
  onGrant: (epochMs) => void grants.push(epochMs),
});
const { signal } = new AbortController();
const lane = async () => {
  // About as long as a call to the sandbox takes.
  for (;;) await limiter.run(() => Bun.sleep(5), { signal });
};
for (let n = 0; n < 16; n++) void lane();

/** Asked anything, it tells the grants since it was last asked. */
speakWithParent('up', () => {
  const told = grants;
  grants = [];
  return told;
});
