import { within } from '#shared/within.ts';

export interface Flushing extends AsyncDisposable {
  /** Writes what came since the last time. If a write is running, waits for that one instead. */
  flush(): Promise<void>;
}

interface FlushEveryOptions {
  /** Never fails: what cannot be written is kept for the next time. */
  write: () => Promise<void>;
  everyMs: number;
  /** After the last writing. */
  atEnd?: () => Promise<unknown>;
}

const lastFlushTimeoutMs = 1000;

/** Writes from time to time until disposed, and then once more, with a short time limit. */
export function flushEvery({ write, everyMs, atEnd }: FlushEveryOptions): Flushing {
  let underWay: Promise<void> | undefined;
  const flush = () => {
    underWay ??= write().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
  const timer = setInterval(flush, everyMs);
  const end = async () => {
    // What runs already may have begun before the last came.
    await underWay;
    await flush();
    await atEnd?.();
  };
  return {
    flush,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await within(lastFlushTimeoutMs, end()).catch(() => {});
    },
  };
}
