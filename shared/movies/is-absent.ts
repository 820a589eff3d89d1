import { type Fragment, raw, sql } from '#shared/db/sql.ts';

/**
 * Whether TMDb has no movie of an id that somebody named: a condition over `movies`. What users said of it stays, and
 * counts nowhere.
 * @param movie the name of `movies` in the statement
 */
export const isAbsent = (movie: string): Fragment => sql`
  (${raw(movie)}.state = 'unknown' and exists (
    select 1 from movie_absences where movie_absences.tmdb_id = ${raw(movie)}.tmdb_id))`;
