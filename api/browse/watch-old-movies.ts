import { prepared, sql } from '#shared/db/sql.ts';
import { isYoungEnough } from '#shared/movies/freshness.ts';
import { keepForAMinute } from '../store/keep-for-a-minute.ts';
import { selectOne } from '../store/select-one.ts';

/** One look into an index. */
const anyStatement = prepared<void, { any: boolean }>(
  'api-any-old-movie',
  () => sql`
    select exists (select 1 from (select fetched_at from movies order by fetched_at limit 1) oldest
      where not ${isYoungEnough('oldest')}) as any`,
);

/** Whether there are movies that are too old to be shown: as of a minute ago at most. */
export const watchOldMovies = () =>
  keepForAMinute(async (pool) => (await selectOne(pool, anyStatement())).any);
