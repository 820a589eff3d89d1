import { isCodeKept, isKept, type KeptLanguages } from '#shared/languages/kept-languages.ts';
import type { Sql } from '#worker/store/write-transaction.ts';
import type { MirroredMovie } from '../tmdb/wire/mirrored-movie.ts';
import { writeAnswered } from './write-rows.ts';

export type TranslatedMovie = Pick<
  MirroredMovie,
  'translations' | 'alternative_titles' | 'releases' | 'posters'
> & { movie_id: string };

/**
 * What movies are called, what they are about and what their posters are in the kept languages, and when they came out
 * elsewhere. Triggers keep what they are found by.
 * @param movieIds also of movies that nothing is known of any more
 */
export async function writeTranslations(
  on: Sql,
  movieIds: readonly string[],
  { movies, kept }: { movies: readonly TranslatedMovie[]; kept: KeptLanguages },
): Promise<void> {
  const translations = movies.flatMap(({ movie_id, translations }) =>
    translations
      .filter(({ language }) => isKept(kept, language))
      .map((translation) => ({ movie_id, ...translation })),
  );
  await writeAnswered(on, movieIds, {
    table: 'movie_translations',
    rows: translations,
    key: { language: 'text' },
    values: { title: 'text', overview: 'text', tagline: 'text', homepage: 'text', runtime: 'int' },
  });
  const titles = movies.flatMap(({ movie_id, alternative_titles }) =>
    alternative_titles.map((title, position) => ({ movie_id, position, ...title })),
  );
  await writeAnswered(on, movieIds, {
    table: 'movie_alternative_titles',
    rows: titles,
    key: { position: 'smallint' },
    values: { country: 'text', title: 'text', type: 'text' },
  });
  await writeReleases(on, movieIds, movies);
  await writePosters(on, movieIds, { movies, kept });
}

async function writeReleases(on: Sql, movieIds: readonly string[], movies: readonly TranslatedMovie[]) {
  const rows = movies.flatMap(({ movie_id, releases }) =>
    releases.map((release) => ({ movie_id, ...release })),
  );
  await writeAnswered(on, movieIds, {
    table: 'movie_releases',
    rows,
    key: { country: 'text' },
    values: { release_date: 'date', certification: 'text', min_age: 'smallint' },
  });
}

async function writePosters(
  on: Sql,
  movieIds: readonly string[],
  { movies, kept }: { movies: readonly TranslatedMovie[]; kept: KeptLanguages },
) {
  const rows = movies.flatMap(({ movie_id, posters }) => {
    const shown = posters.filter(({ language }) => isCodeKept(kept, language));
    const byLanguage = Object.fromEntries(shown.map(({ language, path }) => [language, path]));
    return shown.length === 0 ? [] : [{ movie_id, posters: JSON.stringify(byLanguage) }];
  });
  await writeAnswered(on, movieIds, {
    table: 'movie_posters',
    rows,
    key: {},
    values: { posters: 'jsonb' },
  });
}
