import type { Pool } from 'pg';
import { absenceMs } from '#shared/movies/freshness.ts';
import { queryStore, type Statement } from '../store/query-store.ts';

/** What shows nothing yet comes first. $1: TMDb ids, $2: since when an absence still counts. */
const statement: Statement = {
  name: 'api-wanted-movies',
  text: `
    select m.tmdb_id
    from movies m
    where m.tmdb_id = any($1::int[]) and m.state in ('unknown', 'listed', 'purged')
      and not exists (
        select 1 from movie_absences a
        where a.tmdb_id = m.tmdb_id and a.last_seen_at > to_timestamp($2::float8 / 1000))
    order by m.state = 'listed', m.tmdb_id`,
};

/** Which of these movies the worker has to be asked for: not those that TMDb lately said it does not have. */
export async function wantedMovies(pool: Pool, ids: number[], nowMs: number): Promise<number[]> {
  const rows = await queryStore<{ tmdb_id: number }>(pool, statement, [ids, nowMs - absenceMs]);
  return rows.map((row) => row.tmdb_id);
}
