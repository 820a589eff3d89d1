import type { Pool } from 'pg';
import { prepared, sql, unknownList } from '#shared/db/sql.ts';
import { absenceMs, stampSlackMs } from '#shared/movies/freshness.ts';
import { queryStore } from '../store/query-store.ts';

/** What shows nothing yet comes first. */
const wantedStatement = prepared<{ tmdbIds: number[]; absentSinceMs: number }, { tmdb_id: number }>(
  'api-wanted-movies',
  ({ tmdbIds, absentSinceMs }) => sql`
    select m.tmdb_id
    from movies m
    where m.tmdb_id = any(${unknownList(tmdbIds, 'int')}) and m.state in ('unknown', 'listed', 'purged')
      and not exists (
        select 1 from movie_absences a
        where a.tmdb_id = m.tmdb_id and a.last_seen_at between to_timestamp(${absentSinceMs}::float8 / 1000)
          and to_timestamp((${absentSinceMs}::float8 + ${absenceMs + stampSlackMs}) / 1000))
    order by m.state = 'listed', m.tmdb_id`,
);

/** Which of these movies the worker has to be asked for: not those that TMDb lately said it does not have. */
export async function readWantedMovies(pool: Pool, ids: number[], nowMs: number): Promise<number[]> {
  const rows = await queryStore(pool, wantedStatement({ tmdbIds: ids, absentSinceMs: nowMs - absenceMs }));
  return rows.map((row) => row.tmdb_id);
}
