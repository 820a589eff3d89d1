import type { Limit } from './limit.ts';
import type { OpenLimit } from './open-limits.ts';
import { userKey } from './throttle-key.ts';

export interface KnownLimits {
  openLimit: OpenLimit;
  /** What was counted for a user who is gone. What cannot be reached now ends with its window. Does not throw. */
  forgetUser(userId: string): Promise<void>;
}

/** Opens limits, and knows all that it has opened. */
export function createKnownLimits(open: OpenLimit): KnownLimits {
  const opened: Limit[] = [];
  return {
    openLimit(options) {
      const limit = open(options);
      opened.push(limit);
      return limit;
    },
    async forgetUser(userId) {
      for (const limit of opened) await limit.delete(userKey(userId)).catch(() => {});
    },
  };
}
