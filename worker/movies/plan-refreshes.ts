import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import {
  type RefreshFacts,
  refreshIntervalMs,
  shortestIntervalMs,
  usedLatelyDays,
} from '#shared/movies/refresh-plan.ts';
import type { TimeWindow } from '#shared/trending/trending-entry.ts';
import { runRepeated } from '#worker/store/run-repeated.ts';
import type { Sql } from '#worker/store/write-transaction.ts';

/** When each movie is due again, by its tmdb_id. */
export type RefreshTimes = ReadonlyMap<number, Date>;

type KnownFacts = Omit<RefreshFacts, 'isTrending' | 'isUsed'>;

/** Plans the next refresh of movies that were fetched now. */
export async function planRefreshes(
  on: Sql,
  movies: readonly KnownFacts[],
  now: Date,
): Promise<RefreshTimes> {
  const ids = `{${movies.map((movie) => movie.tmdb_id).join()}}`;
  const rows = await runRepeated(
    on,
    sql<{ tmdb_id: number; is_trending: boolean }>`
    select m.tmdb_id, true as is_trending from movies m
    where m.tmdb_id = any(${ids}::int[]) and exists (select 1 from trending_entries t where t.movie_id = m.id)
    union all
    select distinct u.tmdb_id, false from movie_uses u
    where u.tmdb_id = any(${ids}::int[])
      and u.used_on > (${now}::timestamptz at time zone 'UTC')::date - ${usedLatelyDays}::int`,
  );
  const [trending, used] = [true, false].map(
    (is) => new Set(rows.filter((row) => row.is_trending === is).map((row) => row.tmdb_id)),
  );
  const nowMs = now.getTime();
  const dueMs = (movie: KnownFacts) => {
    const isTrending = trending?.has(movie.tmdb_id) === true;
    const isUsed = used?.has(movie.tmdb_id) === true;
    return nowMs + refreshIntervalMs({ ...movie, isTrending, isUsed }, nowMs);
  };
  return new Map(movies.map((movie) => [movie.tmdb_id, new Date(dueMs(movie))]));
}

/** What has come into a trending list is due as soon as everything there. */
export async function hastenTrending(on: Sql, window: TimeWindow): Promise<void> {
  const soon = sql`fetched_at + ${shortestIntervalMs} * interval '1 millisecond'`;
  await runStatement(
    on,
    sql`
    update movies set refresh_due_at = ${soon} where id in (
      select id from movies where state = 'detailed' and refresh_due_at > ${soon}
        and id in (select movie_id from trending_entries where time_window = ${window})
      order by tmdb_id for update)`,
  );
}
