import { readFileSync } from 'node:fs';

/** For how long this thread, meanwhile, could have worked but had no processor: others had it. */
export async function keptFromProcessorMs(work: () => Promise<unknown>): Promise<number> {
  const before = keptMs();
  await work();
  return keptMs() - before;
}

/** Linux counts it in nanoseconds, as the second number. */
const keptMs = () => Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[1]) / 1e6;
