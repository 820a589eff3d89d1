import type { BenchContext, BenchReport, BenchRow } from './bench.ts';
import { followSandbox } from './freshness/follow-sandbox.ts';
import { type Simulated, type Simulation, simulate } from './freshness/simulate.ts';

const mostWrong = 0.01;
/** Real and simulated may differ by this much: both throw dice. */
const agreement = 0.25;
const percent = (part: number) => part * 100;

/** How much of the mirror is wrong at any time: simulated with the service's planner, and with its jobs over a sandbox. */
export async function benchFreshness({ smoke, postgres, say }: BenchContext): Promise<BenchReport> {
  const large: Simulation = {
    movies: smoke ? 20_000 : 1_000_000,
    days: smoke ? 20 : 365,
    changedPerDay: 0.05,
    perSecond: smoke ? 0.6 : 30,
    // The fewer movies are refreshed without a reason, the more depends on the feed.
    sparePercent: smoke ? 50 : 5,
    hasFeed: true,
    seed: 1,
  };
  const small = {
    movies: smoke ? 300 : 2000,
    days: smoke ? 0.25 : 2,
    changedPerDay: smoke ? 1 : 0.2,
    seed: 1,
  };
  say(`${large.days} days of ${large.movies} movies, simulated`);
  const year = simulate(large);
  say('the same without the feed');
  const blind = simulate({ ...large, days: 20, sparePercent: 50, hasFeed: false });
  say(`${small.days} days of ${small.movies} movies, with the jobs themselves`);
  await using database = await postgres.database();
  const real = await followSandbox({ ...small, database, spareCallsPerSecond: 0 });
  if (real.wrongAtEnd > 0) throw new Error(`${real.wrongAtEnd} changed movies never came right`);
  const alike = simulate({ ...small, perSecond: small.movies, sparePercent: 0, hasFeed: true });
  const differs = Math.abs(real.meanWrong / alike.meanWrong - 1);
  if (!smoke && differs > agreement)
    throw new Error(`the jobs (${real.meanWrong}) and the simulation (${alike.meanWrong}) do not agree`);
  return {
    rows: [
      ...rowsOf(`${large.days} days, ${large.movies} movies`, year),
      row('without the feed: wrong, on average', blind.meanWrong),
      row(
        `the jobs over ${small.movies} movies, ${real.changes} changes: wrong, on average`,
        real.meanWrong,
        {
          limit: percent(alike.meanWrong),
          limitIs: 'simulated',
        },
      ),
    ],
    data: 'invented movies, of which 5 % change a day',
  };
}

const row = (what: string, part: number, more: Partial<BenchRow> = {}): BenchRow => ({
  what,
  measured: percent(part),
  unit: '%',
  ...more,
});

function rowsOf(of: string, { meanWrong, worstWrong, callsPerDay }: Simulated): BenchRow[] {
  const promised = (part: number) => ({ target: 'less than 1 %', met: part < mostWrong });
  return [
    row(`${of}: wrong, on average`, meanWrong, promised(meanWrong)),
    row(`${of}: wrong, at the worst minute`, worstWrong, promised(worstWrong)),
    ...Object.entries(callsPerDay).map(([kind, measured]) => ({
      what: `calls for ${kind}`,
      measured,
      unit: 'a day',
    })),
  ];
}
