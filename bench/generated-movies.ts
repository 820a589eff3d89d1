import { createGeneratedCatalogue } from '#sandbox/generated-catalogue.ts';
import { genres } from '#sandbox/genres.ts';
import { allParts } from '#sandbox/wire.ts';
import type { Database } from '#shared/orm/database.ts';
import { saveUnlistedGenres } from '#worker/genres/save-genres.ts';
import type { AnsweredMovie } from '#worker/tmdb/wire/mirrored-movie.ts';
import { parseDetails } from '#worker/tmdb/wire/parse-answer.ts';

/**
 * A whole catalogue of the sandbox's movies, read as the worker would read them, but without any HTTP.
 * @param revive changes values of the answers, as for `JSON.parse`
 */
export function generatedMovies(
  count: number,
  revive?: (key: string, value: unknown) => unknown,
): AnsweredMovie[] {
  const catalogue = createGeneratedCatalogue({ seed: 1, movies: count });
  return Array.from({ length: count }, (_, position) => {
    const id = catalogue.idAt(position);
    // As text and back, as it travels.
    return parseDetails(JSON.parse(JSON.stringify(catalogue.details(id, allParts)), revive), id);
  });
}

/** So that rows of lists find their genres, as after the first job of a start. */
export async function saveGenreList({ orm }: Database): Promise<void> {
  await saveUnlistedGenres(orm.em.getKysely(), genres);
}
