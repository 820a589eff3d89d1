import { consume } from '../http/throttles/consume.ts';
import type { Limit } from '../http/throttles/limit.ts';
import { userKey } from '../http/throttles/throttle-key.ts';

/** How many files one user may have imported in a day. */
export const importLimit = { name: 'imports', points: 20, durationSeconds: 86_400 } as const;

/** How many one user may have read: a file that is refused costs time, too. */
export const importFileLimit = { name: 'import-files', points: 60, durationSeconds: 86_400 } as const;

export interface ImportThrottle {
  /** A file comes to be read. @throws {NexusError} `too_many_requests` */
  countFile(userId: string): Promise<void>;
  /** @throws {NexusError} `too_many_requests` */
  take(userId: string): Promise<void>;
  /** It came to nothing. */
  giveBack(userId: string): Promise<void>;
}

const refusal = { message: 'Too many imports today. Please come back tomorrow.' };

interface ImportLimits {
  imports: Limit | undefined;
  files: Limit | undefined;
}

/** `undefined`: no limit. */
export function createImportThrottle({ imports, files }: ImportLimits): ImportThrottle {
  return {
    countFile: (userId) => consume(files, userKey(userId), refusal),
    take: (userId) => consume(imports, userKey(userId), refusal),
    async giveBack(userId) {
      await imports?.reward(userKey(userId)).catch(() => {});
    },
  };
}
