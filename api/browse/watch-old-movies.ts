import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { isYoungEnough } from '#shared/movies/freshness.ts';
import { selectOne } from '../store/select-one.ts';

/** One look into an index. */
const anyStatement = prepared<void, { any: boolean }>(
  'api-any-old-movie',
  () => sql`
    select exists (select 1 from (select fetched_at from movies order by fetched_at limit 1) oldest
      where not ${isYoungEnough('oldest')}) as any`,
);

const goodForMs = 60_000;

/** Whether there are movies that are too old to be shown: as of a minute ago at most. */
export function watchOldMovies(): (pool: Pool) => Promise<boolean> {
  let known: { at: number; any: Promise<boolean> } | undefined;
  return (pool) => {
    if (known !== undefined && performance.now() - known.at < goodForMs) return known.any;
    const any = selectOne(pool, anyStatement()).then((row) => row.any);
    known = { at: performance.now(), any };
    any.catch(() => {
      known = undefined;
    });
    return any;
  };
}
