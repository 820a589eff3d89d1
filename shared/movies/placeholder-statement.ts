import { prepared, sql, unknownList } from '#shared/db/sql.ts';

/**
 * Before `placeholderStatement`, in the same transaction: keeps `purge` from taking a bare row in the moment in which
 * something is about to point at it.
 */
export const holdPlaceholdersStatement = prepared<{ tmdbIds: number[] }>(
  'api-hold-placeholders',
  ({ tmdbIds }) => sql`
    select 1 from movies where tmdb_id = any(${unknownList(tmdbIds, 'int')}) and state = 'unknown' order by tmdb_id for key share`,
);

/**
 * Bare rows for movies that something of a user's has to point at, where there are none: all that the api ever
 * writes of the mirror. In the order of the ids, so that two writers do not wait in a circle.
 */
export const placeholderStatement = prepared<{ tmdbIds: number[] }>(
  'api-place-movies',
  ({ tmdbIds }) => sql`
    insert into movies (tmdb_id, title, state)
    select distinct asked.tmdb_id, '', 'unknown' from unnest(${unknownList(tmdbIds, 'int')}) as asked(tmdb_id)
    where not exists (select 1 from movies m where m.tmdb_id = asked.tmdb_id)
    order by asked.tmdb_id
    on conflict (tmdb_id) do nothing`,
);
