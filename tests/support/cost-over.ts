import { cpuMsOf } from './cpu-ms-of.ts';
import { leastOf } from './least-of.ts';

type Work = () => Promise<unknown> | unknown;

interface Compared {
  /** What takes less than about a millisecond has to be done again and again within a round. */
  work: Work;
  plain: Work;
  /** The first round that ends with less is the last. */
  enough: number;
}

/** What `plain` costs is not known before. */
const leastRounds = 3;

/**
 * How many times as much processor time `work` takes as `plain`. Each is measured in turn and told by its cheapest round, so
 * that a machine which is busy in the meantime, or has to warm up first, costs rounds but not the test.
 */
export async function costOver({ work, plain, enough }: Compared): Promise<number> {
  const cheapest = { work: Number.POSITIVE_INFINITY, plain: Number.POSITIVE_INFINITY };
  const look = async () => {
    cheapest.plain = Math.min(cheapest.plain, await cpuMsOf(plain));
    cheapest.work = Math.min(cheapest.work, await cpuMsOf(work));
  };
  for (let round = 1; round < leastRounds; round++) await look();
  let ratio = Number.POSITIVE_INFINITY;
  await leastOf(
    async () => {
      await look();
      ratio = cheapest.work / cheapest.plain;
      return ratio;
    },
    { enough },
  );
  return ratio;
}
