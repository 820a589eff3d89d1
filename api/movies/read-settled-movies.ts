import type { Pool } from 'pg';
import { prepared, sql, unknownList } from '#shared/db/sql.ts';
import { absenceMs, isYoungEnough, stampSlackMs } from '#shared/movies/freshness.ts';
import { queryStore } from '../store/query-store.ts';

const settledStatement = prepared<{ tmdbIds: number[]; absentSinceMs: number }, { tmdb_id: number }>(
  'api-settled-movies',
  ({ tmdbIds, absentSinceMs }) => sql`
    select asked.tmdb_id
    from unnest(${unknownList(tmdbIds, 'int')}) as asked(tmdb_id)
    left join movies m on m.tmdb_id = asked.tmdb_id
    left join movie_absences a on a.tmdb_id = asked.tmdb_id
    where m.state = 'gone' or (m.state = 'detailed' and ${isYoungEnough('m')}) or a.last_seen_at between to_timestamp(${absentSinceMs}::float8 / 1000)
          and to_timestamp((${absentSinceMs}::float8 + ${absenceMs + stampSlackMs}) / 1000)`,
);

/**
 * Which of these movies need no more waiting: they are mirrored, or it is known that TMDb has none. One that is too old to
 * be shown is waited for.
 */
export async function readSettledMovies(pool: Pool, ids: number[], nowMs: number): Promise<number[]> {
  const rows = await queryStore(pool, settledStatement({ tmdbIds: ids, absentSinceMs: nowMs - absenceMs }));
  return rows.map((row) => row.tmdb_id);
}
