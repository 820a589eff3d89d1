import type { Pool } from 'pg';
import type { ImportList } from '#shared/users/user-import.ts';

export interface GivenRow {
  title?: string;
  original_title?: string;
  year?: number;
  directors?: string;
  rated_at?: string;
  given_tmdb_id?: number;
  given_imdb_id?: string;
  rating?: number;
  at?: string;
}

/** An import as the api leaves it for the worker. Lines count from 1. */
export async function putImport(pool: Pool, userId: string, list: ImportList, rows: readonly GivenRow[]) {
  const id = Bun.randomUUIDv7();
  await pool.query(
    `insert into user_imports (id, user_id, source, list, list_assumed, rows, created_at)
     values ($1, $2, 'letterboxd', $3, false, $4, '2026-01-01')`,
    [id, userId, list, rows.length],
  );
  await pool.query(
    `insert into user_import_rows (import_id, line, same_as, title, original_title, year, directors, given_tmdb_id, given_imdb_id, rating, at, rated_at)
     select $1, place, min(place) over (partition by r.title, r.original_title, r.year, r.directors, r.given_tmdb_id, r.given_imdb_id), r.title, r.original_title, r.year, r.directors, r.given_tmdb_id, r.given_imdb_id, r.rating, r.at, r.rated_at
     from rows from (json_to_recordset($2::json) as (title text, original_title text, year smallint, directors text,
       given_tmdb_id int, given_imdb_id text, rating float8, at timestamptz, rated_at timestamptz)) with ordinality
       as r(title, original_title, year, directors, given_tmdb_id, given_imdb_id, rating, at, rated_at, place)`,
    [id, JSON.stringify(rows)],
  );
  return id;
}

interface MirrorRow {
  title: string;
  original_title?: string;
  release_date?: string;
  imdb_id?: string;
  state?: string;
}

export async function putInMirror(pool: Pool, tmdbId: number, movie: MirrorRow): Promise<void> {
  const { title, original_title = title, release_date = null, imdb_id = null, state = 'detailed' } = movie;
  await pool.query(
    `insert into movies (tmdb_id, title, original_title, release_date, imdb_id, state, fetched_at)
     values ($1, $2, $3, $4, $5, $6, now())`,
    [tmdbId, title, original_title, release_date, imdb_id, state],
  );
}

/** What became of an import's rows, in their order. */
export async function settledRows(pool: Pool, importId: string) {
  const { rows } = await pool.query(
    `select status, tmdb_id, matched_by, reason, (select array_agg((c->>'tmdb_id')::int) from jsonb_array_elements(candidates) c) as candidates
     from user_import_rows where import_id = $1 order by line`,
    [importId],
  );
  return rows;
}

/** `type tmdb_id day` of each interaction of a user. */
export async function interactionsOf(pool: Pool, userId: string): Promise<string[]> {
  const { rows } = await pool.query(
    `select interaction_type || ' ' || m.tmdb_id || ' ' || to_char(i.created_at at time zone 'UTC', 'YYYY-MM-DD') as it
     from user_movie_interactions i join movies m on m.id = i.movie_id where i.user_id = $1 order by 1`,
    [userId],
  );
  return rows.map((row) => row.it);
}

export async function importRow(pool: Pool, importId: string) {
  const { rows } = await pool.query(
    'select status, rows, matched, ambiguous, not_found, added, unchanged, error from user_imports where id = $1',
    [importId],
  );
  return rows[0];
}
