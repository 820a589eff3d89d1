import { consume } from '../http/throttles/consume.ts';
import type { Limit } from '../http/throttles/limit.ts';
import type { LimitOptions } from '../http/throttles/open-limits.ts';
import { openPlaceLimit } from '../http/throttles/place-limit.ts';
import { userKey } from '../http/throttles/throttle-key.ts';
import type { Namer } from '../users/writing/namer-throttles.ts';

const day = { durationSeconds: 86_400 } as const;
/** How many files one user may have imported in a day. */
const importLimit = { name: 'imports', points: 20, ...day } as const;
/** How many one user may have read: a file that is refused costs time, too. */
const fileLimit = { name: 'import-files', points: 60, ...day } as const;
/** The same of an address, over all its users: many accounts are not many times the limit. */
const addressFileLimit = { name: 'address-import-files', points: 300, ...day } as const;
/** How many rows of files an address may have kept, over all its users. */
const addressRowLimit = { name: 'address-import-rows', points: 1_000_000, ...day } as const;

export interface ImportThrottle {
  /** A file comes to be read. @throws {NexusError} `too_many_requests` */
  countFile(sender: Namer): Promise<void>;
  /** So many rows are going to be kept. @throws {NexusError} `too_many_requests` */
  take(sender: Namer, rows: number): Promise<void>;
  /** It came to nothing. */
  giveBack(userId: string): Promise<void>;
}

const message = 'Too many imports today. Please come back tomorrow.';

/** @param limitOf opens a limit; `undefined` where limits are switched off */
export function createImportThrottle(limitOf: (options: LimitOptions) => Limit | undefined): ImportThrottle {
  const imports = limitOf(importLimit);
  const files = limitOf(fileLimit);
  const countPlace = openPlaceLimit(limitOf, addressFileLimit, message);
  const countRows = openPlaceLimit(limitOf, addressRowLimit, message);
  const giveBack: ImportThrottle['giveBack'] = async (userId) => {
    await imports?.reward(userKey(userId)).catch(() => {});
  };
  return {
    async countFile({ userId, address }) {
      await consume(files, userKey(userId), { message });
      await countPlace(address);
    },
    async take({ userId, address }, rows) {
      await consume(imports, userKey(userId), { message });
      try {
        await countRows(address, rows);
      } catch (refusal) {
        await giveBack(userId);
        throw refusal;
      }
    },
    giveBack,
  };
}
