import { storeTroubleOf } from '#shared/db/store-away.ts';

interface GatherOptions<Asked, Found> {
  /** Reads for several at once, and answers in their order. */
  readAll: (asked: readonly Asked[]) => Promise<readonly Found[]>;
  /** The same for a lone one, where that is less work. */
  readOne?: (asked: Asked) => Promise<Found>;
  /** Batches that may be under way before others wait for one to end. */
  mostUnderWay?: number;
  /** Fewer wait for the batch that is under way, and go together then. */
  fewestBeside?: number;
  mostInBatch?: number;
  /** Nobody waits longer than this for a batch to end. */
  mostWaitMs?: number;
}

/** For reads by key: a batch costs so little that two small ones at a time would only be dearer. */
export const byKey = { mostUnderWay: 2, fewestBeside: 32, mostWaitMs: 10 };

interface Waiting<Asked, Found> {
  asked: Asked;
  resolve: (found: Found) => void;
  reject: (error: unknown) => void;
}

/**
 * Reads that come while others are under way go together, so that many cost little more than one. A lone one goes at
 * once, and alone. What makes one fail does not fail those that went with it: each is read again by itself.
 */
export function gatherReads<Asked, Found>({
  readAll,
  readOne = (asked) => readAll([asked]).then(([found]) => found as Found),
  mostUnderWay = 2,
  fewestBeside = 1,
  mostInBatch = 32,
  mostWaitMs = 50,
}: GatherOptions<Asked, Found>): (asked: Asked) => Promise<Found> {
  let waiting: Waiting<Asked, Found>[] = [];
  let underWay = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const mayStart = () =>
    underWay === 0 || (underWay < mostUnderWay && waiting.length >= Math.min(fewestBeside, mostInBatch));
  const settle = (batch: readonly Waiting<Asked, Found>[]): Promise<void> =>
    readAll(batch.map(({ asked }) => asked)).then(
      (found) => {
        for (const [at, one] of batch.entries()) one.resolve(found[at] as Found);
      },
      async (error) => {
        // To ask again, and each by itself, would only be more for a store that is in trouble.
        const isShared = batch.length === 1 || storeTroubleOf(error) !== undefined;
        if (isShared) for (const one of batch) one.reject(error);
        else await Promise.all(batch.map((one) => settle([one])));
      },
    );
  const start = () => {
    const batch = waiting.slice(0, mostInBatch);
    waiting = waiting.slice(mostInBatch);
    if (waiting.length === 0) {
      clearTimeout(timer);
      timer = undefined;
    }
    underWay++;
    void settle(batch).then(ended);
  };
  const ended = () => {
    underWay--;
    if (waiting.length > 0 && mayStart()) start();
  };
  const startLate = () => {
    timer = undefined;
    while (waiting.length > 0) start();
  };

  return (asked) => {
    if (underWay === 0 && waiting.length === 0) {
      underWay++;
      const found = readOne(asked);
      found.then(ended, ended);
      return found;
    }
    return new Promise<Found>((resolve, reject) => {
      waiting.push({ asked, resolve, reject });
      if (mayStart()) start();
      else timer ??= setTimeout(startLate, mostWaitMs);
    });
  };
}
