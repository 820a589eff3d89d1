import { hasRedis, testRedis } from '#tests/support/redis.ts';
import type { BenchContext, BenchReport, BenchRow } from './bench.ts';
import { averagePerSecond, mostInAnySecond } from './statistics.ts';
import { type Arrivals, measureArrivals } from './sync/measure-arrivals.ts';
import { measureGrants } from './sync/measure-grants.ts';

const maxRps = 40;
/** TMDb's own limit, as the sandbox plays it: what is paced exactly may still arrive a little bunched. */
const sandboxMaxRps = 44;
const leastAverage = 38;
/** The most that a full sync has to keep up with, and the memory it has to do with. */
const fullSync = { maxRps: 150, sandboxMaxRps: 165, leastAverage: 142, mostMib: 512 };

/** The rate of calls to TMDb against the allowed one, as the sandbox sees it and as the limiter itself counts. */
export async function benchSyncRate({ smoke, postgres, say }: BenchContext): Promise<BenchReport> {
  const ms = smoke ? 3000 : 25_000;
  const arrivals = { postgres, maxRps, sandboxMaxRps, ms };
  say(`a full sync at ${fullSync.maxRps} a second`);
  const full = await measureArrivals({ ...arrivals, ...fullSync, workers: 1, redisUrl: undefined });
  const rows = [...arrivalRows(`full sync, ${fullSync.maxRps}/s`, full, fullSync), ...workerRows(full, ms)];
  if (!smoke || !hasRedis) {
    say('1 worker, queues in PostgreSQL');
    const alone = await measureArrivals({ ...arrivals, workers: 1, redisUrl: undefined });
    rows.push(...arrivalRows('1 worker, no Redis', alone));
  }
  for (const workers of hasRedis ? (smoke ? [2] : [1, 2, 4]) : []) {
    const who = `${workers} worker${workers > 1 ? 's' : ''} on Redis`;
    say(who);
    await using redis = await testRedis();
    rows.push(...arrivalRows(who, await measureArrivals({ ...arrivals, workers, redisUrl: redis.url })));
    say(`${workers} limiters on Redis`);
    const grants = { processes: workers, redisUrl: redis.url, maxRps, warmUpMs: smoke ? 1500 : 3000, ms };
    rows.push(...grantRows(who, await measureGrants(grants)));
  }
  if (!hasRedis) say('NO redis-server ON THIS MACHINE: NOTHING WAS MEASURED ABOUT SEVERAL WORKERS');
  const data =
    'the sandbox with 20,000 invented movies; `details` is one job of one worker, the others fetch what readers asked for';
  return { rows, data: hasRedis ? data : `${data}; no redis-server: one worker only` };
}

const usual = { maxRps, sandboxMaxRps, leastAverage };

function arrivalRows(
  who: string,
  { times, refused, refusedBefore }: Arrivals,
  { maxRps, sandboxMaxRps, leastAverage } = usual,
): BenchRow[] {
  const average = averagePerSecond(times);
  const most = mostInAnySecond(times);
  return [
    {
      what: `${who}: calls on average`,
      measured: average,
      unit: '/s',
      limit: maxRps,
      limitIs: 'TMDB_MAX_RPS',
      target: `≥ ${leastAverage}`,
      met: average >= leastAverage,
      note: `${times.length} calls`,
    },
    {
      what: `${who}: most in any second, seen by the sandbox`,
      measured: most,
      unit: 'calls',
      limit: sandboxMaxRps,
      limitIs: 'the sandbox allows',
      target: `≤ ${sandboxMaxRps}`,
      met: most <= sandboxMaxRps,
    },
    {
      what: `${who}: refused with 429`,
      measured: refused,
      unit: 'calls',
      target: '0',
      met: refused === 0,
      note: `${refusedBefore} in the seconds after the start`,
    },
  ];
}

/** @throws {Error} when the worker takes more memory than it may */
function workerRows({ times, worker }: Arrivals, ms: number): BenchRow[] {
  const { maxRps, mostMib } = fullSync;
  const what = `full sync, ${maxRps}/s: `;
  if (worker.peakMib > mostMib)
    throw new Error(`${what}the worker took ${worker.peakMib.toFixed(0)} MiB of ${mostMib}`);
  return [
    {
      what: `${what}memory of the worker`,
      measured: worker.peakMib,
      unit: 'MiB',
      limit: mostMib,
      limitIs: 'what it may take',
      target: `≤ ${mostMib}`,
      met: true,
    },
    {
      what: `${what}processor time of the worker`,
      measured: worker.cpuMs / times.length,
      unit: 'ms a call',
      limit: 1000 / maxRps,
      limitIs: 'what a call may take',
      note: `${((100 * worker.cpuMs) / ms).toFixed(0)} % of a processor`,
    },
  ];
}

function grantRows(who: string, grants: readonly number[]): BenchRow[] {
  const most = mostInAnySecond(grants);
  return [
    {
      what: `${who}: most grants in any second`,
      measured: most,
      unit: 'grants',
      limit: maxRps,
      limitIs: 'TMDB_MAX_RPS',
      target: `≤ ${maxRps}`,
      met: most <= maxRps,
      note: `${averagePerSecond(grants).toFixed(1)} a second on average; limiters alone, by their own clock`,
    },
  ];
}
