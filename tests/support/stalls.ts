import type { Redis } from 'ioredis';
import { threadCpuMs } from './thread-cpu-ms.ts';

/** For how long (milliseconds) other programs kept us from working. */
export interface Stalls {
  /** Of each stall what is longer than a tenth of a second. */
  lostMs: number;
  longestMs: number;
}

/** A turn this much later than asked for is in time. */
const inTimeMs = 2;
/** What a stall of so long cost can be made up for. */
const madeUpMs = 100;
const everyMs = 5;

/**
 * Looks again and again how much later than asked for this process has its turn and Redis answers, less what the process
 * itself worked meanwhile: so a test can say what is due from a busy machine.
 */
export function watchStalls(redis: Redis): Disposable & { read(): Stalls } {
  const stalls: Stalls = { lostMs: 0, longestMs: 0 };
  let isOver = false;
  const look = async () => {
    while (!isOver) {
      const [began, worked] = [performance.now(), threadCpuMs()];
      await Bun.sleep(everyMs);
      await redis.ping().catch(() => {});
      const lateMs = performance.now() - began - everyMs - inTimeMs - (threadCpuMs() - worked);
      if (lateMs <= 0) continue;
      stalls.lostMs += Math.max(0, lateMs - madeUpMs);
      stalls.longestMs = Math.max(stalls.longestMs, lateMs);
    }
  };
  void look();
  return {
    read: () => ({ ...stalls }),
    [Symbol.dispose]: () => {
      isOver = true;
    },
  };
}
