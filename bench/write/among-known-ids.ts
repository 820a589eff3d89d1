import { createGeneratedCatalogue } from '#sandbox/generated-catalogue.ts';
import { allParts } from '#sandbox/wire.ts';
import { scopeRank } from '#shared/movies/movie.ts';
import type { Database } from '#shared/orm/database.ts';
import { saveMovies } from '#worker/movies/save-movies.ts';
import type { AnsweredMovie } from '#worker/tmdb/wire/mirrored-movie.ts';
import { parseDetails } from '#worker/tmdb/wire/parse-answer.ts';
import { copyMirror } from './copy-mirror.ts';
import { measureWriting } from './write-meter.ts';

export interface WrittenAmongKnown {
  ms: number;
  /** Processor time, ours and PostgreSQL's. */
  cpuMs: number;
  /** What one COPY a table takes for the same movies, among the same ids. */
  copyMs: number;
  /** Of the write-ahead log, each movie. */
  walBytes: number;
  /** Rows of `movies`, each movie. */
  rows: number;
}

const batch = 100;

/** What the first movies of a full sync cost, when the export has named all ids already and nothing is detailed. */
export async function writeAmongKnownIds(
  { database, other }: { database: Database; other: Database },
  { known, count }: { known: number; count: number },
): Promise<WrittenAmongKnown> {
  const { pool, orm } = database;
  const catalogue = createGeneratedCatalogue({ seed: 1, movies: known });
  const ids = Array.from({ length: known }, (_, position) => catalogue.idAt(position));
  await pool.query(
    `insert into movies (tmdb_id, state, scope, title, original_title, popularity, adult, fetched_at)
     select id, 'unknown', $2, 'Movie ' || id, 'Movie ' || id, id % 100, false, now() from unnest($1::int[]) as id`,
    [ids, scopeRank.full],
  );
  await pool.query('analyze movies');
  const every = Math.floor(known / count);
  const movies = Array.from({ length: count }, (_, n): AnsweredMovie => {
    const id = catalogue.idAt(n * every);
    return parseDetails(JSON.parse(JSON.stringify(catalogue.details(id, allParts))), id);
  });
  const em = orm.em.fork();
  const before = await readRows(pool);
  const { ms, cpuMs, walBytes } = await measureWriting(database, async () => {
    for (let start = 0; start < count; start += batch)
      await saveMovies(em, movies.slice(start, start + batch), {
        now: new Date(),
        awaited: { scope: scopeRank.full, since: new Date() },
      });
  });
  const rows = (await readRows(pool)) - before;
  const copy = await copyMirror(database, other, "state <> 'detailed'");
  return { ms, cpuMs, copyMs: copy.cpuMs, walBytes: walBytes / count, rows: rows / count };
}

/** Rows of `movies` that were ever written. */
async function readRows(pool: Database['pool']): Promise<number> {
  // A session tells its counts about once a second, and at once when it is asked to.
  await Promise.all(Array.from({ length: 4 }, () => pool.query('select pg_stat_force_next_flush()')));
  const { rows } = await pool.query<{ rows: number }>(
    "select (n_tup_ins + n_tup_upd)::float8 as rows from pg_stat_user_tables where relname = 'movies'",
  );
  return rows[0]?.rows ?? 0;
}
