import type { Database } from '#shared/orm/database.ts';
import { putSnapshot, putTrending } from '#tests/support/api/movie-fixture.ts';
import type { BenchContext, BenchReport, BenchRow } from './bench.ts';
import { crowdUserId } from './neighbours/fill-crowd.ts';
import { type ApiService, startApiService } from './processes/api-service.ts';
import { mirroredIds } from './reads/fill-movies.ts';
import type { PlotName } from './results/plots.ts';
import { fillSize, type Size } from './sizes/fill-size.ts';
import { openCallers } from './sizes/open-callers.ts';
import {
  laneNames,
  type Pass,
  ratioOf,
  readWithNewServers,
  waitNames,
} from './sizes/read-with-new-servers.ts';
import { median, middleBy } from './statistics.ts';

const sizesOf = (movies: number[]): Size[] =>
  movies.map((count) => ({ movies: count, users: Math.round(count / 10) }));

const whole = {
  sizes: sizesOf([1000, 10_000, 100_000, 1_000_000]),
  passes: 5,
  rounds: 3,
  roundMs: 500,
  starts: 5,
  asks: 30,
};
const small = { sizes: sizesOf([200]), passes: 1, rounds: 1, roundMs: 100, starts: 1, asks: 3 };
/** Movies that readers of nothing cached ask for. */
const mostPaths = 50_000;

/** Every figure of the service as movies and users grow: a thousand times more must not be felt. */
export async function benchSizes({ smoke, postgres, say }: BenchContext): Promise<BenchReport> {
  const pace = smoke ? small : whole;
  const bySize: BenchRow[][] = [];
  for (const size of pace.sizes) {
    await using database = await postgres.database();
    say(`filling ${size.movies} movies and ${size.users} users`);
    const startedAt = performance.now();
    const interactions = await fillSize(database, size);
    say(`${((performance.now() - startedAt) / 1000).toFixed(0)} s, ${interactions} interactions; measuring`);
    bySize.push(await measure(database, size, pace));
  }
  const named = pace.sizes.map(({ movies, users }) => `${movies} movies and ${users} users`);
  return {
    rows: [...growthRows(bySize), ...bySize.flat()],
    data: `${named.join(', ')}; titles and names mixed from those of the sandbox, about 20 interactions a user, all written by COPY or in sets`,
  };
}

async function measure(database: Database, size: Size, pace: typeof whole): Promise<BenchRow[]> {
  const { pool } = database;
  const ids = (await mirroredIds(database)).slice(0, mostPaths);
  const paths = Array.from(ids, (id) => `/api/movies/${id}`);
  await putTrending(pool, 'week', [...ids.slice(0, 20)]);
  await putSnapshot(pool, 'genres', 19);
  const row = rowsOf(size);

  const starts: Pick<ApiService, 'firstAnswerMs' | 'firstAnswerCpuMs'>[] = [];
  while (starts.length < pace.starts) {
    await using service = await startApiService(database, { path: paths[0] ?? '', processes: 1 });
    starts.push(service);
  }
  const callers = await openCallers(
    pool,
    Array.from({ length: pace.asks }, (_, n) => crowdUserId(n)),
  );
  const passes: Pass[] = [];
  while (passes.length < pace.passes)
    passes.push(await readWithNewServers(database, { ...pace, paths, callers }));
  const { rows: disk } = await pool.query<{ mib: number }>(
    'select pg_database_size(current_database()) / 1048576.0::float8 as mib',
  );
  return [
    ...laneNames.map((name) => {
      // Processes of one program differ by a fifth for as long as they live.
      const { micros, limit } = middleBy(
        passes.map(({ lanes }) => lanes[name]),
        ratioOf,
      );
      const limitIs = name === 'cold movie' ? 'key select, the stored answer' : 'bare route, the hot movie';
      return row('cpu-by-size', name, micros, { limit, limitIs });
    }),
    // Whoever asks a second time finds a list that is ready.
    ...waitNames.map((name) => row('waits-by-size', name, passes[0]?.waits[name] ?? Number.NaN)),
    row('memory-by-size', 'at rest', median(passes.map(({ restMib }) => restMib))),
    row('memory-by-size', 'after reads', median(passes.map(({ readMib }) => readMib))),
    row('start-by-size', 'first answer: CPU', median(starts.map((start) => start.firstAnswerCpuMs))),
    row('start-by-size', byTheClock, median(starts.map((start) => start.firstAnswerMs))),
    row('disk-by-size', 'all tables and indexes', disk[0]?.mib ?? 0),
  ];
}

/** What else runs on the machine decides it, and what of the tables is still being written. */
const byTheClock = 'first answer, by the clock';

const units: Record<PlotName, string> = {
  'cpu-by-size': 'µs/read',
  'waits-by-size': 'ms',
  'memory-by-size': 'MiB',
  'start-by-size': 'ms',
  'disk-by-size': 'MiB',
};

const rowsOf =
  ({ movies }: Size) =>
  (plot: PlotName, line: string, measured: number, more: Partial<BenchRow> = {}): BenchRow => ({
    what: `${movies.toLocaleString('en-US')} movies: ${line}`,
    measured,
    unit: units[plot],
    point: { plot, line, x: movies },
    ...more,
  });

/** These have to look through more where there is more, and are no promise of this bench. */
const mayGrow = new Set<PlotName | undefined>(['waits-by-size', 'disk-by-size']);

/** The largest beside the smallest: the ratio to the limit where there is one, as the machine has its moods. */
function growthRows(bySize: readonly BenchRow[][]): BenchRow[] {
  const [smallest = [], largest = []] = [bySize[0], bySize.at(-1)];
  return smallest.flatMap((first, at) => {
    const last = largest[at];
    if (last === undefined || mayGrow.has(first.point?.plot) || first.point?.line === byTheClock) return [];
    const hasLimit = first.limit !== undefined && last.limit !== undefined;
    const of = ({ measured, limit = 1 }: BenchRow) => measured / limit;
    return {
      what: `${first.point?.line}: from the fewest movies to the most`,
      measured: of(last),
      unit: hasLimit ? `× ${first.limitIs}` : first.unit,
      limit: of(first),
      limitIs: 'with the fewest',
      goal: 'flat',
    } as const;
  });
}
