import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { isKept, type KeptLanguages } from '#shared/languages/kept-languages.ts';
import type { Sql } from '#worker/store/write-transaction.ts';
import type { MirroredMovie } from '../tmdb/wire/mirrored-movie.ts';

export type TranslatedMovie = Pick<MirroredMovie, 'translations' | 'alternative_titles'> & {
  movie_id: string;
};

/** Writes what movies are called and what they are about elsewhere, in the kept languages. Nothing of it may be there. */
export async function insertTranslations(
  on: Sql,
  movies: readonly TranslatedMovie[],
  kept: KeptLanguages,
): Promise<void> {
  const translations = movies.flatMap(({ movie_id, translations }) =>
    translations
      .filter(({ language }) => isKept(kept, language))
      .map((translation) => ({ movie_id, ...translation })),
  );
  if (translations.length > 0)
    await runStatement(
      on,
      sql`
      insert into movie_translations (movie_id, language, title, overview, tagline, homepage, runtime)
      select movie_id, language, title, overview, tagline, homepage, runtime
      from json_to_recordset(${JSON.stringify(translations)}::json) as i(movie_id bigint, language text, title text,
        overview text, tagline text, homepage text, runtime int)`,
    );
  const titles = movies.flatMap(({ movie_id, alternative_titles }) =>
    alternative_titles.map((title, position) => ({ movie_id, position, ...title })),
  );
  if (titles.length > 0)
    await runStatement(
      on,
      sql`
      insert into movie_alternative_titles (movie_id, position, country, title, type)
      select movie_id, position, country, title, type
      from json_to_recordset(${JSON.stringify(titles)}::json)
        as i(movie_id bigint, position smallint, country text, title text, type text)`,
    );
}
