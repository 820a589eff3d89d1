import { prepared, sql } from '#shared/db/sql.ts';

/**
 * What a clock that was ahead stamped for a user counts as said a moment ago. Otherwise it would stand against all that
 * the user says until that time has come. Run it in a transaction that holds the user's row.
 */
export const clampFutureStatement = prepared<{ userId: string }>(
  'clamp-future',
  ({ userId }) => sql`
    with clamped as (
      update user_movie_interactions set created_at = now() - interval '1 second'
      where user_id = ${userId} and created_at > now() + interval '1 second'
    )
    update user_movie_ratings set rated_at = now() - interval '1 second'
    where user_id = ${userId} and rated_at > now() + interval '1 second'`,
);
