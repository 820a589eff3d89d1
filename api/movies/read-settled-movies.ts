import type { Pool } from 'pg';
import { absenceMs } from '#shared/movies/freshness.ts';
import { queryStore, type Statement } from '../store/query-store.ts';

const statement: Statement = {
  name: 'api-settled-movies',
  text: `
    select asked.tmdb_id
    from unnest($1::int[]) as asked(tmdb_id)
    left join movies m on m.tmdb_id = asked.tmdb_id
    left join movie_absences a on a.tmdb_id = asked.tmdb_id
    where m.state in ('detailed', 'gone') or a.last_seen_at > to_timestamp($2::float8 / 1000)`,
};

/** Which of these movies need no more waiting: they are mirrored, or it is known that TMDb has none. */
export async function settledMovies(pool: Pool, ids: number[], nowMs: number): Promise<number[]> {
  const rows = await queryStore<{ tmdb_id: number }>(pool, statement, [ids, nowMs - absenceMs]);
  return rows.map((row) => row.tmdb_id);
}
