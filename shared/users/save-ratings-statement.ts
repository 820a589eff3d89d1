import { prepared, sql, unknownValue } from '#shared/db/sql.ts';

/**
 * Takes over how a user rates movies, all of whose rows are there; `null` takes a rating away. What a user says stands
 * against imports, whatever day those name. `rows` is JSON: `{ tmdb_id, rating }`, each movie once. Run it in a
 * transaction that holds the user's row.
 * @returns how many ratings changed of movies that the user had watched before
 */
export const saveRatingsStatement = prepared<{ userId: string; rows: string }, { changed: number }>(
  'api-save-ratings',
  ({ userId, rows }) => {
    const user = unknownValue(userId, 'uuid');
    return sql`
    with said as materialized (
      select m.id as movie_id, i.rating, exists (
        select 1 from user_movie_interactions e
        where e.user_id = ${user} and e.movie_id = m.id and e.interaction_type = 'watched') as was_watched
      from json_to_recordset(${rows}::json) as i(tmdb_id int, rating numeric(3, 2)) join movies m on m.tmdb_id = i.tmdb_id
    ), removed as (
      delete from user_movie_ratings r using said s
      where r.user_id = ${user} and r.movie_id = s.movie_id and s.rating is null
      returning s.was_watched
    ), saved as (
      insert into user_movie_ratings as known (user_id, movie_id, rating)
      select ${user}, movie_id, rating from said where rating is not null order by movie_id
      on conflict (user_id, movie_id) do update set rating = excluded.rating, rated_at = now(), is_dated = true
      where known.rating <> excluded.rating or not known.is_dated
      returning movie_id
    )
    select ((select count(*) from removed where was_watched)
      + (select count(*) from saved join said using (movie_id) where was_watched))::int as changed`;
  },
);
