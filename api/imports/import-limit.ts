import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { consume } from '../throttles/consume.ts';
import { userKey } from '../throttles/throttle-key.ts';

/** How many files one user may have imported in a day. */
export const importLimit = { name: 'imports', points: 20, durationSeconds: 86_400 } as const;

export interface ImportThrottle {
  /** @throws {NexusError} `too_many_requests` */
  take(userId: string): Promise<void>;
  /** It came to nothing. */
  giveBack(userId: string): Promise<void>;
}

const refusal = { message: 'Too many imports today. Please come back tomorrow.' };

/** @param limit `undefined`: none */
export function createImportThrottle(limit: RateLimiterAbstract | undefined): ImportThrottle {
  return {
    take: (userId) => consume(limit, userKey(userId), refusal),
    async giveBack(userId) {
      await limit?.reward(userKey(userId)).catch(() => {});
    },
  };
}
