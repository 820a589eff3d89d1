import type { MovieState } from '#shared/movies/movie.ts';

/** What the mirror knows of one id, whether or not there is a row of it. A row as the statements select it. */
export interface MovieReading {
  state: MovieState | null;
  fetched_at_ms: number | null;
  release_date: string | null;
  absent_at_ms: number | null;
  /** What the route shows, as JSON, where there is something to show. */
  data: string | null;
}

/** The columns every reading has, over `movies` and `movie_absences` under these names. */
export const readingColumns = (movie: string, absence: string) => `
  ${movie}.state,
  trunc(extract(epoch from ${movie}.fetched_at) * 1000)::float8 as fetched_at_ms,
  ${movie}.release_date::text as release_date,
  trunc(extract(epoch from ${absence}.last_seen_at) * 1000)::float8 as absent_at_ms`;
