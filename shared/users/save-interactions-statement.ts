import { prepared, sql, unknownValue } from '#shared/db/sql.ts';
import { heldInteractions } from './held-interactions.ts';

interface SavedInteractions {
  added: number;
  /** How many the user has by now; null where none is new. */
  held: number | null;
}

/**
 * Takes over what a user says of movies, all of whose rows are there. Run it in a transaction that holds the user's
 * row (`lockUserStatement`). One row a movie and type, and the first `at` stays; of `liked` and `disliked` the later
 * one stands, the one that arrived later where times are equal. What an import said of no day has none. `rows` is JSON: rows `{ tmdb_id, type, at, is_now, turn }`,
 * where `turn` is their order of arrival, and `is_now` that nothing is later: clocks of processes differ by a moment.
 */
export const saveInteractionsStatement = prepared<{ userId: string; rows: string }, SavedInteractions>(
  'api-save-interactions',
  ({ userId, rows }) => {
    const user = unknownValue(userId, 'uuid');
    return sql`
    with said as materialized (
      select m.id as movie_id, m.tmdb_id, i.type, i.at, i.is_now, i.turn,
        case i.type when 'liked' then 'disliked' when 'disliked' then 'liked' end as opposite
      from json_to_recordset(${rows}::json) as i(tmdb_id int, type text, at timestamptz, is_now boolean, turn int)
      join movies m on m.tmdb_id = i.tmdb_id
    ), standing as materialized (
      select distinct on (s.movie_id, s.type) s.movie_id, s.tmdb_id, s.type, s.opposite, s.at, s.is_now
      from said s
      where not exists (
          select 1 from said o
          where o.movie_id = s.movie_id and o.type = s.opposite and (o.at, o.turn) > (s.at, s.turn))
        and not exists (
          select 1 from user_movie_interactions e
          where e.user_id = ${user} and e.movie_id = s.movie_id and e.interaction_type = s.opposite
            and e.is_dated and e.created_at > s.at and not s.is_now)
      order by s.movie_id, s.type, s.turn
    ), turned as (
      update user_movie_interactions e set interaction_type = s.type, is_dated = true,
        created_at = case when s.is_now and e.is_dated then greatest(s.at, e.created_at) else s.at end
      from standing s
      where e.user_id = ${user} and e.movie_id = s.movie_id and e.interaction_type = s.opposite
      returning 1
    ), dated as (
      update user_movie_interactions e set created_at = s.at, is_dated = true
      from standing s
      where e.user_id = ${user} and e.movie_id = s.movie_id and e.interaction_type = s.type and not e.is_dated
    ), added as (
      insert into user_movie_interactions (user_id, movie_id, interaction_type, created_at)
      select ${user}, s.movie_id, s.type, s.at from standing s
      where not exists (
        select 1 from user_movie_interactions e
        where e.user_id = ${user} and e.movie_id = s.movie_id and e.interaction_type in (s.type, s.opposite))
      order by s.tmdb_id, s.type
      returning 1
    )
    select (select count(*) from turned)::int + (select count(*) from added)::int as added,
      case when exists (select from added) then ${heldInteractions(user)} + (select count(*) from added)::int end as held`;
  },
);
