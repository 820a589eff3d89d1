import { z } from 'zod';
import type { Database } from '#shared/orm/database.ts';
import { putSnapshot, putTrending } from '#tests/support/api/movie-fixture.ts';
import { databaseUrl } from '#tests/support/database.ts';
import type { BenchContext, BenchReport, BenchRow } from './bench.ts';
import { type ChildProgram, startChildProgram } from './child-program.ts';
import { crowdUserId } from './neighbours/fill-crowd.ts';
import { currentMemoryMib } from './process-figures.ts';
import { type ApiService, startApiService } from './processes/api-service.ts';
import { mirroredIds } from './reads/fill-movies.ts';
import { race, wholeMicros } from './reads/race.ts';
import { readWholeAnswer } from './reads/whole-answer.ts';
import type { PlotName } from './results/plots.ts';
import { fillSize, type Size } from './sizes/fill-size.ts';
import { openCallers } from './sizes/open-callers.ts';
import { median } from './statistics.ts';

const sizesOf = (movies: number[]): Size[] =>
  movies.map((count) => ({ movies: count, users: Math.round(count / 10) }));

const whole = {
  sizes: sizesOf([1000, 10_000, 100_000, 1_000_000]),
  rounds: 5,
  roundMs: 600,
  starts: 3,
  asks: 30,
};
const small = { sizes: sizesOf([200]), rounds: 1, roundMs: 100, starts: 1, asks: 3 };
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
  await using stack = new AsyncDisposableStack();
  const { pool } = database;
  const start = async (path: string, more: Record<string, string> = {}) =>
    stack.use(await startChildProgram(path, { DATABASE_URL: databaseUrl(database), ...more }));
  const ids = (await mirroredIds(database)).slice(0, mostPaths);
  const paths = Array.from(ids, (id) => `/api/movies/${id}`);
  const hot = paths.slice(0, 1);
  await putTrending(pool, 'week', [...ids.slice(0, 20)]);
  await putSnapshot(pool, 'genres', 19);
  const row = rowsOf(size);

  const starts: Pick<ApiService, 'firstAnswerMs' | 'firstAnswerCpuMs'>[] = [];
  while (starts.length < pace.starts) {
    await using service = await startApiService(database, { path: hot[0] ?? '', processes: 1 });
    starts.push(service);
  }
  const api = await start('./reads/api-server.ts');
  const restMib = await currentMemoryMib(api.pid);
  const uncached = await start('./reads/api-server.ts', { CACHE: 'off' });
  const select = await start('./reads/select-server.ts', { STATEMENT: 'stored' });
  const whole = await readWholeAnswer(`${urlOf(api)}${hot[0]}`);
  const bare = await start('./reads/bytes-server.ts', { ANSWER: JSON.stringify(whole) });
  const loader = await start('./reads/load.ts');
  const callers = await openCallers(
    pool,
    Array.from({ length: pace.asks }, (_, n) => crowdUserId(n)),
  );
  const headers = `Authorization: Bearer ${callers[0]}\r\n`;
  const waits = {
    'personal list': await waitOf(callers.map((token) => [api, '/api/user/recommendations', token])),
    'search, a typo': await waitOf(callers.map((_, n) => [uncached, `/api/movies?query=midnigt+${n}`])),
    'browse, one genre': await waitOf(callers.map((_, n) => [uncached, `/api/movies?genre=3&page=${n + 1}`])),
  };
  const lanes = {
    'hot movie': { server: api, paths: hot },
    trending: { server: api, paths: ['/api/movies/trending'] },
    'search, cached': { server: api, paths: ['/api/movies?query=the'] },
    'hot movie, signed in': { server: api, paths: hot, headers },
    'personal list, ready': { server: api, paths: ['/api/user/recommendations'], headers },
    'cold movie': { server: uncached, paths },
  };
  const limits = [
    { server: bare, paths: hot },
    { server: select, paths },
  ];
  const figures = await race({
    ...{ loader, pool, rounds: pace.rounds, roundMs: pace.roundMs },
    lanes: [...Object.values(lanes), ...limits],
  });
  const micros = figures.map(wholeMicros);
  const [ofBare = 0, ofSelect = 0] = micros.slice(-limits.length);
  const { rows: disk } = await pool.query<{ mib: number }>(
    'select pg_database_size(current_database()) / 1048576.0::float8 as mib',
  );
  return [
    ...Object.keys(lanes).map((name, at) =>
      row('cpu-by-size', name, micros[at] ?? 0, {
        ...(name === 'cold movie'
          ? { limit: ofSelect, limitIs: 'key select, the stored answer' }
          : { limit: ofBare, limitIs: 'bare route, the hot movie' }),
      }),
    ),
    ...Object.entries(waits).map(([name, ms]) => row('waits-by-size', name, ms)),
    row('memory-by-size', 'at rest', restMib),
    row('memory-by-size', 'after reads', await currentMemoryMib(api.pid)),
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

const urlOf = (server: ChildProgram) => z.string().parse(server.ready);

/** One after the other; the first prepares statements. */
async function waitOf(asked: [ChildProgram, string, string?][]): Promise<number> {
  const times: number[] = [];
  for (const [server, path, token] of [...asked.slice(0, 1), ...asked]) {
    const startedAt = performance.now();
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const answer = await fetch(`${urlOf(server)}${path}`, { headers });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    times.push(performance.now() - startedAt);
  }
  return median(times.slice(1));
}
