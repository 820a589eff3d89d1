import { type Fragment, type Placeholder, raw, sql } from '../db/sql.ts';

/**
 * So many one account may have: more than anybody has to say. Whatever is counted or read through for a user costs more
 * with each of them, and by the day alone an account would grow without end.
 */
export const maxInteractions = 100_000;

/** How many a user has, counted no further than one beyond what an account may have. */
export const heldInteractions = (userId: Placeholder<string> | Fragment): Fragment => sql`
  (select count(*)::int from (
    select from user_movie_interactions where user_id = ${userId} limit ${raw(String(maxInteractions + 1))}
  ) held)`;
