import type { Database } from '#shared/orm/database.ts';
import { saveMovies } from '#worker/movies/save-movies.ts';
import type { AnsweredMovie } from '#worker/tmdb/wire/mirrored-movie.ts';
import { type BenchContext, type BenchReport, type BenchRow, mustEqual } from './bench.ts';
import { generatedMovies, saveGenreList } from './generated-movies.ts';
import { fillMirror } from './mirror/fill-mirror.ts';
import { startSandboxChild } from './sandbox-child.ts';
import { writeAmongKnownIds } from './write/among-known-ids.ts';
import { copyMirror } from './write/copy-mirror.ts';
import { clockStatements, type StatementTime } from './write/statement-times.ts';

const batch = 100;

/** Movies written per second: by `saveMovies` alone, by `details` over HTTP, and, as the limit, by COPY. */
export async function benchWriteRate({ smoke, postgres, say }: BenchContext): Promise<BenchReport> {
  const count = smoke ? 300 : 5000;
  say(`mapping ${count} movies`);
  const movies = generatedMovies(count);
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await postgres.database());
  await saveGenreList(database);
  const clock = clockStatements(database.pool);
  say('saving them');
  const first = await saveAll(database, movies);
  mustEqual('movies created', first.created, count);
  const statements = clock.read();
  const again = await saveAll(database, movies);
  mustEqual('movies unchanged', again.unchanged, count);
  clock.read();
  const updated = await saveAll(
    database,
    movies.map((movie) => ({ ...movie, tagline: `${movie.tagline} again` })),
  );
  mustEqual('movies updated', updated.updated, count);

  say('copying them');
  const copy = await copyMirror(database, stack.use(await postgres.database()));
  const known = smoke ? 3000 : 100_000;
  const among = { known, count: smoke ? 300 : 2000 };
  say(`saving ${among.count} of ${known} known ids`);
  const ofKnown = await writeAmongKnownIds(stack.use(await knowingGenres(postgres)), among);

  say('mirroring them over HTTP');
  const http = await overHttp({ postgres, count });
  const limit = (count * 1000) / copy.ms;
  const row = (what: string, ms: number, more: Partial<BenchRow> = {}): BenchRow => ({
    what,
    measured: (count * 1000) / ms,
    unit: 'movies/s',
    limit,
    limitIs: 'one COPY per table',
    ...more,
  });
  const each = (ms: number) => (ms / count).toFixed(2);
  const rowsEach = `${(copy.rows / count).toFixed(0)} rows a movie`;
  return {
    rows: [
      row('saveMovies, all new', first.ms, { note: `batches of ${batch}, ${rowsEach}` }),
      ...statementRows(statements, first.ms),
      row('saveMovies, all unchanged', again.ms),
      row('saveMovies, all changed', updated.ms),
      {
        what: `saveMovies, the first of ${known} known ids`,
        measured: (among.count * 1000) / ofKnown.ms,
        unit: 'movies/s',
        note: `${ofKnown.rows.toFixed(1)} rows of movies and ${(ofKnown.walBytes / 1024).toFixed(0)} KiB of the log each`,
      },
      row('details over HTTP, the job', http.jobMs, {
        note: `sandbox, worker and PostgreSQL share the processors; worker ${http.workerMib.toFixed(0)} MiB at most`,
      }),
      row('  for each second of processor time', http.cpuMs.worker + http.cpuMs.postgres, {
        limit: (count * 1000) / copy.cpuMs,
        note: `ms a movie: worker ${each(http.cpuMs.worker)}, PostgreSQL ${each(http.cpuMs.postgres)}; COPY ${each(copy.cpuMs)}`,
      }),
    ],
    data: `${count} invented movies of the sandbox, ${copy.rows} rows, ${(copy.bytes / 1e6).toFixed(0)} MB as COPY`,
  };
}

async function knowingGenres(postgres: BenchContext['postgres']): Promise<Database> {
  const database = await postgres.database();
  await saveGenreList(database);
  return database;
}

async function saveAll({ orm }: Database, movies: readonly AnsweredMovie[]) {
  const em = orm.em.fork();
  const sum = { created: 0, updated: 0, unchanged: 0 };
  const startedAt = performance.now();
  for (let start = 0; start < movies.length; start += batch) {
    const saved = await saveMovies(em, movies.slice(start, start + batch), { now: new Date() });
    sum.created += saved.created;
    sum.updated += saved.updated;
    sum.unchanged += saved.unchanged;
  }
  return { ...sum, ms: performance.now() - startedAt };
}

/** Where the time of writing goes; the rest of it is our own arithmetic and the JSON. */
function statementRows(statements: readonly StatementTime[], totalMs: number): BenchRow[] {
  return statements.slice(0, 8).map(({ statement, calls, ms }) => ({
    what: `  of that: ${statement}`,
    measured: ms / calls,
    unit: 'ms a batch',
    note: `${((100 * ms) / totalMs).toFixed(0)} % of the time`,
  }));
}

async function overHttp({ postgres, count }: { postgres: BenchContext['postgres']; count: number }) {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await postgres.database());
  const sandbox = stack.use(await startSandboxChild({ movies: count }));
  const { filled } = stack.use(await fillMirror({ database, sandbox }));
  const { rows } = await database.pool.query<{ n: number }>(
    "select count(*)::int as n from movies where state = 'detailed'",
  );
  mustEqual('movies mirrored over HTTP', rows[0]?.n ?? 0, count);
  return { jobMs: filled.detailsMs, cpuMs: filled.detailsCpuMs, workerMib: filled.workerMib };
}
