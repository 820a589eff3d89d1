import { z } from 'zod';
import type { Database } from '#shared/orm/database.ts';
import { putList, putSnapshot, putTrending } from '#tests/support/api/movie-fixture.ts';
import { databaseUrl } from '#tests/support/database.ts';
import type { BenchContext, BenchReport, BenchRow } from './bench.ts';
import { startChildProgram } from './child-program.ts';
import { saveGenreList } from './generated-movies.ts';
import { mirroredIds } from './reads/fill-movies.ts';
import { fillSize } from './sizes/fill-size.ts';
import { percentile } from './statistics.ts';
import { createServingMeter, type ServingMeter, servingName } from './sync-reads/serving-meter.ts';
import type { WriteOrder } from './sync-reads/write-details.ts';

const whole = { movies: 30_000, written: 2000, rounds: 2, asks: 80, everyMs: 40 };
const small = { movies: 300, written: 60, rounds: 1, asks: 3, everyMs: 20 };
/** Details a second: nothing, TMDb's usual limit, and the most that a first sync may have. */
const rates = [0, 30, 150];
/** A read counts as at least so much, in milliseconds: other work of the machine adds as much to any. */
const leastMs = 0.5;

interface ReadCase {
  what: string;
  /** The nth request; the same each time, or another one. */
  path: (n: number) => string;
}

interface Spent {
  cpuMs: number;
  waitMs: number;
}

/** What reads cost while a sync writes details, over what they cost while none does. */
export async function benchSyncReads({ smoke, postgres, say }: BenchContext): Promise<BenchReport> {
  const pace = smoke ? small : whole;
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await postgres.database());
  say(`filling ${pace.movies} movies`);
  await fillSize(database, { movies: pace.movies, users: 100 });
  const cases = await prepareCases(database);
  const url = databaseUrl(database);
  const api = stack.use(
    await startChildProgram('./reads/api-server.ts', {
      DATABASE_URL: `${url}&application_name=${servingName}`,
    }),
  );
  const writer = stack.use(
    await startChildProgram('./sync-reads/write-details.ts', {
      DATABASE_URL: url,
      MOVIES: String(pace.written),
    }),
  );
  const order = (what: WriteOrder) => writer.ask(what);
  const meter = createServingMeter(api.pid, database.pool);
  const base = z.string().parse(api.ready);
  const spent = rates.map(() => cases.map((): Spent[] => []));
  const totalMs = rates.map(() => 0);
  const written = rates.map(() => 0);
  await askAll({ base, cases, meter, asks: 2, everyMs: 0, from: 0 });
  let from = 2;
  for (let round = 0; round < pace.rounds; round++)
    for (const [at, perSecond] of rates.entries()) {
      say(`${perSecond} details a second beside it`);
      if (perSecond > 0) await order({ type: 'write', perSecond });
      const startedAt = performance.now();
      const { asks, everyMs } = pace;
      await meter.look();
      const before = meter.read();
      const all = await askAll({ base, cases, meter, asks, everyMs, from });
      totalMs[at] = (totalMs[at] ?? 0) + meter.read() - before;
      for (const [which, some] of all.entries()) spent[at]?.[which]?.push(...some);
      from += pace.asks;
      if (perSecond === 0) continue;
      const tookMs = performance.now() - startedAt;
      written[at] = (z.number().parse(await order({ type: 'stop' })) * 1000) / tookMs;
    }
  const rows = rates.flatMap((perSecond, at) => {
    if (perSecond === 0) return [];
    const eachMs = (of: number) => (totalMs[of] ?? 0) / (pace.rounds * pace.asks * cases.length);
    return [
      ...cases.map(({ what }, which) =>
        rowOf(`${what}, beside ${perSecond} details/s`, {
          quiet: spent[0]?.[which] ?? [],
          beside: spent[at]?.[which] ?? [],
        }),
      ),
      {
        what: `all of these, beside ${perSecond} details/s: CPU a read, with all that is done meanwhile`,
        measured: eachMs(at),
        unit: 'ms',
        limit: eachMs(0),
        limitIs: 'without',
        note: `notices are heard, and lists read again; ${(written[at] ?? 0).toFixed(0)} details written a second`,
      },
    ];
  });
  return {
    rows,
    data: `${pace.movies} movies, titles and names mixed from those of the sandbox; details of the sandbox’s movies, new ones first`,
  };
}

