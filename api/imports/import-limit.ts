import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import { NexusError } from '#shared/errors.ts';
import { userKey } from '../throttles/throttle-key.ts';

/** How many files one user may have imported in a day. */
export const importLimit = { name: 'imports', points: 20, durationSeconds: 86_400 } as const;

export interface ImportThrottle {
  /** @throws {NexusError} `too_many_requests` */
  take(userId: string): Promise<void>;
  /** It came to nothing. */
  giveBack(userId: string): Promise<void>;
}

/** @param limit `undefined`: none */
export function createImportThrottle(limit: RateLimiterAbstract | undefined): ImportThrottle {
  return {
    async take(userId) {
      try {
        await limit?.consume(userKey(userId));
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        throw new NexusError('too_many_requests', 'Too many imports today. Please come back tomorrow.', {
          retryAfterMs: refusal.msBeforeNext,
        });
      }
    },
    async giveBack(userId) {
      await limit?.reward(userKey(userId)).catch(() => {});
    },
  };
}
