import type { BenchRow } from '../bench.ts';
import { startChildProgram } from '../child-program.ts';
import { peakMemoryMib } from '../process-figures.ts';
import type { ComputeCosts } from './compute-program.ts';
import type { Amount } from './invent-interactions.ts';

const amounts: Amount[] = [
  { users: 2000, movies: 4000, perUser: 50 },
  { users: 5000, movies: 10_000, perUser: 60 },
  { users: 20_000, movies: 20_000, perUser: 50 },
];
const small: Amount[] = [{ users: 1200, movies: 300, perUser: 10 }];

/** How the arithmetic of the job `neighbours` grows, each size in a process of its own. */
export async function measureGrowth(smoke: boolean): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const amount of smoke ? small : amounts) {
    await using child = await startChildProgram('./recommendations/compute-program.ts');
    const { interactions, seconds, cpuSeconds } = (await child.ask(amount)) as ComputeCosts;
    const memory = Math.round(await peakMemoryMib(child.pid));
    const { users, movies } = amount;
    rows.push({
      what: `arithmetic of neighbours: ${users} users, ${movies} movies`,
      measured: seconds,
      unit: 's',
      note: `${interactions} interactions, ${cpuSeconds.toFixed(1)} s of processor, at most ${memory} MiB`,
    });
  }
  return rows;
}
