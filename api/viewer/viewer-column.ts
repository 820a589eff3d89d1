import { type Fragment, type Placeholder, raw, sql } from '#shared/db/sql.ts';

/**
 * What a user has said of a movie, as JSON: a column over `movies`.
 * @param movie the name of `movies` in the statement
 */
export const viewerColumn = (movie: string, userId: Placeholder<string>): Fragment => sql`
  (select row_to_json(said) from (
    select
      coalesce(bool_or(i.interaction_type = 'liked'), false) as liked,
      coalesce(bool_or(i.interaction_type = 'disliked'), false) as disliked,
      coalesce(bool_or(i.interaction_type = 'bookmarked'), false) as bookmarked,
      coalesce(bool_or(i.interaction_type = 'watched'), false) as watched,
      coalesce(bool_or(i.interaction_type = 'hidden'), false) as hidden,
      (select r.rating from user_movie_ratings r where r.user_id = ${userId} and r.movie_id = ${raw(movie)}.id) as rating
    from user_movie_interactions i
    where i.user_id = ${userId} and i.movie_id = ${raw(movie)}.id
  ) said)`;
