import { mostInASecond } from '#tests/support/tmdb/most-in-a-second.ts';
import type { BenchContext, BenchReport, BenchRow } from './bench.ts';
import { averagePerSecond, median } from './statistics.ts';
import { measureArrivals } from './sync/measure-arrivals.ts';

/** The most that a full sync has to keep up with, and the memory it has to do with. */
const maxRps = 150;
const leastAverage = 0.93 * maxRps;
const mostMib = 512;
/** As TMDb's answers come from far away. */
const answersTakeMs = [100, 120, 140, 160, 180, 200];
/** Its memory may be so much more at the end than in the middle, or it has no end. */
const mostGrowthMib = 64;

/** A full sync for minutes, at a high rate and with slow answers: no second over the rate, no 429, bounded memory. */
export async function benchSyncSoak({ smoke, postgres, say }: BenchContext): Promise<BenchReport> {
  const ms = smoke ? 8000 : 180_000;
  say(`a full sync at ${maxRps} a second for ${ms / 1000} s`);
  const { times, refused, refusedBefore, worker } = await measureArrivals({
    ...{ postgres, workers: 1, redisUrl: undefined, maxRps, sandboxMaxRps: maxRps, ms, answersTakeMs },
    movies: smoke ? 5000 : 45_000,
    // Behind what the lists name: `details` is at the export then.
    from: 800,
  });
  const average = averagePerSecond(times);
  const most = mostInASecond(times);
  const third = Math.floor(worker.mib.length / 3);
  const growthMib = median(worker.mib.slice(-third)) - median(worker.mib.slice(third, 2 * third));
  const rows: BenchRow[] = [
    {
      ...{ what: 'calls on average', measured: average, unit: '/s', limit: maxRps, limitIs: 'TMDB_MAX_RPS' },
      ...{ target: `≥ ${leastAverage}`, met: average >= leastAverage },
      note: `${times.length} calls, answered in ${answersTakeMs.at(0)} to ${answersTakeMs.at(-1)} ms`,
    },
    {
      ...{ what: 'most in any second', measured: most, unit: 'calls', limit: maxRps },
      ...{ limitIs: 'TMDB_MAX_RPS', target: `≤ ${maxRps}`, met: most <= maxRps },
    },
    {
      ...{ what: 'refused with 429', measured: refused + refusedBefore, unit: 'calls', target: '0' },
      met: refused + refusedBefore === 0,
    },
    {
      ...{ what: 'memory of the worker, at most', measured: worker.peakMib, unit: 'MiB', limit: mostMib },
      ...{ limitIs: 'what it may take', target: `≤ ${mostMib}`, met: worker.peakMib <= mostMib },
      note: `every tenth of the time: ${tenthsOf(worker.mib).join(', ')}`,
    },
    {
      ...{ what: 'memory, last third over the second', measured: growthMib, unit: 'MiB' },
      ...{ target: `≤ ${mostGrowthMib}`, met: growthMib <= mostGrowthMib },
    },
    {
      ...{ what: 'processor time of the worker', measured: worker.cpuMs / times.length, unit: 'ms a call' },
      ...{ limit: 1000 / maxRps, limitIs: 'what a call may take' },
    },
  ];
  return { rows, data: 'the sandbox with invented movies, 25 KB of JSON each; queues in PostgreSQL' };
}

const tenthsOf = (each: readonly number[]) =>
  Array.from({ length: 10 }, (_, at) => (each[Math.floor((at * each.length) / 10)] ?? 0).toFixed(0));
