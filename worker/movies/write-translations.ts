import type { Statement } from '#shared/db/sql.ts';
import { isCodeKept, isKept, type KeptLanguages } from '#shared/languages/kept-languages.ts';
import type { MirroredMovie } from '../tmdb/wire/mirrored-movie.ts';
import { answeredStatement, type Parents } from './write-rows.ts';

export type TranslatedMovie = Pick<
  MirroredMovie,
  'translations' | 'alternative_titles' | 'releases' | 'posters'
> & { movie_id: string };

/**
 * What movies are called, what they are about and what their posters are in the kept languages, and when they came out
 * elsewhere. Triggers keep what they are found by.
 * @param parents also those that nothing is known of any more
 */
export const translationStatements = (
  parents: Parents,
  movies: readonly TranslatedMovie[],
  kept: KeptLanguages,
): (() => Statement | undefined)[] => [
  () => textStatement(parents, movies, kept),
  () => titleStatement(parents, movies),
  () => releaseStatement(parents, movies),
  () => posterStatement(parents, movies, kept),
];

function textStatement(parents: Parents, movies: readonly TranslatedMovie[], kept: KeptLanguages) {
  const rows = movies.flatMap(({ movie_id, translations }) =>
    translations
      .filter(({ language }) => isKept(kept, language))
      .map((translation) => ({ movie_id, ...translation })),
  );
  return answeredStatement(parents, {
    table: 'movie_translations',
    rows,
    key: { language: 'text' },
    values: { title: 'text', overview: 'text', tagline: 'text', homepage: 'text', runtime: 'int' },
  });
}

function titleStatement(parents: Parents, movies: readonly TranslatedMovie[]) {
  const rows = movies.flatMap(({ movie_id, alternative_titles }) =>
    alternative_titles.map((title, position) => ({ movie_id, position, ...title })),
  );
  return answeredStatement(parents, {
    table: 'movie_alternative_titles',
    rows,
    key: { position: 'smallint' },
    values: { country: 'text', title: 'text', type: 'text' },
  });
}

function releaseStatement(parents: Parents, movies: readonly TranslatedMovie[]) {
  const rows = movies.flatMap(({ movie_id, releases }) =>
    releases.map((release) => ({ movie_id, ...release })),
  );
  return answeredStatement(parents, {
    table: 'movie_releases',
    rows,
    key: { country: 'text' },
    values: { release_date: 'date', certification: 'text', min_age: 'smallint' },
  });
}

function posterStatement(parents: Parents, movies: readonly TranslatedMovie[], kept: KeptLanguages) {
  const rows = movies.flatMap(({ movie_id, posters }) => {
    const shown = posters.filter(({ language }) => isCodeKept(kept, language));
    const byLanguage = Object.fromEntries(shown.map(({ language, path }) => [language, path]));
    return shown.length === 0 ? [] : [{ movie_id, posters: JSON.stringify(byLanguage) }];
  });
  return answeredStatement(parents, {
    table: 'movie_posters',
    rows,
    key: {},
    values: { posters: 'jsonb' },
  });
}
