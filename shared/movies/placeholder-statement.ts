/**
 * Bare rows for movies that something of a user's has to point at, where there are none: all that the api ever
 * writes of the mirror. In the order of the ids, so that two writers do not wait in a circle. $1: TMDb ids, int[].
 */
export const placeholderStatement = `
  insert into movies (tmdb_id, title, state)
  select distinct asked.tmdb_id, '', 'unknown' from unnest($1::int[]) as asked(tmdb_id)
  where not exists (select 1 from movies m where m.tmdb_id = asked.tmdb_id)
  order by asked.tmdb_id
  on conflict (tmdb_id) do nothing`;
