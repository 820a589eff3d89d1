import type { ListedMovie } from '#worker/tmdb/wire/mirrored-movie.ts';
import type { WireListedMovie, WireMovie } from './schemas.ts';
import { isPresent, type Placed } from './wire-fields.ts';

export function mapListedMovie(wire: WireListedMovie): ListedMovie {
  const movie = mapCommonFields(wire) as ListedMovie;
  movie.genre_ids = [...new Set(wire.genre_ids.filter(isPresent))];
  return movie;
}

/** The rows of a list in TMDb's order, each id once: TMDb repeats rows, within a page and across pages. */
export function mapListedMovies(rows: readonly Placed<WireListedMovie>[]): ListedMovie[] {
  return firstById(rows).map(mapListedMovie);
}

export function mapCommonFields(wire: WireListedMovie | WireMovie): Omit<ListedMovie, 'genre_ids'> {
  return {
    tmdb_id: wire.id,
    // TMDb itself shows the original title where the translated one is empty.
    title: wire.title || (wire.original_title ?? ''),
    original_title: wire.original_title,
    original_language: wire.original_language,
    overview: wire.overview,
    release_date: wire.release_date,
    poster_path: wire.poster_path,
    backdrop_path: wire.backdrop_path,
    popularity: wire.popularity,
    vote_average: wire.vote_average,
    vote_count: wire.vote_count,
    adult: wire.adult,
  };
}

/** Each id once: its first row is the one that counts. */
export function firstById<T extends { id: number }>(rows: readonly Placed<T>[]): T[] {
  const seen = new Set<number>();
  return rows.filter(
    (row): row is T => isPresent(row) && !seen.has(row.id) && seen.add(row.id) !== undefined,
  );
}
