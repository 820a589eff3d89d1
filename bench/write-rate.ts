import type { Database } from '#shared/orm/database.ts';
import { saveMovies } from '#worker/movies/save-movies.ts';
import type { AnsweredMovie } from '#worker/tmdb/wire/mirrored-movie.ts';
import { type BenchContext, type BenchReport, type BenchRow, mustEqual } from './bench.ts';
import { generatedMovies, saveGenreList } from './generated-movies.ts';
import { fillMirror } from './mirror/fill-mirror.ts';
import { startSandboxChild } from './sandbox-child.ts';
import { writeAmongKnownIds } from './write/among-known-ids.ts';
import { bareWorkMs } from './write/bare-work.ts';
import { copyMirror } from './write/copy-mirror.ts';
import { clockStatements, type StatementTime } from './write/statement-times.ts';
import { measureWriting, type Written } from './write/write-meter.ts';

const batch = 100;
const fewest = 500;
/** A first full sync is a million movies: what a process compiles while it writes the first thousands says little of it. */
const warmAfter = 10_000;

/** What is promised of one COPY per table, by processor time. */
const least = { saveMovies: 0.75, details: 0.5 };

/**
 * Movies written per second of processor time, ours and PostgreSQL's: by `saveMovies` alone, by `details` over HTTP, and, as
 * the limit, by COPY. The limit writes the same rows with the same triggers, foreign keys and indexes, but reads nothing.
 * `details` is held against COPY of as many rows as came with its movies. What jobs by the clock take beside it counts as its own.
 */
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
  const moving = generatedMovies(count, withMoved);
  const moved = await saveAll(database, moving);
  mustEqual('movies with another popularity', moved.updated, count);
  const updated = await saveAll(
    database,
    moving.map((movie) => ({ ...movie, tagline: `${movie.tagline} again` })),
  );
  mustEqual('movies updated', updated.updated, count);

  say('copying them');
  const copy = await copyMirror(database, stack.use(await postgres.database()));
  const known = smoke ? 3000 : 100_000;
  const among = { known, count: smoke ? 300 : 2000 };
  say(`saving ${among.count} of ${known} known ids`);
  const ofKnown = await writeAmongKnownIds(
    { database: stack.use(await knowingGenres(postgres)), other: stack.use(await postgres.database()) },
    among,
  );

  const bareMs = await bareWorkMs(smoke ? 100 : 2000);
  say('mirroring them over HTTP');
  const http = await overHttp({
    postgres,
    count: smoke ? count : warmAfter + count,
    warmAfter: smoke ? 0 : warmAfter,
  });
  const row = (
    what: string,
    { cpuMs, of = count, copyMs }: { cpuMs: number; of?: number; copyMs?: number },
    note: string,
    atLeast?: number,
  ): BenchRow => {
    const limit = copyMs === undefined ? (count * 1000) / copy.cpuMs : (of * 1000) / copyMs;
    const measured = (of * 1000) / cpuMs;
    const goal = atLeast === undefined ? {} : { target: `≥ ${atLeast} ×`, met: measured >= atLeast * limit };
    return { what, measured, unit: 'movies/s', limit, limitIs: 'one COPY per table', note, ...goal };
  };
  const rate = (ms: number, of = count) => `${((of * 1000) / ms).toFixed(0)} a second by the clock`;
  const log = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB of the log each`;
  const saved = ({ ms, walBytes }: Written) => `${rate(ms)}, ${log(walBytes / count)}`;
  const { alone, warm } = http;
  // One COPY of more takes more a row: the cheaper one is the limit.
  const rowMs = [copy, http.copy].map(({ cpuMs, rows }) => cpuMs / rows);
  const overHttpRow = (what: string, { rows: came, movies: of, cpuMs }: typeof alone, atLeast?: number) => {
    // Its own row stands in `movies` before.
    const rows = came + of;
    const copyMs = Math.min(...rowMs) * rows;
    const each = (ms: number) => (ms / of).toFixed(2);
    return row(
      what,
      { cpuMs: cpuMs.worker + cpuMs.postgres, of, copyMs },
      `ms a movie: worker ${each(cpuMs.worker)}, PostgreSQL ${each(cpuMs.postgres)}, COPY of as many rows (${(rows / of).toFixed(0)}) ${rowMs.map((ms) => each(ms * rows)).join(' or, with all of this mirror, ')}; worker ${http.workerMib.toFixed(0)} MiB at most`,
      atLeast,
    );
  };
  return {
    rows: [
      row(
        'saveMovies, all new',
        first,
        `batches of ${batch}, ${(copy.rows / count).toFixed(0)} rows a movie, of which related ones are written twice; ${saved(first)}`,
      ),
      ...statementRows(statements, first.ms),
      row('saveMovies, all unchanged', again, saved(again)),
      row('saveMovies, only popularity moved', moved, saved(moved)),
      row('saveMovies, all changed', updated, saved(updated)),
      row(
        `saveMovies, the first of ${known} known ids`,
        { cpuMs: ofKnown.cpuMs, of: among.count, copyMs: ofKnown.copyMs },
        `${ofKnown.rows.toFixed(1)} rows of movies and ${log(ofKnown.walBytes)}; ${rate(ofKnown.ms, among.count)}`,
        least.saveMovies,
      ),
      row(
        'the least: COPY, and answers unpacked, parsed and packed',
        { cpuMs: copy.cpuMs + count * bareMs },
        `${bareMs.toFixed(2)} ms a movie beside COPY; no calls, no rows made of answers`,
      ),
      // Of a few movies it says nothing.
      ...(alone.movies < fewest
        ? []
        : [
            overHttpRow(`details over HTTP, alone, all ${alone.movies} of a fresh process`, alone),
            overHttpRow(`details over HTTP, alone, the last ${warm.movies} of them`, warm, least.details),
          ]),
    ],
    data: `${count} invented movies of the sandbox, ${copy.rows} rows, ${(copy.bytes / 1e6).toFixed(0)} MB as COPY`,
  };
}

/** As most answers differ from the last one: everybody's popularity moves every day, also of people and related movies. */
const withMoved = (key: string, value: unknown): unknown =>
  key === 'popularity' && typeof value === 'number' ? value * 1.02 : value;

async function knowingGenres(postgres: BenchContext['postgres']): Promise<Database> {
  const database = await postgres.database();
  await saveGenreList(database);
  return database;
}

async function saveAll(database: Database, movies: readonly AnsweredMovie[]) {
  const em = database.orm.em.fork();
  const sum = { created: 0, updated: 0, unchanged: 0 };
  const written = await measureWriting(database, async () => {
    for (let start = 0; start < movies.length; start += batch) {
      const saved = await saveMovies(em, movies.slice(start, start + batch), { now: new Date() });
      sum.created += saved.created;
      sum.updated += saved.updated;
      sum.unchanged += saved.unchanged;
    }
  });
  return { ...sum, ...written };
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

async function overHttp({
  postgres,
  count,
  warmAfter,
}: {
  postgres: BenchContext['postgres'];
  count: number;
  warmAfter: number;
}) {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await postgres.database());
  const sandbox = stack.use(await startSandboxChild({ movies: count }));
  const { filled } = stack.use(await fillMirror({ database, sandbox, warmAfter }));
  const { rows } = await database.pool.query<{ n: number }>(
    "select count(*)::int as n from movies where state = 'detailed'",
  );
  mustEqual('movies mirrored over HTTP', rows[0]?.n ?? 0, count);
  const copy = await copyMirror(database, stack.use(await postgres.database()));
  return { ...filled, copy };
}