async function prepareCases(database: Database): Promise<ReadCase[]> {
  const { pool } = database;
  await saveGenreList(database);
  const ids = await mirroredIds(database);
  await putTrending(pool, 'week', [...ids.slice(0, 20)]);
  await putList(pool, 'popular', 'US', [...ids.slice(20, 120)]);
  await putSnapshot(pool, 'genres', 19);
  const { rows } = await pool.query<{ title: string }>(
    'select title from movies where title is not null order by hashint4(tmdb_id) limit 2000',
  );
  const word = (n: number) => encodeURIComponent(rows[n % rows.length]?.title ?? 'love');
  const same = (what: string, path: string): ReadCase => ({ what: `${what}, the same`, path: () => path });
  const another = (what: string, path: ReadCase['path']): ReadCase => ({
    what: `${what}, another one`,
    path,
  });
  return [
    same('popular', '/api/movies'),
    same('by title', '/api/movies?sort=title'),
    same('trending', '/api/movies/trending'),
    same('search', '/api/movies?query=the'),
    same('a movie', `/api/movies/${ids[0]}`),
    another('popular', (n) => `/api/movies?page=${1 + n}`),
    another('by title', (n) => `/api/movies?sort=title&page=${1 + n}`),
    another('one genre', (n) => `/api/movies?genre=3&page=${1 + n}`),
    another('search', (n) => `/api/movies?query=${word(n)}`),
    another('a movie', (n) => `/api/movies/${ids[(1 + n * 7) % ids.length]}`),
  ];
}

interface Asking {
  base: string;
  cases: readonly ReadCase[];
  meter: ServingMeter;
  asks: number;
  /** From one request to the next. */
  everyMs: number;
  /** The first of the requests. */
  from: number;
}

/** All cases in turn at a fixed rate: who is answered late asks late, and that counts as waiting. */
async function askAll({ base, cases, meter, asks, everyMs, from }: Asking): Promise<Spent[][]> {
  const spent = cases.map((): Spent[] => []);
  let dueMs = performance.now();
  for (let n = from; n < from + asks; n++)
    for (const [at, { path }] of cases.entries()) {
      dueMs = Math.max(dueMs + everyMs, performance.now() - everyMs);
      await meter.look();
      const early = dueMs - performance.now();
      if (early > 0) await Bun.sleep(early);
      await meter.settle();
      const before = meter.read();
      const askedMs = performance.now();
      const answer = await fetch(`${base}${path(n)}`);
      await answer.arrayBuffer();
      const waitMs = performance.now() - askedMs;
      const cpuMs = meter.read() - before;
      if (answer.status !== 200) throw new Error(`${path(n)} answered ${answer.status}`);
      spent[at]?.push({ cpuMs, waitMs });
    }
  return spent;
}

function rowOf(
  what: string,
  { quiet, beside }: { quiet: readonly Spent[]; beside: readonly Spent[] },
): BenchRow {
  const of = (all: readonly Spent[], which: keyof Spent, part: number) =>
    percentile(
      Float64Array.from(all, (spent) => spent[which]),
      part,
    );
  return {
    what: `${what}: p95 of CPU`,
    measured: Math.max(leastMs, of(beside, 'cpuMs', 0.95)),
    unit: 'ms',
    limit: Math.max(leastMs, of(quiet, 'cpuMs', 0.95)),
    limitIs: 'without',
    goal: 'beside-sync',
    note: `p50 ${of(beside, 'cpuMs', 0.5).toFixed(2)}, without ${of(quiet, 'cpuMs', 0.5).toFixed(2)}; by the clock p95 ${of(beside, 'waitMs', 0.95).toFixed(1)}, without ${of(quiet, 'waitMs', 0.95).toFixed(1)} ms`,
  };
}
