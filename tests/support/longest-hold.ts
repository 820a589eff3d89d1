import { threadCpuMs } from './thread-cpu-ms.ts';

/**
 * The most processor time (milliseconds) that this thread took while nothing else could have its turn. What other
 * programs take of the processor meanwhile does not count.
 */
export async function longestHold(work: () => Promise<unknown>): Promise<number> {
  let [longest, last, isOver] = [0, threadCpuMs(), false];
  const look = () => {
    const now = threadCpuMs();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isOver) setImmediate(look);
  };
  setImmediate(look);
  await work();
  await new Promise((resolve) => setImmediate(resolve));
  isOver = true;
  return longest;
}
