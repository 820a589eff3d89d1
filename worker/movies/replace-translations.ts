import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { isCodeKept, isKept, type KeptLanguages } from '#shared/languages/kept-languages.ts';
import type { Sql } from '#worker/store/write-transaction.ts';
import type { MirroredMovie } from '../tmdb/wire/mirrored-movie.ts';

export type TranslatedMovie = Pick<
  MirroredMovie,
  'translations' | 'alternative_titles' | 'releases' | 'posters'
> & { movie_id: string };

/** The tables that it fills. */
export const translationTables = [
  'movie_translations',
  'movie_alternative_titles',
  'movie_releases',
  'movie_posters',
] as const;

/**
 * Writes what movies are called, what they are about and what their posters are in the kept languages, and when they
 * came out elsewhere. Nothing of it may be there.
 */
export async function insertTranslations(
  on: Sql,
  movies: readonly TranslatedMovie[],
  languages: KeptLanguages,
): Promise<void> {
  const translations = movies.flatMap(({ movie_id, translations }) =>
    translations
      .filter(({ language }) => isKept(languages, language))
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
  const releases = movies.flatMap(({ movie_id, releases }) =>
    releases.map((release) => ({ movie_id, ...release })),
  );
  if (releases.length > 0)
    await runStatement(
      on,
      sql`
      insert into movie_releases (movie_id, country, release_date, certification, min_age)
      select movie_id, country, release_date, certification, min_age
      from json_to_recordset(${JSON.stringify(releases)}::json) as i(movie_id bigint, country text, release_date date,
        certification text, min_age smallint)`,
    );
  const posters = movies.flatMap(({ movie_id, posters }) => {
    const kept = posters.filter(({ language }) => isCodeKept(languages, language));
    const byLanguage = Object.fromEntries(kept.map(({ language, path }) => [language, path]));
    return kept.length === 0 ? [] : [{ movie_id, posters: byLanguage }];
  });
  if (posters.length > 0)
    await runStatement(
      on,
      sql`
      insert into movie_posters (movie_id, posters) select movie_id, posters
      from json_to_recordset(${JSON.stringify(posters)}::json) as i(movie_id bigint, posters jsonb)`,
    );
  await forgetLostTitles(
    on,
    movies.map(({ movie_id }) => movie_id),
  );
}

/** The triggers write what movies are found by only where there is something: what a movie has no more is left. */
async function forgetLostTitles(on: Sql, movieIds: readonly string[]): Promise<void> {
  await runStatement(
    on,
    sql`
    delete from movie_other_titles o where o.movie_id = any(${movieIds}::bigint[]) and case o.kind
      when 0 then not exists (select 1 from movie_translations t where t.movie_id = o.movie_id and t.title <> '')
      else not exists (select 1 from movie_alternative_titles a where a.movie_id = o.movie_id and a.title <> '') end`,
  );
}
